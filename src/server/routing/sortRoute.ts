/**
 * SORT reads keys that its BY and GET patterns make from the elements. Those must live where the sorted key lives, which only a hash tag
 * in the pattern can promise; Redis Cluster makes the same condition.
 */
import type { Arguments } from '../commands/arguments.ts';
import type { ShardPosition } from './slots.ts';

const STAR = 42;
const HASH = 35;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;

const DENIED = (option: string): string =>
  `ERR ${option} option of SORT denied in Cluster mode when keys formed by the pattern may be in different slots.`;

/** The error that a SORT or SORT_RO of a key on `shard` gets for its patterns; undefined if it may run there. */
export function sortRefusal(args: Arguments, shard: number, position: ShardPosition): string | undefined {
  for (let i = 2; i + 1 < args.count; i++) {
    if (args.is(i, 'LIMIT')) {
      i += 2;
    } else if (args.is(i, 'STORE')) {
      i++;
    } else if (args.is(i, 'BY') || args.is(i, 'GET')) {
      const option = args.is(i, 'BY') ? 'BY' : 'GET';
      i++;
      if (leavesShard(args, i, shard, position)) return DENIED(option);
    }
  }
  return undefined;
}

/** True if the pattern in argument `index` can make keys of another shard. */
function leavesShard(args: Arguments, index: number, shard: number, position: ShardPosition): boolean {
  const { buffer } = args;
  const [start, end] = [args.starts[index]!, args.ends[index]!];
  if (end - start === 1 && buffer[start] === HASH) return false;
  // Without a '*' BY makes no key and GET none that exists.
  const star = buffer.indexOf(STAR, start);
  if (star < 0 || star >= end) return false;
  const opening = buffer.indexOf(OPENING_BRACE, start);
  const closing = opening < 0 ? -1 : buffer.indexOf(CLOSING_BRACE, opening + 1);
  const isTagged = opening >= 0 && closing > opening + 1 && closing < end;
  if (!isTagged || (star > opening && star < closing)) return true;
  return position.shardOf(buffer, start, end) !== shard;
}
