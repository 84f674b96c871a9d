/** What a shard among several is given besides its ports. A server of one shard has none of it. */
import type { Mailbox } from '../../ports/mailbox.ts';
import type { ShardPosition } from './slots.ts';

export interface ShardPlacement {
  readonly position: ShardPosition;
  readonly mailbox: Mailbox;
  /** One cell, in memory that all shards share: connections open on all of them, for `maxclients`. */
  readonly connectionCount: Int32Array;
}
