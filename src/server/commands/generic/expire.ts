import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { setExpiry } from './setExpiry.ts';

export const expire: CommandSpec = {
  name: 'expire',
  arity: -3,
  flags: ['write', 'fast'],
  categories: ['keyspace'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Sets how many seconds a key has to live.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    history: [['7.0.0', 'Added options: `NX`, `XX`, `GT` and `LT`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'seconds', type: 'integer' },
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
    setExpiry(context, args, 1000, context.nowMs, 'expire');
  },
};
