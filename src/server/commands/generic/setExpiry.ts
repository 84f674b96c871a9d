/** What EXPIRE, PEXPIRE, EXPIREAT and PEXPIREAT share: the instant, its conditions, and deletion when it lies in the past. */

import { INT64_MAX, INT64_MIN } from '../../../base/integer.ts';
import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { invalidExpireTime, NOT_AN_INTEGER } from '../errors.ts';

interface Conditions {
  nx: boolean;
  xx: boolean;
  gt: boolean;
  lt: boolean;
}

/** The options from argument 3 on; undefined once the error has been sent. */
function parseConditions(context: CommandContext, args: Arguments): Conditions | undefined {
  const { reply } = context;
  const conditions = { nx: false, xx: false, gt: false, lt: false };
  for (let i = 3; i < args.count; i++) {
    if (args.is(i, 'NX')) conditions.nx = true;
    else if (args.is(i, 'XX')) conditions.xx = true;
    else if (args.is(i, 'GT')) conditions.gt = true;
    else if (args.is(i, 'LT')) conditions.lt = true;
    else {
      reply.error(`ERR Unsupported option ${args.text(i)}`);
      return undefined;
    }
  }
  const { nx, xx, gt, lt } = conditions;
  if (nx && (xx || gt || lt)) {
    reply.error('ERR NX and XX, GT or LT options at the same time are not compatible');
    return undefined;
  }
  if (gt && lt) {
    reply.error('ERR GT and LT options at the same time are not compatible');
    return undefined;
  }
  return conditions;
}

/**
 * The instant in argument 2, ms since the epoch, possibly in the past; undefined once the error has been sent.
 * Redis's limit is 64 bits; instants beyond 2^53 ms (year 287,000) become 2^53 - 1.
 */
function parseInstant(
  context: CommandContext,
  args: Arguments,
  unitMs: 1 | 1000,
  baseMs: number,
  name: string,
): number | undefined {
  const safe = args.integer(2) * unitMs + baseMs;
  if (Number.isSafeInteger(safe)) return safe;
  const amount = args.int64(2);
  if (amount === undefined) {
    context.reply.error(NOT_AN_INTEGER);
    return undefined;
  }
  const wideUnit = BigInt(unitMs);
  const base = BigInt(baseMs);
  const overflows =
    amount > INT64_MAX / wideUnit || amount < INT64_MIN / wideUnit || amount * wideUnit > INT64_MAX - base;
  if (overflows) {
    context.reply.error(invalidExpireTime(name));
    return undefined;
  }
  return amount > 0n ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
}

/** Sets the expiry of the key at argument 1 to `baseMs` plus argument 2 in units of `unitMs`. `name` is for error texts. */
export function setExpiry(
  context: CommandContext,
  args: Arguments,
  unitMs: 1 | 1000,
  baseMs: number,
  name: string,
): void {
  const { db, reply, server } = context;
  const conditions = args.count > 3 ? parseConditions(context, args) : undefined;
  if (args.count > 3 && conditions === undefined) return;
  const expireAtMs = parseInstant(context, args, unitMs, baseMs, name);
  if (expireAtMs === undefined) return;
  const ref = db.lookupWrite(args, 1);
  if (
    ref === 0 ||
    (conditions !== undefined && !holds(conditions, db.keyspace.expireAtMs(ref), expireAtMs))
  ) {
    reply.integer(0);
    return;
  }
  const isOver = expireAtMs <= context.nowMs;
  if (isOver) db.keyspace.remove(ref);
  else db.setExpireAt(ref, expireAtMs);
  server.dirty++;
  db.changed(args, 1, EventClass.generic, isOver ? 'del' : 'expire');
  reply.integer(1);
}

/** No expiry counts as one infinitely far away, for GT and LT alike. */
function holds(conditions: Conditions, currentMs: number, nextMs: number): boolean {
  const { nx, xx, gt, lt } = conditions;
  if (currentMs === NO_EXPIRY) return !xx && !gt;
  return !nx && !(gt && nextMs <= currentMs) && !(lt && nextMs >= currentMs);
}
