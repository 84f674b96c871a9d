import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { expireFields, expireFieldsDoc } from './expireFields.ts';

export const hexpire: CommandSpec = {
  name: 'hexpire',
  arity: -6,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['hash'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Lets fields of a hash expire after a number of seconds.',
    since: '7.4.0',
    group: 'hash',
    complexity: 'O(N) where N is the number of specified fields',
    arguments: expireFieldsDoc('seconds', 'integer'),
  },
  execute(context, args) {
    expireFields(context, args, context.nowMs, 1000, 'hexpire');
  },
};
