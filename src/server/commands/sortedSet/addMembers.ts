/** ZADD and ZINCRBY. */
import { parseDouble } from '../../../base/double.ts';
import { EventClass } from '../../events/eventClasses.ts';
import type { Arguments } from '../arguments.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import { NOT_A_FLOAT, SYNTAX_ERROR } from '../errors.ts';
import { memberAt, sortedSetOf } from './sortedSetLookup.ts';

export const NOT_A_NUMBER = 'ERR resulting score is not a number (NaN)';

interface Options {
  nx: boolean;
  xx: boolean;
  gt: boolean;
  lt: boolean;
  /** Reply with the members changed, not only those added. */
  ch: boolean;
  incr: boolean;
}

/** Where the scores begin. */
function readOptions(args: Arguments, options: Options): number {
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, 'NX')) options.nx = true;
    else if (args.is(i, 'XX')) options.xx = true;
    else if (args.is(i, 'CH')) options.ch = true;
    else if (args.is(i, 'INCR')) options.incr = true;
    else if (args.is(i, 'GT')) options.gt = true;
    else if (args.is(i, 'LT')) options.lt = true;
    else return i;
  }
  return args.count;
}

function conflictOf({ gt, incr, lt, nx, xx }: Options, pairs: number): string | undefined {
  if (nx && xx) return 'ERR XX and NX options at the same time are not compatible';
  if ((gt && nx) || (lt && nx) || (gt && lt))
    return 'ERR GT, LT, and/or NX options at the same time are not compatible';
  if (incr && pairs > 1) return 'ERR INCR option supports a single increment-element pair';
  return undefined;
}

export function addMembers(context: CommandContext, args: Arguments, incr: boolean): void {
  const { db, reply, server } = context;
  const options: Options = { nx: false, xx: false, gt: false, lt: false, ch: false, incr };
  const first = readOptions(args, options);
  const pairs = (args.count - first) / 2;
  if (pairs === 0 || !Number.isInteger(pairs)) return reply.error(SYNTAX_ERROR);
  const conflict = conflictOf(options, pairs);
  if (conflict !== undefined) return reply.error(conflict);
  const scores: number[] = [];
  for (let i = first; i < args.count; i += 2) {
    const score = parseDouble(args.buffer, args.starts[i]!, args.ends[i]!);
    if (Number.isNaN(score)) return reply.error(NOT_A_FLOAT);
    scores.push(score);
  }
  const ref = db.lookupWrite(args, 1);
  const found = sortedSetOf(context, ref);
  if (found === null) return;
  if (found === undefined && options.xx) return options.incr ? reply.nil() : reply.integer(0);
  const set = found ?? server.openSortedSets.create();
  const limits = server.sortedSetLimits;
  // Redis chooses a new set's form by its first member alone.
  set.prepare(pairs, found === undefined ? args.length(first + 1) : 0, limits);
  let added = 0;
  let updated = 0;
  let processed = 0;
  let score = 0;
  let isNan = false;
  for (let i = 0; i < pairs; i++) {
    const member = memberAt(args, first + 2 * i + 1);
    const current = set.score(member);
    score = scores[i]!;
    if (current === undefined) {
      if (options.xx) continue;
      set.set(member, score, limits);
      added++;
      processed++;
      continue;
    }
    if (options.nx) continue;
    if (options.incr) score += current;
    isNan = Number.isNaN(score);
    if (isNan) break;
    if ((options.lt && score >= current) || (options.gt && score <= current)) continue;
    processed++;
    if (score === current) continue;
    set.set(member, score, limits);
    updated++;
  }
  storeBack(context, args, 1, ref, set);
  server.dirty += added + updated;
  if (added + updated > 0) db.changed(args, 1, EventClass.zset, options.incr ? 'zincr' : 'zadd');
  if (isNan) reply.error(NOT_A_NUMBER);
  else if (!options.incr) reply.integer(options.ch ? added + updated : added);
  else if (processed > 0) reply.double(score);
  else reply.nil();
}
