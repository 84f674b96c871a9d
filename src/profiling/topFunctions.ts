/** The functions that matter most in a flamegraph, as a table beside it and on the terminal. */
import type { Frame } from './cpuProfile.ts';
import type { Measured } from './flameNodes.ts';
import { frameKey } from './stackTree.ts';

/** One side of a flamegraph: what was profiled, in the unit that makes sides comparable. */
export interface Side extends Measured {
  readonly name: string;
  readonly unit: string;
}

export interface TopFunction extends Frame {
  /** Own time in the side's unit; of two sides the reference's first. */
  readonly values: readonly number[];
  /** Of the candidate, 0 .. 1. */
  readonly share: number;
}

/** Those with the most own time; of two sides those whose own time differs most, what has vanished included. */
export function topFunctions(
  candidate: Measured,
  before: Measured | undefined,
  count: number,
): TopFunction[] {
  const { tree, perUnit } = candidate;
  if (before === undefined)
    return tree
      .topFrames(count)
      .map(({ frame, self, share }) => ({ ...frame, values: [self * perUnit], share }));
  const all = Number.POSITIVE_INFINITY;
  const byKey = new Map(before.tree.topFrames(all).map((each) => [frameKey(each.frame), each]));
  const rows = tree.topFrames(all).map(({ frame, self, share }): TopFunction => {
    const key = frameKey(frame);
    const was = byKey.get(key)?.self ?? 0;
    byKey.delete(key);
    return { ...frame, values: [was * before.perUnit, self * perUnit], share };
  });
  for (const { frame, self } of byKey.values())
    rows.push({ ...frame, values: [self * before.perUnit, 0], share: 0 });
  return rows
    .sort((a, b) => Math.abs(b.values[1]! - b.values[0]!) - Math.abs(a.values[1]! - a.values[0]!))
    .slice(0, count);
}
