/** Union, intersection and difference, answered or stored. */
import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import type { SetValue } from '../../keyspace/value/set/setValue.ts';
import type { Arguments } from '../arguments.ts';
import { storeNew } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import { readSet } from './setLookup.ts';

export type SetOperation = 'union' | 'inter' | 'diff';

/** The sets at arguments [from, to), undefined for keys that do not exist; undefined once an error has been sent. */
function readSets(
  context: CommandContext,
  args: Arguments,
  from: number,
  to: number,
): (SetValue | undefined)[] | undefined {
  const sets: (SetValue | undefined)[] = [];
  for (let i = from; i < to; i++) {
    const set = readSet(context, args, i);
    if (set === null) return undefined;
    sets.push(set);
  }
  return sets;
}

/** Members of all sets, until the visitor answers false: the smallest is walked through, the others are asked. */
function intersect(
  sets: readonly SetValue[],
  visitor: (bytes: Uint8Array, start: number, end: number) => boolean,
): void {
  const [smallest, ...others] = sets.toSorted((a, b) => a.length - b.length);
  smallest!.visitWhile((bytes, start, end) => {
    const member = new Probe(bytes, start, end);
    return !others.every((set) => set.has(member)) || visitor(bytes, start, end);
  });
}

/** Members of the first set that are in none of the others. */
function subtract(
  first: SetValue,
  others: readonly SetValue[],
  visitor: (bytes: Uint8Array, start: number, end: number) => void,
): void {
  // The largest is the likeliest to have a member.
  const ordered = others.toSorted((a, b) => b.length - a.length);
  first.visit((bytes, start, end) => {
    const member = new Probe(bytes, start, end);
    if (!ordered.some((set) => set.has(member))) visitor(bytes, start, end);
  });
}

/** The result as a set that belongs to nobody; undefined once an error has been sent. Keys are arguments [from, count). */
function resultOf(
  context: CommandContext,
  args: Arguments,
  from: number,
  operation: SetOperation,
): SetValue | undefined {
  const { openSets, setLimits } = context.server;
  const sets = readSets(context, args, from, args.count);
  if (sets === undefined) return undefined;
  const present = sets.filter((set) => set !== undefined);
  if (operation !== 'inter') {
    const result = openSets.create('intset');
    const add = (bytes: Uint8Array, start: number, end: number): void => {
      result.add(new Probe(bytes, start, end), setLimits);
    };
    if (operation === 'union') for (const set of present) set.visit(add);
    else if (sets[0] !== undefined) subtract(sets[0], present.slice(1), add);
    return result;
  }
  const smallest = present.reduce<SetValue | undefined>(
    (least, set) => (least === undefined || set.length < least.length ? set : least),
    undefined,
  );
  const result = openSets.create(smallest?.encoding() === 'intset' ? 'intset' : 'listpack');
  if (present.length < sets.length) return result;
  intersect(present, (bytes, start, end) => {
    result.add(new Probe(bytes, start, end), setLimits);
    return true;
  });
  result.toIntegersIfFew(setLimits);
  return result;
}

/** SUNION, SINTER, SDIFF. */
export function answerCombined(context: CommandContext, args: Arguments, operation: SetOperation): void {
  const { reply } = context;
  const result = resultOf(context, args, 1, operation);
  if (result === undefined) return;
  reply.set(result.length);
  result.replyAll(reply);
  result.release();
}

/** SUNIONSTORE, SINTERSTORE, SDIFFSTORE: the destination is argument 1. */
export function storeCombined(context: CommandContext, args: Arguments, operation: SetOperation): void {
  const { db, reply, server } = context;
  const result = resultOf(context, args, 2, operation);
  if (result === undefined) return;
  const { length } = result;
  if (length > 0) {
    storeNew(context, args, 1, result, NO_EXPIRY);
    server.dirty++;
    db.changed(args, 1, EventClass.set, `s${operation}store`);
  } else {
    result.release();
    if (db.delete(args, 1)) {
      server.dirty++;
      db.changed(args, 1, EventClass.generic, 'del');
    }
  }
  reply.integer(length);
}

/** SINTERCARD: how many members all sets at arguments [from, to) share, counted up to `limit` (0 for all). */
export function answerSharedCount(
  context: CommandContext,
  args: Arguments,
  from: number,
  to: number,
  limit: number,
): void {
  const sets = readSets(context, args, from, to);
  if (sets === undefined) return;
  const present = sets.filter((set) => set !== undefined);
  let count = 0;
  if (present.length === sets.length)
    intersect(present, () => {
      count++;
      return limit === 0 || count < limit;
    });
  context.reply.integer(count);
}
