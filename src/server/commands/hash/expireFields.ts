/** HEXPIRE, HPEXPIRE, HEXPIREAT and HPEXPIREAT: one expiry for several fields, an answer for each. */

import { parseInt64 } from '../../../base/integer.ts';
import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { HashValue } from '../../keyspace/value/hashValue.ts';
import type { Arguments } from '../arguments.ts';
import type { ArgumentDoc, CommandContext } from '../command.ts';
import { invalidExpireTime, NOT_AN_INTEGER } from '../errors.ts';
import { fieldsAt, fieldsDoc } from './fieldsArgument.ts';
import { removeEmptied, writeHash } from './hashLookup.ts';

/** Redis keeps 48 bits for an expiry and accepts a quarter of their range. */
const EXPIRE_AT_MS_MAX = 2 ** 46 - 1;

const NO_FIELD = -2;
const CONDITION_NOT_MET = 0;
const UPDATED = 1;
const DELETED = 2;

export const expiryConditionDoc: ArgumentDoc = {
  name: 'condition',
  type: 'oneof',
  flags: ['optional'],
  arguments: [
    { name: 'nx', type: 'pure-token', token: 'NX' },
    { name: 'xx', type: 'pure-token', token: 'XX' },
    { name: 'gt', type: 'pure-token', token: 'GT' },
    { name: 'lt', type: 'pure-token', token: 'LT' },
  ],
};

/** Arguments of the four commands, the time's own apart. */
export const expireFieldsDoc = (timeName: string, type: 'integer' | 'unix-time'): ArgumentDoc[] => [
  { name: 'key', type: 'key', keySpecIndex: 0 },
  { name: timeName, type },
  expiryConditionDoc,
  fieldsDoc,
];

const CONDITIONS = ['NX', 'XX', 'GT', 'LT'] as const;
type Condition = (typeof CONDITIONS)[number] | undefined;

/** The expiry at argument 2 as absolute ms, or -1 if an error has been sent. */
function readExpireAtMs(
  context: CommandContext,
  args: Arguments,
  baseMs: number,
  unitMs: number,
  commandName: string,
): number {
  const { reply } = context;
  const given = parseInt64(args.buffer, args.starts[2]!, args.ends[2]!);
  if (given === undefined) reply.error(NOT_AN_INTEGER);
  else if (given < 0n) reply.error('ERR invalid expire time, must be >= 0');
  else if (given > BigInt(Math.floor(EXPIRE_AT_MS_MAX / unitMs))) reply.error(invalidExpireTime(commandName));
  else if (Number(given) * unitMs > EXPIRE_AT_MS_MAX - baseMs) reply.error(invalidExpireTime(commandName));
  else return Number(given) * unitMs + baseMs;
  return -1;
}

/** Whether the condition lets `expireAtMs` take the place of `previousMs`. */
function conditionMet(condition: Condition, previousMs: number, expireAtMs: number): boolean {
  if (previousMs === NO_EXPIRY) return condition !== 'XX' && condition !== 'GT';
  if (condition === 'NX') return false;
  if (condition === 'GT') return previousMs < expireAtMs;
  if (condition === 'LT') return previousMs > expireAtMs;
  return true;
}

/** A field past its expiry that nobody has removed yet is given a new one like any other: so does Redis. */
function expireField(
  context: CommandContext,
  args: Arguments,
  index: number,
  hash: HashValue,
  expireAtMs: number,
  condition: Condition,
): number {
  const ref = hash.find(args.buffer, args.starts[index]!, args.ends[index]!);
  if (ref === 0) return NO_FIELD;
  if (!conditionMet(condition, hash.expireAtMs(ref), expireAtMs)) return CONDITION_NOT_MET;
  if (expireAtMs <= context.nowMs) {
    hash.remove(ref);
    context.server.stats.expiredFields++;
    return DELETED;
  }
  hash.setExpireAt(ref, expireAtMs);
  return UPDATED;
}

/** `baseMs` is what the time at argument 2 counts from, `unitMs` its unit. */
export function expireFields(
  context: CommandContext,
  args: Arguments,
  baseMs: number,
  unitMs: number,
  commandName: string,
): void {
  const { db, reply, server } = context;
  const hash = writeHash(context, args);
  if (hash === null) return;
  const expireAtMs = readExpireAtMs(context, args, baseMs, unitMs, commandName);
  if (expireAtMs < 0) return;
  const condition = CONDITIONS.find((word) => args.is(3, word));
  const fieldsIndex = condition === undefined ? 3 : 4;
  const fields = fieldsAt(context, args, fieldsIndex, 'ERR Parameter `numFields` should be greater than 0');
  if (fields === 0) return;
  reply.array(fields);
  hash?.allowFieldExpiry();
  let deleted = 0;
  let updated = 0;
  for (let i = fieldsIndex + 2; i < args.count; i++) {
    const result = hash === undefined ? NO_FIELD : expireField(context, args, i, hash, expireAtMs, condition);
    if (result === UPDATED || result === DELETED) server.dirty++;
    if (result === DELETED) deleted++;
    if (result === UPDATED) updated++;
    reply.integer(result);
  }
  if (hash === undefined) return;
  if (deleted > 0 || updated > 0) db.changed(args, 1, EventClass.hash, deleted > 0 ? 'hdel' : 'hexpire');
  if (deleted > 0 && hash.length === 0) removeEmptied(context, args);
  else db.fieldDeadlines.watch(hash, db.keyspace, args.buffer, args.starts[1]!, args.ends[1]!);
}
