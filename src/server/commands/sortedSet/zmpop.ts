import type { CommandSpec } from '../command.ts';
import { popFromFirst, readManyPop } from './popMembers.ts';

export const zmpop: CommandSpec = {
  name: 'zmpop',
  arity: -4,
  flags: ['write'],
  categories: ['sortedset'],
  keys: [
    {
      flags: ['RW', 'access', 'delete'],
      beginSearch: { type: 'index', index: 1 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'Takes members from an end of the first of several sorted sets that has any.',
    since: '7.0.0',
    group: 'sorted-set',
    complexity:
      'O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.',
    arguments: [
      { name: 'numkeys', type: 'integer' },
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] },
      {
        name: 'where',
        type: 'oneof',
        arguments: [
          { name: 'min', type: 'pure-token', token: 'MIN' },
          { name: 'max', type: 'pure-token', token: 'MAX' },
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
