import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { pushElements } from './pushElements.ts';

export const lpushx: CommandSpec = {
  name: 'lpushx',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['list'],
  keys: oneKey('RW', 'insert'),
  docs: {
    summary: 'Puts elements before the first of a list that exists.',
    since: '2.2.0',
    group: 'list',
    complexity:
      'O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.',
    history: [['4.0.0', 'Accepts several elements.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'element', type: 'string', flags: ['multiple'] },
    ],
  },
  execute: (context, args) => pushElements(context, args, true, true),
};
