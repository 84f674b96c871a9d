/** The three ways in which a part of a sorted set is named: by places, by scores, by members; each becomes places. */
import { parseDouble } from '../../../base/double.ts';
import type { SortedSetValue } from '../../keyspace/value/sortedSet/sortedSetValue.ts';
import type { Arguments } from '../arguments.ts';
import type { CommandContext } from '../command.ts';
import { readInteger } from '../integers.ts';

export const NOT_A_SCORE_RANGE = 'ERR min or max is not a float';
export const NOT_A_MEMBER_RANGE = 'ERR min or max not valid string range item';

const OPENING = 40;
const OPENING_SQUARE = 91;
const PLUS = 43;
const MINUS = 45;

/** Places [from, to) of a sorted set, counted from the lowest score; `from` may be beyond `to`, which is nothing. */
export interface Places {
  readonly from: number;
  readonly to: number;
}

/** What the arguments name, in a set yet to be looked at. */
export type RangeOf = (set: SortedSetValue) => Places;

interface ScoreBound {
  readonly score: number;
  readonly exclusive: boolean;
}

/** As C's strtod reads it: white space before, nothing behind, and no characters at all are zero. */
function parseScoreBound(args: Arguments, index: number): ScoreBound | undefined {
  const { buffer } = args;
  let start = args.starts[index]!;
  const end = args.ends[index]!;
  const exclusive = start < end && buffer[start] === OPENING;
  if (exclusive) start++;
  while (start < end && (buffer[start] === 32 || (buffer[start]! >= 9 && buffer[start]! <= 13))) start++;
  if (start === end) return { score: 0, exclusive };
  let score = parseDouble(buffer, start, end);
  if (Number.isNaN(score)) {
    // What is too large or too small for a double is no error here.
    const text = Buffer.prototype.latin1Slice.call(buffer, start, end);
    score = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  }
  return Number.isNaN(score) ? undefined : { score, exclusive };
}

/** Arguments `minIndex` and `maxIndex` as scores; undefined if they are none. */
export function scoreRange(args: Arguments, minIndex: number, maxIndex: number): RangeOf | undefined {
  const min = parseScoreBound(args, minIndex);
  const max = parseScoreBound(args, maxIndex);
  if (min === undefined || max === undefined) return undefined;
  return (set) => ({
    from: set.countBelowScore(min.score, min.exclusive),
    to: set.countBelowScore(max.score, !max.exclusive),
  });
}

/** Members that stand before a bound; `withBound` for the one that is equal to it too. */
type CountBefore = (set: SortedSetValue, withBound: boolean) => number;

function parseMemberBound(
  args: Arguments,
  index: number,
): { count: CountBefore; exclusive: boolean } | undefined {
  const start = args.starts[index]!;
  const length = args.length(index);
  const first = length === 0 ? 0 : args.buffer[start]!;
  if (length === 1 && first === MINUS) return { count: () => 0, exclusive: false };
  if (length === 1 && first === PLUS) return { count: (set) => set.length, exclusive: false };
  if (first !== OPENING && first !== OPENING_SQUARE) return undefined;
  const member = args.copy(index).subarray(1);
  return {
    count: (set, withBound) => set.countBelowMember(member, withBound),
    exclusive: first === OPENING,
  };
}

/** Arguments `minIndex` and `maxIndex` as members; undefined if they are none. */
export function memberRange(args: Arguments, minIndex: number, maxIndex: number): RangeOf | undefined {
  const min = parseMemberBound(args, minIndex);
  const max = parseMemberBound(args, maxIndex);
  if (min === undefined || max === undefined) return undefined;
  return (set) => ({
    from: min.count(set, min.exclusive),
    to: max.count(set, !max.exclusive),
  });
}

/** Arguments `startIndex` and `stopIndex` as places, from the end if negative; undefined once the error has been sent. */
export function placeRange(
  context: CommandContext,
  args: Arguments,
  startIndex: number,
  stopIndex: number,
  reversed: boolean,
): RangeOf | undefined {
  const start = readInteger(context, args, startIndex);
  if (start === undefined) return undefined;
  const stop = readInteger(context, args, stopIndex);
  if (stop === undefined) return undefined;
  return ({ length }) => {
    const first = Math.max(start < 0 ? length + start : start, 0);
    const last = Math.min(stop < 0 ? length + stop : stop, length - 1);
    if (first > last) return { from: 0, to: 0 };
    return reversed ? { from: length - 1 - last, to: length - first } : { from: first, to: last + 1 };
  };
}
