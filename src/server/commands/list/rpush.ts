import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { pushElements } from './pushElements.ts';

export const rpush: CommandSpec = {
  name: 'rpush',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['list'],
  keys: oneKey('RW', 'insert'),
  docs: {
    summary: 'Puts elements behind the last of a list, creating it if need be.',
    since: '1.0.0',
    group: 'list',
    complexity:
      'O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.',
    history: [['2.4.0', 'Accepts several elements.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'element', type: 'string', flags: ['multiple'] },
    ],
  },
  execute: (context, args) => pushElements(context, args, false, false),
};
