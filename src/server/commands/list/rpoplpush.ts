import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { moveElement } from './moveElement.ts';

export const rpoplpush: CommandSpec = {
  name: 'rpoplpush',
  arity: 3,
  flags: ['write', 'denyoom'],
  categories: ['list'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'RW', 'insert')],
  docs: {
    summary: 'Takes the last element of a list and puts it before the first of another.',
    since: '1.2.0',
    group: 'list',
    complexity: 'O(1)',
    deprecatedSince: '6.2.0',
    replacedBy: '`LMOVE` with the `RIGHT` and `LEFT` arguments',
    arguments: [
      { name: 'source', type: 'key', keySpecIndex: 0 },
      { name: 'destination', type: 'key', keySpecIndex: 1 },
    ],
  },
  execute: (context, args) => moveElement(context, args, false, true),
};
