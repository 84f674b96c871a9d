import { ValueType } from '../../keyspace/keyspace.ts';
import { readDeadlineSec, waitForKeys } from '../blocking.ts';
import type { CommandSpec } from '../command.ts';
import { popFromFirst, readManyPop } from './popMembers.ts';

export const bzmpop: CommandSpec = {
  name: 'bzmpop',
  arity: -5,
  flags: ['write', 'blocking'],
  categories: ['sortedset'],
  keys: [
    {
      flags: ['RW', 'access', 'delete'],
      beginSearch: { type: 'index', index: 2 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'As ZMPOP, but waits until one of the sorted sets has members.',
    since: '7.0.0',
    group: 'sorted-set',
    complexity:
      'O(K) + O(M*log(N)) where K is the number of provided keys, N being the number of elements in the sorted set, and M being the number of elements popped.',
    arguments: [
      { name: 'timeout', type: 'double' },
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
    const pop = readManyPop(context, args, 2);
    if (pop === undefined) return;
    const deadlineMs = readDeadlineSec(context, args, 1);
    if (deadlineMs === undefined || popFromFirst(context, args, pop)) return;
    waitForKeys(context, args, { keyIndices: pop.keyIndices, type: ValueType.zset, deadlineMs });
  },
};
