/** The commands that are split by their keys: each key is looked after where it lives. */
import type { Arguments } from '../commands/arguments.ts';
import { agreement, type Combine, interleaving, sumOfIntegers } from './combine/keyReplies.ts';
import type { KeyGroup, KeyGrouping } from './keyGrouping.ts';
import type { ShardPosition } from './slots.ts';
import type { Split } from './split.ts';

export interface KeySplitRule {
  readonly firstKey: number;
  /** From one key to the next. */
  readonly step: number;
  readonly combine: (groups: readonly KeyGroup[], keyCount: number) => Combine;
}

const summed: KeySplitRule = { firstKey: 1, step: 1, combine: () => sumOfIntegers };

const interleaved = (firstKey: number): KeySplitRule => ({
  firstKey,
  step: 1,
  combine: (groups, keyCount) =>
    interleaving(
      groups.map(({ keys }) => keys.map((key) => key - firstKey)),
      keyCount,
    ),
});

export const KEY_SPLITS: ReadonlyMap<string, KeySplitRule> = new Map<string, KeySplitRule>([
  ['mget', interleaved(1)],
  ['mset', { firstKey: 1, step: 2, combine: () => agreement }],
  ['del', summed],
  ['unlink', summed],
  ['exists', summed],
  ['touch', summed],
  // A subcommand that its container's record does not list; the router knows which argument names it.
  ['debug|digest-value', interleaved(2)],
]);

/** Undefined if the arguments do not come in whole steps: the command itself says what is wrong. */
export function splitByKeys(
  rule: KeySplitRule,
  args: Arguments,
  position: ShardPosition,
  grouping: KeyGrouping,
): Split | undefined {
  const { firstKey, step } = rule;
  const keyWords = args.count - firstKey;
  if (keyWords <= 0 || keyWords % step !== 0) return undefined;
  const groups = grouping(args, firstKey, step, position);
  const parts = groups.map(({ shard, keys }) => {
    const indices = Array.from({ length: firstKey }, (_, i) => i);
    for (const key of keys) for (let i = 0; i < step; i++) indices.push(key + i);
    return { shard, source: args, indices };
  });
  return { parts, isCheckedHere: false, combine: rule.combine(groups, keyWords / step) };
}
