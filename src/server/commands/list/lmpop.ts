import type { CommandSpec } from '../command.ts';
import { popFromFirst, readManyPop } from './popElements.ts';

export const lmpop: CommandSpec = {
  name: 'lmpop',
  arity: -4,
  flags: ['write'],
  categories: ['list'],
  keys: [
    {
      flags: ['RW', 'access', 'delete'],
      beginSearch: { type: 'index', index: 1 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'Takes elements from an end of the first of several lists that has any.',
    since: '7.0.0',
    group: 'list',
    complexity: 'O(N+M) where N is the number of provided keys and M is the number of elements returned.',
    arguments: [
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] },
      {
        name: 'where',
        type: 'oneof',
        arguments: [
          { name: 'left', type: 'pure-token', token: 'LEFT' },
          { name: 'right', type: 'pure-token', token: 'RIGHT' },
        ],
      },
      { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const pop = readManyPop(context, args, 1);
    if (pop !== undefined && !popFromFirst(context, args, pop)) context.reply.nilArray();
  },
};
