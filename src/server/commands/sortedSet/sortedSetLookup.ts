/** How sorted set commands reach the sorted set under a key. */
import { type Ref, ValueType } from '../../keyspace/keyspace.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import type { SortedSetValue } from '../../keyspace/value/sortedSet/sortedSetValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';

/** Undefined: no such key. Null: the key holds something else and the error has been sent. */
export type SortedSetLookup = SortedSetValue | undefined | null;

/** The sorted set of an entry, 0 for none. */
export function sortedSetOf({ db, reply, server }: CommandContext, ref: Ref): SortedSetLookup {
  if (ref === 0) return undefined;
  if (db.keyspace.type(ref) === ValueType.zset) return server.openSortedSets.open(db.keyspace, ref);
  reply.error(WRONG_TYPE);
  return null;
}

/** For commands that read the sorted set at argument `index`. */
export const readSortedSet = (context: CommandContext, args: Arguments, index = 1): SortedSetLookup =>
  sortedSetOf(context, context.db.lookupRead(args, index));

/** The argument, to be looked for in a sorted set or put into one. */
export const memberAt = (args: Arguments, index: number): Probe =>
  new Probe(args.buffer, args.starts[index]!, args.ends[index]!);
