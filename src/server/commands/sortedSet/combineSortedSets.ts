/** Union, intersection and difference of sorted sets and sets, answered, counted or stored. */
import { toLatin1 } from '../../../base/bytes.ts';
import { parseDouble } from '../../../base/double.ts';
import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY, ValueType } from '../../keyspace/keyspace.ts';
import { Probe } from '../../keyspace/value/listpack.ts';
import { SetValue } from '../../keyspace/value/set/setValue.ts';
import type { SortedSetValue } from '../../keyspace/value/sortedSet/sortedSetValue.ts';
import type { Arguments } from '../arguments.ts';
import { storeNew } from '../collectionStore.ts';
import type { CommandContext } from '../command.ts';
import { SYNTAX_ERROR, WRONG_TYPE } from '../errors.ts';
import { readInteger, readIntegerFrom } from '../integers.ts';
import { replyMember } from './replyMember.ts';

export type SortedSetOperation = 'union' | 'inter' | 'diff';
type Aggregate = (a: number, b: number) => number;

interface Source {
  /** Undefined for a key that does not exist. */
  readonly set: SortedSetValue | SetValue | undefined;
  readonly weight: number;
}

interface Combination {
  readonly sources: Source[];
  aggregate: Aggregate;
  withScores: boolean;
  /** ZINTERCARD: counted up to this, 0 for all. */
  limit: number;
}

/** Infinities of both signs make nothing. */
const numberOr0 = (value: number): number => (Number.isNaN(value) ? 0 : value);
const sum: Aggregate = (a, b) => numberOr0(a + b);
const AGGREGATES: readonly (readonly [string, Aggregate])[] = [
  ['SUM', sum],
  ['MIN', (a, b) => (b < a ? b : a)],
  ['MAX', (a, b) => (b > a ? b : a)],
];

/** The scores of a source's members, a set's being 1. */
function scoreIn(set: SortedSetValue | SetValue, member: Probe): number | undefined {
  if (set instanceof SetValue) return set.has(member) ? 1 : undefined;
  return set.score(member);
}

/** Every member until the visitor answers false. */
function visit(
  set: SortedSetValue | SetValue,
  visitor: (member: Uint8Array, score: number) => boolean,
): void {
  if (set instanceof SetValue) set.visitWhile((bytes, start, end) => visitor(bytes.subarray(start, end), 1));
  else set.visit(0, set.length, false, visitor);
}

/** The set or sorted set at argument `index`; null once the error has been sent. */
function sourceAt(
  { db, reply, server }: CommandContext,
  args: Arguments,
  index: number,
): SortedSetValue | SetValue | undefined | null {
  const { keyspace } = db;
  const ref = db.lookupRead(args, index);
  if (ref === 0) return undefined;
  const type = keyspace.type(ref);
  if (type === ValueType.zset) return server.openSortedSets.open(keyspace, ref);
  if (type === ValueType.set) return server.openSets.open(keyspace, ref);
  reply.error(WRONG_TYPE);
  return null;
}

/** `numkeys key [key ...]` at argument `index` and the options behind; undefined once the error has been sent. */
function readCombination(
  context: CommandContext,
  args: Arguments,
  index: number,
  operation: SortedSetOperation,
  purpose: 'answer' | 'store' | 'count',
): Combination | undefined {
  const { entry, reply } = context;
  const keyCount = readInteger(context, args, index);
  if (keyCount === undefined) return undefined;
  if (keyCount < 1) {
    reply.error(`ERR at least 1 input key is needed for '${entry.fullName}' command`);
    return undefined;
  }
  if (keyCount > args.count - index - 1) {
    reply.error(SYNTAX_ERROR);
    return undefined;
  }
  const sets: Source['set'][] = [];
  for (let i = 1; i <= keyCount; i++) {
    const set = sourceAt(context, args, index + i);
    if (set === null) return undefined;
    sets.push(set);
  }
  const weights = new Array<number>(keyCount).fill(1);
  const combination = { aggregate: sum, withScores: false, limit: 0 };
  for (let i = index + keyCount + 1; i < args.count; i++) {
    const left = args.count - i - 1;
    if (operation !== 'diff' && purpose !== 'count' && left >= keyCount && args.is(i, 'WEIGHTS')) {
      for (let k = 0; k < keyCount; k++) {
        i++;
        weights[k] = parseDouble(args.buffer, args.starts[i]!, args.ends[i]!);
        if (!Number.isNaN(weights[k])) continue;
        reply.error('ERR weight value is not a float');
        return undefined;
      }
    } else if (operation !== 'diff' && purpose !== 'count' && left >= 1 && args.is(i, 'AGGREGATE')) {
      i++;
      const named = AGGREGATES.find(([word]) => args.is(i, word));
      if (named === undefined) {
        reply.error(SYNTAX_ERROR);
        return undefined;
      }
      combination.aggregate = named[1];
    } else if (purpose === 'answer' && args.is(i, 'WITHSCORES')) {
      combination.withScores = true;
    } else if (purpose === 'count' && left >= 1 && args.is(i, 'LIMIT')) {
      const limit = readIntegerFrom(context, args, ++i, 0, "ERR LIMIT can't be negative");
      if (limit === undefined) return undefined;
      combination.limit = limit;
    } else {
      reply.error(SYNTAX_ERROR);
      return undefined;
    }
  }
  return { ...combination, sources: sets.map((set, k) => ({ set, weight: weights[k]! })) };
}

