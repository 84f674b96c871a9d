import { ValueType } from '../../keyspace/keyspace.ts';
import { readDeadlineSec, waitForKeys } from '../blocking.ts';
import type { CommandSpec } from '../command.ts';
import { popFromFirst, readManyPop } from './popElements.ts';

export const blmpop: CommandSpec = {
  name: 'blmpop',
  arity: -5,
  flags: ['write', 'blocking'],
  categories: ['list'],
  keys: [
    {
      flags: ['RW', 'access', 'delete'],
      beginSearch: { type: 'index', index: 2 },
      findKeys: { type: 'keynum', keyNumIdx: 0, firstKey: 1, keyStep: 1 },
    },
  ],
  docs: {
    summary: 'As LMPOP, but waits until one of the lists has elements.',
    since: '7.0.0',
    group: 'list',
    complexity: 'O(N+M) where N is the number of provided keys and M is the number of elements returned.',
    arguments: [
      { name: 'timeout', type: 'double' },
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
    const pop = readManyPop(context, args, 2);
    if (pop === undefined) return;
    const deadlineMs = readDeadlineSec(context, args, 1);
    if (deadlineMs === undefined || popFromFirst(context, args, pop)) return;
    waitForKeys(context, args, { keyIndices: pop.keyIndices, type: ValueType.list, deadlineMs });
  },
};
