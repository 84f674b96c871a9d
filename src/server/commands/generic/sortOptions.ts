/** The options of SORT and SORT_RO. */
import type { Arguments } from '../arguments.ts';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../errors.ts';
import type { Reply } from '../reply.ts';

export interface SortOptions {
  descending: boolean;
  alpha: boolean;
  /** LIMIT as given; a negative count means all. */
  limitStart: number;
  limitCount: number;
  /** BY's pattern has no '*': the elements keep the order they have. */
  keepsOrder: boolean;
  /** Indices of the arguments; 0 if not given. */
  byIndex: number;
  storeIndex: number;
  getIndices: number[];
}

const STAR = 42;

const denied = (option: string): string =>
  `ERR ${option} option of SORT denied due to insufficient ACL permissions.`;

/** Argument `index` up to a NUL byte, as C reads patterns, contains a '*'. */
function hasStar(args: Arguments, index: number): boolean {
  for (let i = args.starts[index]!; i < args.ends[index]!; i++) {
    if (args.buffer[i] === STAR) return true;
    if (args.buffer[i] === 0) return false;
  }
  return false;
}

/**
 * Parses from argument 2 on. Answers the error itself and returns undefined if they are wrong.
 * @param readsEveryKey whether the user may read any key: patterns say in advance nothing of those that they will name.
 */
export function parseSortOptions(
  args: Arguments,
  readOnly: boolean,
  readsEveryKey: boolean,
  reply: Reply,
): SortOptions | undefined {
  const options: SortOptions = {
    descending: false,
    alpha: false,
    limitStart: 0,
    limitCount: -1,
    keepsOrder: false,
    byIndex: 0,
    storeIndex: 0,
    getIndices: [],
  };
  for (let i = 2; i < args.count; i++) {
    const left = args.count - i - 1;
    if (args.is(i, 'ASC')) {
      options.descending = false;
    } else if (args.is(i, 'DESC')) {
      options.descending = true;
    } else if (args.is(i, 'ALPHA')) {
      options.alpha = true;
    } else if (left >= 2 && args.is(i, 'LIMIT')) {
      const start = args.int64(i + 1);
      const count = args.int64(i + 2);
      if (start === undefined || count === undefined) {
        reply.error(NOT_AN_INTEGER);
        return undefined;
      }
      options.limitStart = Number(start);
      options.limitCount = Number(count);
      i += 2;
    } else if (left >= 1 && !readOnly && args.is(i, 'STORE')) {
      options.storeIndex = ++i;
    } else if (left >= 1 && args.is(i, 'BY')) {
      options.byIndex = ++i;
      // Never unset by a later BY, as in Redis.
      if (!hasStar(args, i)) {
        options.keepsOrder = true;
      } else if (!readsEveryKey) {
        reply.error(denied('BY'));
        return undefined;
      }
    } else if (left >= 1 && args.is(i, 'GET')) {
      if (!readsEveryKey) {
        reply.error(denied('GET'));
        return undefined;
      }
      options.getIndices.push(++i);
    } else {
      reply.error(SYNTAX_ERROR);
      return undefined;
    }
  }
  return options;
}

/** Indices of SORT's keys: the one to sort and the last STORE's destination. */
export function sortKeys(args: Arguments): number[] {
  let store = 0;
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, 'LIMIT')) i += 2;
    else if (args.is(i, 'GET') || args.is(i, 'BY')) i++;
    else if (args.is(i, 'STORE') && i + 1 < args.count) store = i + 1;
  }
  return store === 0 ? [1] : [1, store];
}
