import { INT64_MIN } from '../../../base/integer.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NOT_AN_INTEGER } from '../errors.ts';
import { addToInteger } from './integerCounter.ts';

export const decrby: CommandSpec = {
  name: 'decrby',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  keys: oneKey('RW', 'access', 'update'),
  docs: {
    summary: 'Subtracts from the integer at a key, which counts as 0 if it does not exist.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'decrement', type: 'integer' },
    ],
  },
  execute(context, args) {
    const decrement = args.integer(2);
    if (!Number.isNaN(decrement)) return addToInteger(context, args, -decrement);
    const wide = args.int64(2);
    if (wide === undefined) context.reply.error(NOT_AN_INTEGER);
    else if (wide === INT64_MIN) context.reply.error('ERR decrement would overflow');
    else addToInteger(context, args, -wide);
  },
};
