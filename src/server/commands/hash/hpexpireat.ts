import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { expireFields, expireFieldsDoc } from './expireFields.ts';

export const hpexpireat: CommandSpec = {
  name: 'hpexpireat',
  arity: -6,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Lets fields of a hash expire at a Unix time given in milliseconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields',
    arguments: expireFieldsDoc('unix-time-milliseconds', 'unix-time'),
  },
  execute(context, args) {
    expireFields(context, args, 0, 1, 'hpexpireat');
  },
};
