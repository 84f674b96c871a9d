import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { addToInteger } from './integerCounter.ts';

export const incr: CommandSpec = {
  name: 'incr',
  arity: 2,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  docs: {
    summary: 'Adds one to the integer at a key, which counts as 0 if it does not exist.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    addToInteger(context, args, 1);
  },
};
