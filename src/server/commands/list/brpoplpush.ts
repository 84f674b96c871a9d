import { readDeadlineSec } from '../blocking.ts';
import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { moveOrWait } from './moveElement.ts';

export const brpoplpush: CommandSpec = {
  name: 'brpoplpush',
  arity: 4,
  flags: ['write', 'denyoom', 'blocking'],
  categories: ['list'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'RW', 'insert')],
  docs: {
    summary: 'As RPOPLPUSH, but waits until there is an element to take.',
    since: '2.2.0',
    group: 'list',
    complexity: 'O(1)',
    deprecatedSince: '6.2.0',
    replacedBy: '`BLMOVE` with the `RIGHT` and `LEFT` arguments',
    history: [['6.0.0', 'The time limit may have a fraction.']],
    arguments: [
      { name: 'source', type: 'key', keySpecIndex: 0 },
      { name: 'destination', type: 'key', keySpecIndex: 1 },
      { name: 'timeout', type: 'double' },
    ],
  },
  execute(context, args) {
    const deadlineMs = readDeadlineSec(context, args, 3);
    if (deadlineMs !== undefined) moveOrWait(context, args, false, true, deadlineMs);
  },
};
