import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { keyAndFieldsDoc } from './fieldsArgument.ts';
import { replyFieldTimes } from './fieldTimes.ts';

export const hpttl: CommandSpec = {
  name: 'hpttl',
  arity: -5,
  flags: ['readonly', 'fast'],
  categories: ['hash'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the milliseconds that fields of a hash have left.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields',
    arguments: keyAndFieldsDoc,
  },
  execute(context, args) {
    replyFieldTimes(context, args, context.nowMs, 1);
  },
};
