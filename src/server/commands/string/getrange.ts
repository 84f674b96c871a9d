import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { replySubstring, SUBSTRING_ARGUMENTS, SUBSTRING_COMPLEXITY } from './substring.ts';

export const getrange: CommandSpec = {
  name: 'getrange',
  arity: 4,
  flags: ['readonly'],
  categories: ['string'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns a part of the string at a key.',
    since: '2.4.0',
    group: 'string',
    complexity: SUBSTRING_COMPLEXITY,
    arguments: SUBSTRING_ARGUMENTS,
  },
  execute(context, args) {
    replySubstring(context, args);
  },
};
