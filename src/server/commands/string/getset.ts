import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { replyCurrent, storePlain } from './storeString.ts';

export const getset: CommandSpec = {
  name: 'getset',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  docs: {
    summary: 'Sets a key to a string and returns the one it held.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    deprecatedSince: '6.2.0',
    replacedBy: '`SET` with the `!GET` argument',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'value', type: 'string' },
    ],
  },
  execute(context, args) {
    if (replyCurrent(context, args)) storePlain(context, args, 1, 2);
  },
};
