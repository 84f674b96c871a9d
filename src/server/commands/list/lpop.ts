import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { popElements } from './popElements.ts';

export const lpop: CommandSpec = {
  name: 'lpop',
  arity: -2,
  flags: ['write', 'fast'],
  categories: ['list'],
  keys: oneKey('RW', 'access', 'delete'),
  docs: {
    summary: 'Takes elements from the head of a list and returns them.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements returned',
    history: [['6.2.0', 'The argument `count`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'count', type: 'integer', since: '6.2.0', flags: ['optional'] },
    ],
  },
  execute: (context, args) => popElements(context, args, true),
};
