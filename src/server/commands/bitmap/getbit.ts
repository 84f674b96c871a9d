import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readBitOffset } from './bitOffset.ts';
import { bitAt, readBits } from './bitString.ts';

export const getbit: CommandSpec = {
  name: 'getbit',
  arity: 3,
  flags: ['readonly', 'fast'],
  categories: ['bitmap'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the bit at an offset of a string.',
    since: '2.2.0',
    group: 'bitmap',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'offset', type: 'integer' },
    ],
  },
  execute(context, args) {
    const offset = readBitOffset(context, args, 2);
    if (offset === undefined) return;
    const found = readBits(context, args, 1);
    if (found !== undefined) context.reply.integer(bitAt(found.bytes, offset));
  },
};
