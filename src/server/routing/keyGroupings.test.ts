/** Both sides of `bulk-shards` divide keys by the same rules. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arguments } from '../commands/arguments.ts';
import { groupPerKey } from './groupPerKey.ts';
import { groupPerShard } from './groupPerShard.ts';
import { ShardPosition } from './slots.ts';

function request(words: readonly string[]): Arguments {
  const args = new Arguments();
  args.buffer = Buffer.from(words.join(''), 'latin1');
  let at = 0;
  for (const word of words) {
    args.push(at, at + word.length);
    at += word.length;
  }
  return args;
}

const keys = fc.array(fc.constantFrom('a', 'b', 'c{x}', 'd{x}', '', 'e', 'f', 'g'), {
  minLength: 1,
  maxLength: 20,
});
const position = new ShardPosition(1, 3);

describe.each([
  ['per key', groupPerKey, (keyCount: number) => keyCount],
  ['per shard', groupPerShard, () => position.count],
] as const)('groups %s', (_, grouping, groupsMax) => {
  it.each([1, 2])('hold each key once, with its shard, in the order of the client, step %i', (step) => {
    fc.assert(
      fc.property(keys, (names) => {
        const words = ['CMD', ...names.flatMap((name) => (step === 1 ? [name] : [name, 'value']))];
        const args = request(words);
        const groups = grouping(args, 1, step, position);
        expect(groups.length).toBeLessThanOrEqual(groupsMax(names.length));
        expect(groups.flatMap((group) => group.keys).toSorted((a, b) => a - b)).toEqual(
          names.map((_name, i) => 1 + i * step),
        );
        for (let shard = 0; shard < position.count; shard++) {
          const ordered = groups.filter((group) => group.shard === shard).flatMap((group) => group.keys);
          expect(ordered).toEqual(ordered.toSorted((a, b) => a - b));
          for (const key of ordered)
            expect(position.shardOf(args.buffer, args.starts[key]!, args.ends[key]!)).toBe(shard);
        }
      }),
    );
  });
});
