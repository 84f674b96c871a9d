import { readDeadlineSec } from '../blocking.ts';
import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { readsHead } from './listLookup.ts';
import { moveOrWait } from './moveElement.ts';

export const blmove: CommandSpec = {
  name: 'blmove',
  arity: 6,
  flags: ['write', 'denyoom', 'blocking'],
  categories: ['list'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'RW', 'insert')],
  docs: {
    summary: 'As LMOVE, but waits until there is an element to take.',
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
      { name: 'timeout', type: 'double' },
    ],
  },
  execute(context, args) {
    const fromHead = readsHead(context, args, 3);
    if (fromHead === undefined) return;
    const toHead = readsHead(context, args, 4);
    if (toHead === undefined) return;
    const deadlineMs = readDeadlineSec(context, args, 5);
    if (deadlineMs !== undefined) moveOrWait(context, args, fromHead, toHead, deadlineMs);
  },
};
