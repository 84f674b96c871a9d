import type { CommandSpec } from '../command.ts';
import { blockingPop } from './blockingPop.ts';

export const brpop: CommandSpec = {
  name: 'brpop',
  arity: -3,
  flags: ['write', 'blocking'],
  categories: ['list'],
  keys: [
    {
      flags: ['RW', 'access', 'delete'],
      beginSearch: { type: 'index', index: 1 },
      findKeys: { type: 'range', lastKey: -2, keyStep: 1, limit: 0 },
    },
  ],
  docs: {
    summary: 'As RPOP, but waits until one of several lists has an element.',
    since: '2.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of provided keys.',
    history: [['6.0.0', 'The time limit may have a fraction.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] },
      { name: 'timeout', type: 'double' },
    ],
  },
  execute: (context, args) => blockingPop(context, args, false),
};
