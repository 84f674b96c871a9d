/** Taking members from the ends of sorted sets: ZPOPMIN, ZPOPMAX, ZMPOP and the blocking forms. */
import { EventClass } from '../../events/eventClasses.ts';
import { type Ref, ValueType } from '../../keyspace/keyspace.ts';
import type { SortedSetValue } from '../../keyspace/value/sortedSet/sortedSetValue.ts';
import type { Arguments } from '../arguments.ts';
import { readDeadlineSec, waitForKeys } from '../blocking.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { NOT_POSITIVE, readIntegerFrom } from '../integers.ts';
import { sortedSetOf } from './sortedSetLookup.ts';

/** Takes up to `count` members, each handed to `said` before it goes. */
function take(
  context: CommandContext,
  args: Arguments,
  index: number,
  ref: Ref,
  set: SortedSetValue,
  fromMax: boolean,
  count: number,
  said: (member: Uint8Array, score: number) => void,
): void {
  const { db, server } = context;
  const taken = Math.min(count, set.length);
  const { length } = set;
  set.visit(fromMax ? length - 1 : 0, taken, fromMax, (member, score) => {
    said(member, score);
    return true;
  });
  const isGone = taken === length;
  if (isGone) db.keyspace.remove(ref);
  else {
    set.removeRange(fromMax ? length - taken : 0, taken);
    storeBack(context, args, index, ref, set);
  }
  server.dirty += taken;
  db.changed(args, index, EventClass.zset, fromMax ? 'zpopmax' : 'zpopmin');
  if (isGone) db.changed(args, index, EventClass.generic, 'del');
}

/** ZPOPMIN and ZPOPMAX. */
export function popMembers(context: CommandContext, args: Arguments, fromMax: boolean): void {
  const { db, reply } = context;
  if (args.count > 3) return reply.error(SYNTAX_ERROR);
  const hasCount = args.count === 3;
  const count = hasCount ? readIntegerFrom(context, args, 2, 0, NOT_POSITIVE) : 1;
  if (count === undefined) return;
  const ref = db.lookupWrite(args, 1);
  const set = sortedSetOf(context, ref);
  if (set === null) return;
  if (set === undefined || count === 0) return reply.array(0);
  const taken = Math.min(count, set.length);
  const isNested = hasCount && reply.protocol === 3;
  reply.array(isNested ? taken : taken * 2);
  take(context, args, 1, ref, set, fromMax, taken, (member, score) => {
    if (isNested) reply.array(2);
    reply.bulk(member);
    reply.double(score);
  });
}

/** BZPOPMIN and BZPOPMAX. */
export function blockingPop(context: CommandContext, args: Arguments, fromMax: boolean): void {
  const { db, reply } = context;
  const last = args.count - 1;
  const deadlineMs = readDeadlineSec(context, args, last);
  if (deadlineMs === undefined) return;
  for (let index = 1; index < last; index++) {
    const ref = db.lookupWrite(args, index);
    const set = sortedSetOf(context, ref);
    if (set === undefined) continue;
    if (set === null) return;
    reply.array(3);
    reply.bulk(args.buffer, args.starts[index]!, args.ends[index]!);
    take(context, args, index, ref, set, fromMax, 1, (member, score) => {
      reply.bulk(member);
      reply.double(score);
    });
    context.server.propagation?.instead([fromMax ? 'ZPOPMAX' : 'ZPOPMIN', args.copy(index)]);
    return;
  }
  const keyIndices = Array.from({ length: last - 1 }, (_, i) => i + 1);
  waitForKeys(context, args, { keyIndices, type: ValueType.zset, deadlineMs });
}

/** What ZMPOP and BZMPOP ask for. */
export interface ManyPop {
  readonly keyIndices: readonly number[];
  readonly fromMax: boolean;
  readonly count: number;
}

/** `numkeys key [key ...] MIN|MAX [COUNT count]` from argument `index` on; undefined once the error has been sent. */
export function readManyPop(context: CommandContext, args: Arguments, index: number): ManyPop | undefined {
  const { reply } = context;
  const keyCount = readIntegerFrom(context, args, index, 1, 'ERR numkeys should be greater than 0');
  if (keyCount === undefined) return undefined;
  const sideIndex = index + keyCount + 1;
  const fromMax = sideIndex < args.count && args.is(sideIndex, 'MAX');
  if (sideIndex >= args.count || (!fromMax && !args.is(sideIndex, 'MIN'))) {
    reply.error(SYNTAX_ERROR);
    return undefined;
  }
  let count: number | undefined;
  for (let i = sideIndex + 1; i < args.count; i++) {
    if (count !== undefined || !args.is(i, 'COUNT') || i + 1 >= args.count) {
      reply.error(SYNTAX_ERROR);
      return undefined;
    }
    count = readIntegerFrom(context, args, ++i, 1, 'ERR count should be greater than 0');
    if (count === undefined) return undefined;
  }
  const keyIndices = Array.from({ length: keyCount }, (_, i) => index + 1 + i);
  return { keyIndices, fromMax, count: count ?? 1 };
}

/** Takes members from the first sorted set that there is, with its name in the reply; false if there is none, and nothing was said. */
export function popFromFirst(context: CommandContext, args: Arguments, pop: ManyPop): boolean {
  const { db, reply } = context;
  for (const index of pop.keyIndices) {
    const ref = db.lookupWrite(args, index);
    const set = sortedSetOf(context, ref);
    if (set === undefined) continue;
    if (set === null) return true;
    reply.array(2);
    reply.bulk(args.buffer, args.starts[index]!, args.ends[index]!);
    reply.array(Math.min(pop.count, set.length));
    take(context, args, index, ref, set, pop.fromMax, pop.count, (member, score) => {
      reply.array(2);
      reply.bulk(member);
      reply.double(score);
    });
    context.server.propagation?.instead([pop.fromMax ? 'ZPOPMAX' : 'ZPOPMIN', args.copy(index), pop.count]);
    return true;
  }
  return false;
}
