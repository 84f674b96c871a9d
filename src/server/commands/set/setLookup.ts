/** How set commands reach the set under a key. */
import { type Ref, ValueType } from '../../keyspace/keyspace.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import type { FirstForm, SetLimits, SetValue } from '../../keyspace/value/set/setValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { WRONG_TYPE } from '../errors.ts';

/** Undefined: no such key. Null: the key holds something else and the error has been sent. */
export type SetLookup = SetValue | undefined | null;

/** The set of an entry, 0 for none. */
export function setOf({ db, reply, server }: CommandContext, ref: Ref): SetLookup {
  if (ref === 0) return undefined;
  if (db.keyspace.type(ref) === ValueType.set) return server.openSets.open(db.keyspace, ref);
  reply.error(WRONG_TYPE);
  return null;
}

/** For commands that read the set at argument `index`. */
export const readSet = (context: CommandContext, args: Arguments, index = 1): SetLookup =>
  setOf(context, context.db.lookupRead(args, index));

/** The argument, to be looked for in a set or put into one. */
export const memberAt = (args: Arguments, index: number): Probe =>
  new Probe(args.buffer, args.starts[index]!, args.ends[index]!);

/** The form in which a set begins whose first member is this, of about `count`. */
export function firstForm(member: Probe, count: number, limits: SetLimits): FirstForm {
  if (member.isInteger && count <= limits.integersMax) return 'intset';
  return count <= limits.entriesMax ? 'listpack' : 'hashtable';
}
