import type { CommandSpec } from '../command.ts';
import { readCommand } from './readCommand.ts';

export const xreadgroup: CommandSpec = {
  name: 'xreadgroup',
  arity: -7,
  flags: ['blocking', 'write'],
  categories: ['stream'],
  keys: [
    {
      flags: ['RO', 'access'],
      beginSearch: { type: 'keyword', keyword: 'STREAMS', startFrom: 4 },
      findKeys: { type: 'range', lastKey: -1, keyStep: 1, limit: 2 },
    },
  ],
  docs: {
    summary: 'Returns entries of streams to a consumer of a group, new ones or those it was given before.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'For each stream mentioned: O(M) with M being the number of elements returned. If M is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1). On the other side when XREADGROUP blocks, XADD will pay the O(N) time in order to serve the N clients blocked on the stream getting new data.',
    arguments: [
      {
        name: 'group-block',
        type: 'block',
        token: 'GROUP',
        arguments: [
          { name: 'group', type: 'string' },
          { name: 'consumer', type: 'string' },
        ],
      },
      { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
      { name: 'milliseconds', type: 'integer', token: 'BLOCK', flags: ['optional'] },
      { name: 'noack', type: 'pure-token', token: 'NOACK', flags: ['optional'] },
      {
        name: 'streams',
        type: 'block',
        token: 'STREAMS',
        arguments: [
          { name: 'key', type: 'key', keySpecIndex: 0, flags: ['multiple'] },
          { name: 'id', type: 'string', flags: ['multiple'] },
        ],
      },
    ],
  },
  execute: (context, args) => readCommand(context, args, true),
};
