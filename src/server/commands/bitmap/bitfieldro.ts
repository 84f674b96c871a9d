import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { bitfieldCommand } from './bitfieldCommand.ts';

export const bitfieldRo: CommandSpec = {
  name: 'bitfield_ro',
  arity: -2,
  flags: ['readonly', 'fast'],
  categories: ['bitmap'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Reads integers of any width within a string.',
    since: '6.0.0',
    group: 'bitmap',
    complexity: 'O(1) for each subcommand specified',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      {
        name: 'get-block',
        type: 'block',
        token: 'GET',
        flags: ['optional', 'multiple', 'multiple_token'],
        arguments: [
          { name: 'encoding', type: 'string' },
          { name: 'offset', type: 'integer' },
        ],
      },
    ],
  },
  execute: (context, args) => bitfieldCommand(context, args, true),
};
