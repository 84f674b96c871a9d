/**
 * Which combinations of flags the equivalence tests run: none, all, each alone, and a pairwise covering array over all of them, so that
 * any two flags meet on and off.
 */
import type { Prng } from '../../src/base/prng.ts';
import { AVAILABLE_FLAGS } from '../../src/flags/registry.ts';
import { coveringArray } from './coveringArray.ts';

export interface FlagRow {
  name: string;
  flags: readonly string[];
  shards: number;
}

/** @param shardCounts the levels of the one factor that is no flag; the first is what none, all and each alone run with. */
export function flagRows(prng: Prng, shardCounts: readonly number[]): FlagRow[] {
  const names = AVAILABLE_FLAGS.map((flag) => flag.name);
  const shards = shardCounts[0]!;
  const rows: FlagRow[] = [
    { name: 'none', flags: [], shards },
    { name: 'all', flags: names, shards },
    ...names.map((name) => ({ name: `only ${name}`, flags: [name], shards })),
  ];
  const levels = [...names.map(() => 2), shardCounts.length];
  for (const row of coveringArray(levels, prng)) {
    const flags = names.filter((_, i) => row[i] === 1);
    rows.push({ name: `+${flags.join(',+')}`, flags, shards: shardCounts[row[names.length]!]! });
  }
  return rows.map((row) =>
    row.shards === 1 ? row : { ...row, name: `${row.name} on ${row.shards} shards` },
  );
}
