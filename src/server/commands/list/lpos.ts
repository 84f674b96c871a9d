import type { Arguments } from '../arguments.ts';
import type { CommandContext, CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NOT_AN_INTEGER, SYNTAX_ERROR } from '../errors.ts';
import { readIntegerFrom } from '../integers.ts';
import { elementAt, readList } from './listLookup.ts';

const RANK_ZERO =
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list";
const RANK_MAX = 9223372036854775807n;

interface Options {
  /** The first match that counts, from 1 on; negative: from the tail. */
  rank: number;
  /** Matches wanted, 0 for all; undefined: one, and not as an array. */
  count: number | undefined;
  /** Elements looked at, 0 for all. */
  lengthMax: number;
}

/** Undefined once the error has been sent. */
function readOptions(context: CommandContext, args: Arguments): Options | undefined {
  const { reply } = context;
  const options: Options = { rank: 1, count: undefined, lengthMax: 0 };
  for (let i = 3; i < args.count; i++) {
    const hasValue = i + 1 < args.count;
    if (hasValue && args.is(i, 'RANK')) {
      const rank = args.int64(++i);
      if (rank === undefined) reply.error(NOT_AN_INTEGER);
      else if (rank < -RANK_MAX)
        reply.error(`ERR value is out of range, value must between ${-RANK_MAX} and ${RANK_MAX}`);
      else if (rank === 0n) reply.error(RANK_ZERO);
      if (rank === undefined || rank < -RANK_MAX || rank === 0n) return undefined;
      options.rank = Number(rank);
    } else if (hasValue && args.is(i, 'COUNT')) {
      const count = readIntegerFrom(context, args, ++i, 0, "ERR COUNT can't be negative");
      if (count === undefined) return undefined;
      options.count = count;
    } else if (hasValue && args.is(i, 'MAXLEN')) {
      const lengthMax = readIntegerFrom(context, args, ++i, 0, "ERR MAXLEN can't be negative");
      if (lengthMax === undefined) return undefined;
      options.lengthMax = lengthMax;
    } else {
      reply.error(SYNTAX_ERROR);
      return undefined;
    }
  }
  return options;
}

export const lpos: CommandSpec = {
  name: 'lpos',
  arity: -3,
  flags: ['readonly'],
  categories: ['list'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Tells at which places of a list an element stands.',
    since: '6.0.6',
    group: 'list',
    complexity:
      'O(N) where N is the number of elements in the list, for the average case. When searching for elements near the head or the tail of the list, or when the MAXLEN option is provided, the command may run in constant time.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'element', type: 'string' },
      { name: 'rank', type: 'integer', token: 'RANK', flags: ['optional'] },
      { name: 'num-matches', type: 'integer', token: 'COUNT', flags: ['optional'] },
      { name: 'len', type: 'integer', token: 'MAXLEN', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const options = readOptions(context, args);
    if (options === undefined) return;
    const list = readList(context, args);
    if (list === null) return;
    const { count, lengthMax, rank } = options;
    const found: number[] = [];
    const wanted = count === undefined ? 1 : count === 0 ? Number.POSITIVE_INFINITY : count;
    let matches = 0;
    const looked = lengthMax === 0 ? Number.POSITIVE_INFINITY : lengthMax;
    list?.positions(elementAt(args, 2), rank < 0, looked, (index) => {
      if (++matches >= Math.abs(rank)) found.push(index);
      return found.length < wanted;
    });
    if (count !== undefined) {
      reply.array(found.length);
      for (const index of found) reply.integer(index);
    } else if (found.length > 0) reply.integer(found[0]!);
    else reply.nil();
  },
};
