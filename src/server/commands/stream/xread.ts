import type { CommandSpec } from '../command.ts';
import { readCommand } from './readCommand.ts';

export const xread: CommandSpec = {
  name: 'xread',
  arity: -4,
  flags: ['blocking', 'readonly'],
  categories: ['stream'],
  keys: [
    {
      flags: ['RO', 'access'],
      beginSearch: { type: 'keyword', keyword: 'STREAMS', startFrom: 1 },
      findKeys: { type: 'range', lastKey: -1, keyStep: 1, limit: 2 },
    },
  ],
  docs: {
    summary: 'Returns the entries of streams behind given ids, and may wait for them.',
    since: '5.0.0',
    group: 'stream',
    complexity: '',
    arguments: [
      { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
      { name: 'milliseconds', type: 'integer', token: 'BLOCK', flags: ['optional'] },
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
  execute: (context, args) => readCommand(context, args, false),
};
