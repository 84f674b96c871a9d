import type { CommandSpec } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readIntegerFrom } from '../integers.ts';
import { answerSharedCount } from './combineSets.ts';

export const sintercard: CommandSpec = {
  name: 'sintercard',
  arity: -3,
  flags: ['readonly'],
  categories: ['set'],
  keys: [
    {
      flags: ['RO', 'access'],
      beginSearch: { type: 'index', index: 1 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'Counts the members that several sets share.',
    since: '7.0.0',
    group: 'set',
    complexity:
      'O(N*M) worst case where N is the cardinality of the smallest set and M is the number of sets.',
    arguments: [
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] },
      { name: 'limit', type: 'integer', token: 'LIMIT', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const keyCount = readIntegerFrom(context, args, 1, 1, 'ERR numkeys should be greater than 0');
    if (keyCount === undefined) return;
    if (keyCount > args.count - 2)
      return reply.error("ERR Number of keys can't be greater than number of args");
    let limit = 0;
    for (let i = 2 + keyCount; i < args.count; i++) {
      if (!args.is(i, 'LIMIT') || i + 1 >= args.count) return reply.error(SYNTAX_ERROR);
      const given = readIntegerFrom(context, args, ++i, 0, "ERR LIMIT can't be negative");
      if (given === undefined) return;
      limit = given;
    }
    answerSharedCount(context, args, 2, 2 + keyCount, limit);
  },
};
