import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { keyAndFieldsDoc } from './fieldsArgument.ts';
import { replyFieldTimes } from './fieldTimes.ts';

export const hexpiretime: CommandSpec = {
  name: 'hexpiretime',
  arity: -5,
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the Unix times, in seconds, at which fields of a hash expire.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields',
    arguments: keyAndFieldsDoc,
  },
  execute(context, args) {
    replyFieldTimes(context, args, 0, 1000);
  },
};
