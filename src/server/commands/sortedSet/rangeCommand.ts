/** ZRANGE, ZRANGESTORE and the older commands that are cases of them. */
import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import type { SortedSetValue } from '../../keyspace/value/sortedSet/sortedSetValue.ts';
import type { Arguments } from '../arguments.ts';
import { storeNew } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readInteger } from '../integers.ts';
import {
  memberRange,
  NOT_A_MEMBER_RANGE,
  NOT_A_SCORE_RANGE,
  placeRange,
  type RangeOf,
  scoreRange,
} from './rangeBounds.ts';
import { replyMember } from './replyMember.ts';
import { readSortedSet } from './sortedSetLookup.ts';

type By = 'place' | 'score' | 'member';

/** What a command is by its name; undefined is left to its options. */
export interface RangeForm {
  readonly by: By | undefined;
  readonly reversed: boolean | undefined;
  /** The destination is argument 1 then, and the others follow. */
  readonly stores: boolean;
}

interface RangeOptions {
  by: By;
  reversed: boolean;
  withScores: boolean;
  offset: number;
  /** Negative for all. */
  count: number;
}

/** From argument `from` on; undefined once the error has been sent. */
function readOptions(
  context: CommandContext,
  args: Arguments,
  from: number,
  form: RangeForm,
): RangeOptions | undefined {
  const { reply } = context;
  let { by, reversed } = form;
  let withScores = false;
  let offset = 0;
  let count = -1;
  for (let i = from; i < args.count; i++) {
    if (!form.stores && args.is(i, 'WITHSCORES')) withScores = true;
    else if (args.is(i, 'LIMIT') && i + 2 < args.count) {
      const givenOffset = readInteger(context, args, i + 1);
      if (givenOffset === undefined) return undefined;
      const givenCount = readInteger(context, args, i + 2);
      if (givenCount === undefined) return undefined;
      [offset, count] = [givenOffset, givenCount];
      i += 2;
    } else if (reversed === undefined && args.is(i, 'REV')) reversed = true;
    else if (by === undefined && args.is(i, 'BYLEX')) by = 'member';
    else if (by === undefined && args.is(i, 'BYSCORE')) by = 'score';
    else {
      reply.error(SYNTAX_ERROR);
      return undefined;
    }
  }
  by ??= 'place';
  if (count !== -1 && by === 'place')
    reply.error('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  else if (withScores && by === 'member')
    reply.error('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  else return { by, reversed: reversed ?? false, withScores, offset, count };
  return undefined;
}

/** The range in arguments `at` and the next; undefined once the error has been sent. */
function readRange(
  context: CommandContext,
  args: Arguments,
  at: number,
  { by, reversed }: RangeOptions,
): RangeOf | undefined {
  if (by === 'place') return placeRange(context, args, at, at + 1, reversed);
  // Reversed, the upper bound comes first.
  const [min, max] = reversed ? [at + 1, at] : [at, at + 1];
  const range = by === 'score' ? scoreRange(args, min, max) : memberRange(args, min, max);
  if (range === undefined) context.reply.error(by === 'score' ? NOT_A_SCORE_RANGE : NOT_A_MEMBER_RANGE);
  return range;
}

/**
 * How many members are skipped for an offset; `there` for all. A negative one skips all of them, but where Redis has a skip list a range of
 * scores or members counts it from the range's end.
 */
function skippedFor(offset: number, there: number, set: SortedSetValue): number {
  if (offset >= 0) return Math.min(offset, there);
  return set.isPacked || there + offset < 0 ? there : there + offset;
}

/** How many members from which place on, in the direction of the options. */
function select(
  set: SortedSetValue,
  range: RangeOf,
  { by, count, offset, reversed }: RangeOptions,
): { start: number; count: number } {
  const { from, to } = range(set);
  const there = Math.max(to - from, 0);
  // LIMIT 5 -1 is let through for places too, and means nothing there.
  const skipped = by === 'place' ? 0 : skippedFor(offset, there, set);
  const taken = count < 0 ? there - skipped : Math.min(count, there - skipped);
  return { start: reversed ? to - 1 - skipped : from + skipped, count: taken };
}

export function rangeCommand(context: CommandContext, args: Arguments, form: RangeForm): void {
  const keyIndex = form.stores ? 2 : 1;
  const options = readOptions(context, args, keyIndex + 3, form);
  if (options === undefined) return;
  const range = readRange(context, args, keyIndex + 1, options);
  if (range === undefined) return;
  const set = readSortedSet(context, args, keyIndex);
  if (set === null) return;
  const selected = set === undefined ? { start: 0, count: 0 } : select(set, range, options);
  if (form.stores) storeSelected(context, args, set, selected.start, selected.count, options);
  else answer(context, set, selected.start, selected.count, options);
}

function answer(
  { reply }: CommandContext,
  set: SortedSetValue | undefined,
  start: number,
  count: number,
  { reversed, withScores }: RangeOptions,
): void {
  reply.array(withScores && reply.protocol === 2 ? count * 2 : count);
  set?.visit(start, count, reversed, (member, score) => {
    replyMember(reply, member, score, withScores);
    return true;
  });
}

function storeSelected(
  context: CommandContext,
  args: Arguments,
  source: SortedSetValue | undefined,
  start: number,
  count: number,
  { by, reversed }: RangeOptions,
): void {
  const { db, reply, server } = context;
  if (count === 0 || source === undefined) {
    if (db.delete(args, 1)) {
      server.dirty++;
      db.changed(args, 1, EventClass.generic, 'del');
    }
    return reply.integer(0);
  }
  const result = server.openSortedSets.create();
  // Only a range of places says how much is coming.
  result.prepare(by === 'place' ? count : 0, 0, server.sortedSetLimits);
  source.visit(start, count, reversed, (member, score) => {
    result.set(new Probe(member, 0, member.length), score, server.sortedSetLimits);
    return true;
  });
  storeNew(context, args, 1, result, NO_EXPIRY);
  server.dirty++;
  db.changed(args, 1, EventClass.zset, 'zrangestore');
  reply.integer(count);
}
