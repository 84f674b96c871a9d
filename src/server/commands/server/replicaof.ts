import type { CommandSpec } from '../command.ts';
import { followServer } from './followServer.ts';

export const replicaof: CommandSpec = {
  name: 'replicaof',
  arity: 3,
  flags: ['no_async_loading', 'admin', 'noscript', 'stale'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Makes this server follow another, or none.',
    since: '5.0.0',
    group: 'server',
    complexity: 'O(1)',
    arguments: [
      {
        name: 'args',
        type: 'oneof',
        arguments: [
          {
            name: 'host-port',
            type: 'block',
            arguments: [
              { name: 'host', type: 'string' },
              { name: 'port', type: 'integer' },
            ],
          },
          {
            name: 'no-one',
            type: 'block',
            arguments: [
              { name: 'no', type: 'pure-token', token: 'NO' },
              { name: 'one', type: 'pure-token', token: 'ONE' },
            ],
          },
        ],
      },
    ],
  },
  execute: followServer,
};
