import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NOT_AN_INTEGER } from '../errors.ts';
import { addToInteger } from './integerCounter.ts';

export const incrby: CommandSpec = {
  name: 'incrby',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  docs: {
    summary: 'Adds to the integer at a key, which counts as 0 if it does not exist.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'increment', type: 'integer' },
    ],
  },
  execute(context, args) {
    const increment = args.integer(2);
    if (!Number.isNaN(increment)) return addToInteger(context, args, increment);
    const wide = args.int64(2);
    if (wide === undefined) context.reply.error(NOT_AN_INTEGER);
    else addToInteger(context, args, wide);
  },
};
