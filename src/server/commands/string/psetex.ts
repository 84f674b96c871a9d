import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { StringOption } from './expiryOptions.ts';
import { storeWithOptions } from './storeString.ts';

export const psetex: CommandSpec = {
  name: 'psetex',
  arity: 4,
  flags: ['write', 'denyoom'],
  categories: ['string'],
  keys: oneKey('OW', 'update'),
  docs: {
    summary: 'Sets a key to a string that expires after some milliseconds.',
    since: '2.6.0',
    group: 'string',
    complexity: 'O(1)',
    deprecatedSince: '2.6.12',
    replacedBy: '`SET` with the `PX` argument',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'milliseconds', type: 'integer' },
      { name: 'value', type: 'string' },
    ],
  },
  execute(context, args) {
    storeWithOptions(context, args, 3, StringOption.px, 2, 'psetex');
  },
};
