import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { rangeCommand } from './rangeCommand.ts';

export const xrange: CommandSpec = {
  name: 'xrange',
  arity: -4,
  flags: ['readonly'],
  categories: ['stream'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the entries of a stream within a range of ids.',
    since: '5.0.0',
    group: 'stream',
    complexity:
      'O(N) with N being the number of elements being returned. If N is constant (e.g. always asking for the first 10 elements with COUNT), you can consider it O(1).',
    history: [['6.2.0', 'Bounds may be exclusive.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'start', type: 'string' },
      { name: 'end', type: 'string' },
      { name: 'count', type: 'integer', token: 'COUNT', flags: ['optional'] },
    ],
  },
  execute: (context, args) => rangeCommand(context, args, false),
};
