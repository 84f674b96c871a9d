/** HTTL, HPTTL, HEXPIRETIME and HPEXPIRETIME: when each of several fields expires. */
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { HashValue } from '../../keyspace/value/hashValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { FIELD_COUNT_NOT_POSITIVE, fieldsAt } from './fieldsArgument.ts';
import { readHash } from './hashLookup.ts';

const NO_FIELD = -2;
const NO_TTL = -1;

/** Redis's packed form takes a field as gone at the very instant of its expiry, its table only after it. */
function isPast(hash: HashValue, expireAtMs: number, nowMs: number): boolean {
  return hash.encoding() === 'hashtable' ? expireAtMs < nowMs : expireAtMs <= nowMs;
}

function fieldTime(
  hash: HashValue,
  expireAtMs: number,
  nowMs: number,
  baseMs: number,
  unitMs: number,
): number {
  if (expireAtMs === NO_EXPIRY) return NO_TTL;
  if (isPast(hash, expireAtMs, nowMs)) return NO_FIELD;
  return unitMs === 1 ? expireAtMs - baseMs : Math.floor((expireAtMs + unitMs - 1 - baseMs) / unitMs);
}

/** Times count from `baseMs` in units of `unitMs`, begun units in full. Expired fields are left where they are. */
export function replyFieldTimes(
  context: CommandContext,
  args: Arguments,
  baseMs: number,
  unitMs: number,
): void {
  const { nowMs, reply } = context;
  const hash = readHash(context, args);
  if (hash === null) return;
  const fields = fieldsAt(context, args, 2, FIELD_COUNT_NOT_POSITIVE);
  if (fields === 0) return;
  reply.array(fields);
  for (let i = 4; i < args.count; i++) {
    const ref = hash === undefined ? 0 : hash.find(args.buffer, args.starts[i]!, args.ends[i]!);
    if (hash === undefined || ref === 0) reply.integer(NO_FIELD);
    else reply.integer(fieldTime(hash, hash.expireAtMs(ref), nowMs, baseMs, unitMs));
  }
}
