/** What TTL, PTTL, EXPIRETIME and PEXPIRETIME share. */
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { readUntouched } from './keyLookup.ts';

const ABSENT = -2;
const PERSISTENT = -1;

/** Answers the expiry of the key at argument 1, counted from `baseMs`, in units of `unitMs`, rounded to the nearest. */
export function replyExpiry(
  context: CommandContext,
  args: Arguments,
  baseMs: number,
  unitMs: 1 | 1000,
): void {
  const { db, reply } = context;
  const ref = readUntouched(context, args, 1);
  if (ref === 0) {
    reply.integer(ABSENT);
    return;
  }
  const expireAtMs = db.keyspace.expireAtMs(ref);
  if (expireAtMs === NO_EXPIRY) reply.integer(PERSISTENT);
  else if (unitMs === 1) reply.integer(expireAtMs - baseMs);
  else reply.integer(Math.floor((expireAtMs - baseMs + 500) / 1000));
}
