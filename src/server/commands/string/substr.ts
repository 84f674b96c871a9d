import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { replySubstring, SUBSTRING_ARGUMENTS, SUBSTRING_COMPLEXITY } from './substring.ts';

export const substr: CommandSpec = {
  name: 'substr',
  arity: 4,
  flags: ['readonly'],
  categories: ['string'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns a part of the string at a key.',
    since: '1.0.0',
    group: 'string',
    complexity: SUBSTRING_COMPLEXITY,
    deprecatedSince: '2.0.0',
    replacedBy: '`GETRANGE`',
    arguments: SUBSTRING_ARGUMENTS,
  },
  execute(context, args) {
    replySubstring(context, args);
  },
};
