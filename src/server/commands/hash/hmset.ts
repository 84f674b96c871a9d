import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { fieldValuePairsDoc, setFields } from './setFields.ts';

export const hmset: CommandSpec = {
  name: 'hmset',
  arity: -4,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Sets several fields of a hash to values.',
    since: '2.0.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of fields being set.',
    deprecatedSince: '4.0.0',
    replacedBy: '`HSET` with multiple field-value pairs',
    arguments: fieldValuePairsDoc,
  },
  execute(context, args) {
    if (setFields(context, args, 'hmset') >= 0) context.reply.ok();
  },
};