const bySize = (a: Source, b: Source): number => (a.set?.length ?? 0) - (b.set?.length ?? 0);

/** Members that all sources have, with their combined scores, until the visitor answers false. */
function intersect(
  { aggregate, sources }: Combination,
  visitor: (member: Uint8Array, score: number) => boolean,
): void {
  const [smallest, ...others] = sources.toSorted(bySize);
  // A key that does not exist is the smallest of all.
  if (smallest!.set === undefined) return;
  visit(smallest!.set, (bytes, value) => {
    const member = new Probe(bytes, 0, bytes.length);
    let score = numberOr0(smallest!.weight * value);
    for (const { set, weight } of others) {
      const other = scoreIn(set!, member);
      if (other === undefined) return true;
      // What is no number counts for a sum only, as in Redis.
      score = aggregate(score, weight * other);
    }
    return visitor(bytes, score);
  });
}

interface Scored {
  readonly member: Uint8Array;
  score: number;
}

/** The members and their combined scores, in no order. */
function combined(combination: Combination, operation: SortedSetOperation): Iterable<Scored> {
  const scores = new Map<string, Scored>();
  const { aggregate, sources } = combination;
  if (operation === 'inter') {
    intersect(combination, (member, score) => {
      scores.set(toLatin1(member), { member: Uint8Array.from(member), score });
      return true;
    });
  } else if (operation === 'union') {
    // From the smallest on, as Redis: the order shows in sums of doubles.
    for (const { set, weight } of sources.toSorted(bySize)) {
      if (set === undefined) continue;
      visit(set, (member, value) => {
        const name = toLatin1(member);
        const score = numberOr0(weight * value);
        const known = scores.get(name);
        if (known === undefined) scores.set(name, { member: Uint8Array.from(member), score });
        else known.score = aggregate(known.score, score);
        return true;
      });
    }
  } else {
    const [first, ...others] = sources;
    if (first!.set !== undefined)
      visit(first!.set, (bytes, score) => {
        const member = new Probe(bytes, 0, bytes.length);
        if (others.every(({ set }) => set === undefined || scoreIn(set, member) === undefined))
          scores.set(toLatin1(bytes), { member: Uint8Array.from(bytes), score });
        return true;
      });
  }
  return scores.values();
}

/** The result as a sorted set that belongs to nobody. */
function resultOf(
  { server }: CommandContext,
  combination: Combination,
  operation: SortedSetOperation,
  mayBePacked: boolean,
): SortedSetValue {
  const { sortedSetLimits: limits } = server;
  const scored = [...combined(combination, operation)];
  const longestBytes = scored.reduce((longest, { member }) => Math.max(longest, member.length), 0);
  const result = server.openSortedSets.create();
  // The form is chosen before the first score comes: packed ones have no -0.
  result.prepare(mayBePacked ? scored.length : Number.POSITIVE_INFINITY, longestBytes, limits);
  for (const { member, score } of scored) result.set(new Probe(member, 0, member.length), score, limits);
  return result;
}

/** ZUNION, ZINTER, ZDIFF. */
export function answerCombined(
  context: CommandContext,
  args: Arguments,
  operation: SortedSetOperation,
): void {
  const { reply } = context;
  const combination = readCombination(context, args, 1, operation, 'answer');
  if (combination === undefined) return;
  const { withScores } = combination;
  const result = resultOf(context, combination, operation, false);
  reply.array(withScores && reply.protocol === 2 ? result.length * 2 : result.length);
  result.forEachScored((member, score) => replyMember(reply, member, score, withScores));
  result.release();
}

/** ZUNIONSTORE, ZINTERSTORE, ZDIFFSTORE: the destination is argument 1. */
export function storeCombined(context: CommandContext, args: Arguments, operation: SortedSetOperation): void {
  const { db, reply, server } = context;
  const combination = readCombination(context, args, 2, operation, 'store');
  if (combination === undefined) return;
  const result = resultOf(context, combination, operation, true);
  const { length } = result;
  if (length > 0) {
    storeNew(context, args, 1, result, NO_EXPIRY);
    server.dirty++;
    db.changed(args, 1, EventClass.zset, `z${operation}store`);
  } else if (db.delete(args, 1)) {
    server.dirty++;
    db.changed(args, 1, EventClass.generic, 'del');
  }
  reply.integer(length);
}

/** ZINTERCARD. */
export function answerSharedCount(context: CommandContext, args: Arguments): void {
  const combination = readCombination(context, args, 1, 'inter', 'count');
  if (combination === undefined) return;
  const { limit, sources } = combination;
  let count = 0;
  if (sources.every(({ set }) => set !== undefined))
    intersect(combination, () => {
      count++;
      return limit === 0 || count < limit;
    });
  context.reply.integer(count);
}
