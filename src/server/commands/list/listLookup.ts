/** How list commands reach the list under a key. */
import { type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { ListValue } from '../../keyspace/value/list/listValue.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';

/** Undefined: no such key. Null: the key holds something else and the error has been sent. */
export type ListLookup = ListValue | undefined | null;

/** The list of an entry, 0 for none. */
export function listOf({ db, reply, server }: CommandContext, ref: Ref): ListLookup {
  if (ref === 0) return undefined;
  if (db.keyspace.type(ref) === ValueType.list) return server.openLists.open(db.keyspace, ref);
  reply.error(WRONG_TYPE);
  return null;
}

/** For commands that read the list at argument `index`. */
export const readList = (context: CommandContext, args: Arguments, index = 1): ListLookup =>
  listOf(context, context.db.lookupRead(args, index));

/** The argument, to be looked for in a list or put into one. */
export const elementAt = (args: Arguments, index: number): Probe =>
  new Probe(args.buffer, args.starts[index]!, args.ends[index]!);

/** LEFT is the head; undefined once the error has been sent. */
export function readsHead({ reply }: CommandContext, args: Arguments, index: number): boolean | undefined {
  if (args.is(index, 'LEFT')) return true;
  if (args.is(index, 'RIGHT')) return false;
  reply.error('ERR syntax error');
  return undefined;
}
