import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { setExpiry } from './setExpiry.ts';

export const pexpireat: CommandSpec = {
  name: 'pexpireat',
  arity: -3,
  flags: ['write', 'fast'],
  categories: ['keyspace'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Sets the millisecond of Unix time at which a key expires.',
    since: '2.6.0',
    group: 'generic',
    complexity: 'O(1)',
    history: [['7.0.0', 'Added options: `NX`, `XX`, `GT` and `LT`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'unix-time-milliseconds', type: 'unix-time' },
      {
        name: 'condition',
        type: 'oneof',
        since: '7.0.0',
        flags: ['optional'],
        arguments: [
          { name: 'nx', type: 'pure-token', token: 'NX' },
          { name: 'xx', type: 'pure-token', token: 'XX' },
          { name: 'gt', type: 'pure-token', token: 'GT' },
          { name: 'lt', type: 'pure-token', token: 'LT' },
        ],
      },
    ],
  },
  execute(context, args) {
    setExpiry(context, args, 1, 0, 'pexpireat');
  },
};
