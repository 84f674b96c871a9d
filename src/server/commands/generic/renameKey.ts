/** RENAME and RENAMENX. */
import { EventClass } from '../../events/eventClasses.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { sameKey } from './keyLookup.ts';
import { placeValue, takeValue } from './keyTransfer.ts';

/** `kept`: both names are the same, or the new one is taken and must not be replaced. */
export type RenameOutcome = 'absent' | 'kept' | 'renamed';

/** Gives the key at argument 1 the name in argument 2; its expiry goes with it. */
export function renameKey(context: CommandContext, args: Arguments, replaces: boolean): RenameOutcome {
  const { db, server } = context;
  if (db.lookupWrite(args, 1) === 0) return 'absent';
  if (sameKey(args, 1, 2)) return 'kept';
  if (db.lookupWrite(args, 2) !== 0 && !replaces) return 'kept';
  // Looking the new name up may have removed an expired entry, and with it the validity of the first reference.
  const ref = db.peek(args, 1);
  const expireAtMs = db.keyspace.expireAtMs(ref);
  placeValue(db, args, 2, takeValue(db.keyspace, ref), expireAtMs);
  server.dirty++;
  db.changed(args, 1, EventClass.generic, 'rename_from');
  db.changed(args, 2, EventClass.generic, 'rename_to');
  return 'renamed';
}
