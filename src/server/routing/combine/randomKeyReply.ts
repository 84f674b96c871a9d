/** RANDOMKEY over shards: each draws a key of its own, and one of them is taken with the weight of its shard's count of keys. */
import type { Rng } from '../../../ports/rng.ts';
import { Arguments } from '../../commands/arguments.ts';
import type { ShardPosition } from '../slots.ts';
import { allIndices, type Part, type Split } from '../split.ts';
import { isNil, lineNumber } from './replyBytes.ts';

export function splitRandomKey(args: Arguments, { count }: ShardPosition, rng: Rng): Split {
  const size = new Arguments();
  size.buffer = Buffer.from('DBSIZE', 'latin1');
  size.push(0, size.buffer.length);
  const parts: Part[] = [];
  for (let shard = 0; shard < count; shard++) {
    parts.push({ shard, source: args, indices: allIndices(args) }, { shard, source: size, indices: [0] });
  }
  return { parts, isCheckedHere: false, combine: (replies) => weighted(replies, rng) };
}

/** Replies in pairs: a key, and how many there are where it is from. */
function weighted(replies: readonly Uint8Array[], rng: Rng): Uint8Array {
  let total = 0;
  let chosen = replies[0]!;
  for (let i = 0; i < replies.length; i += 2) {
    const key = replies[i]!;
    // All that a shard counts may have expired without having been removed.
    if (isNil(key)) continue;
    const keyCount = Math.max(1, lineNumber(replies[i + 1]!, 0));
    total += keyCount;
    if (rng.float() * total < keyCount) chosen = key;
  }
  return chosen;
}
