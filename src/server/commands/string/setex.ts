import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { StringOption } from './expiryOptions.ts';
import { storeWithOptions } from './storeString.ts';

export const setex: CommandSpec = {
  name: 'setex',
  arity: 4,
  flags: ['write', 'denyoom'],
  categories: ['string'],
  keys: oneKey('OW', 'update'),
  docs: {
    summary: 'Sets a key to a string that expires after some seconds.',
    since: '2.0.0',
    group: 'string',
    complexity: 'O(1)',
    deprecatedSince: '2.6.12',
    replacedBy: '`SET` with the `EX` argument',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'seconds', type: 'integer' },
      { name: 'value', type: 'string' },
    ],
  },
  execute(context, args) {
    storeWithOptions(context, args, 3, StringOption.ex, 2, 'setex');
  },
};
