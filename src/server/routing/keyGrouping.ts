/**
 * How the keys of MGET, MSET and their like are divided into messages: the flag `bulk-shards`. Either way each key is in exactly one
 * group, all keys of a group live on one shard, and the keys of one shard keep the client's order.
 */
import type { Arguments } from '../commands/arguments.ts';
import type { ShardPosition } from './slots.ts';

export interface KeyGroup {
  readonly shard: number;
  /** Indices of the keys among the arguments, ascending. */
  readonly keys: number[];
}

/** @param step from one key to the next, beginning at argument `firstKey`: 2 where a value follows each key */
export type KeyGrouping = (
  args: Arguments,
  firstKey: number,
  step: number,
  position: ShardPosition,
) => KeyGroup[];
