import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { readsHead } from './listLookup.ts';
import { moveElement } from './moveElement.ts';

export const lmove: CommandSpec = {
  name: 'lmove',
  arity: 5,
  flags: ['write', 'denyoom'],
  categories: ['list'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'RW', 'insert')],
  docs: {
    summary: 'Takes an element from one end of a list and puts it at an end of another.',
    since: '6.2.0',
    group: 'list',
    complexity: 'O(1)',
    arguments: [
      { name: 'source', type: 'key', keySpecIndex: 0 },
      { name: 'destination', type: 'key', keySpecIndex: 1 },
      {
        name: 'wherefrom',
        type: 'oneof',
        arguments: [
          { name: 'left', type: 'pure-token', token: 'LEFT' },
          { name: 'right', type: 'pure-token', token: 'RIGHT' },
        ],
      },
      {
        name: 'whereto',
        type: 'oneof',
        arguments: [
          { name: 'left', type: 'pure-token', token: 'LEFT' },
          { name: 'right', type: 'pure-token', token: 'RIGHT' },
        ],
      },
    ],
  },
  execute(context, args) {
    const fromHead = readsHead(context, args, 3);
    if (fromHead === undefined) return;
    const toHead = readsHead(context, args, 4);
    if (toHead !== undefined) moveElement(context, args, fromHead, toHead);
  },
};
