import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { expireFields, expireFieldsDoc } from './expireFields.ts';

export const hexpireat: CommandSpec = {
  name: 'hexpireat',
  arity: -6,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Lets fields of a hash expire at a Unix time given in seconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields',
    arguments: expireFieldsDoc('unix-time-seconds', 'unix-time'),
  },
  execute(context, args) {
    expireFields(context, args, 0, 1000, 'hexpireat');
  },
};
