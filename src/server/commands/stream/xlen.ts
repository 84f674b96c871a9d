import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readStream } from './streamLookup.ts';

export const xlen: CommandSpec = {
  name: 'xlen',
  arity: 2,
  flags: ['readonly', 'fast'],
  categories: ['stream'],
  keys: oneKey('RO'),
  docs: {
    summary: 'Counts the entries of a stream.',
    since: '5.0.0',
    group: 'stream',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const stream = readStream(context, args);
    if (stream !== null) context.reply.integer(stream?.length ?? 0);
  },
};
