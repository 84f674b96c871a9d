import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { rangeCommand } from './rangeCommand.ts';

export const xrevrange: CommandSpec = {
  name: 'xrevrange',
  arity: -4,
  flags: ['readonly'],
  categories: ['stream'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the entries of a stream within a range of ids, from the last on.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(N) with N being the number of elements returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).',
    history: [['6.2.0', 'Bounds may be exclusive.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'end', type: 'string' },
      { name: 'start', type: 'string' },
      { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
    ],
  },
  execute: (context, args) => rangeCommand(context, args, true),
};
