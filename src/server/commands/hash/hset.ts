import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { fieldValuePairsDoc, setFields } from './setFields.ts';

export const hset: CommandSpec = {
  name: 'hset',
  arity: -4,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Sets fields of a hash to values, creating what is missing.',
    since: '2.0.0',
    group: 'hash',
    complexity:
      'O(1) for each field/value pair added, so O(N) to add N field/value pairs when the command is called with multiple field/value pairs.',
    history: [['4.0.0', 'Accepts multiple `field` and `value` arguments.']],
    arguments: fieldValuePairsDoc,
  },
  execute(context, args) {
    const created = setFields(context, args, 'hset');
    if (created >= 0) context.reply.integer(created);
  },
};
