import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readInteger } from '../integers.ts';
import { bitRange, countOnes, readBits } from './bitString.ts';

export const bitcount: CommandSpec = {
  name: 'bitcount',
  arity: -2,
  flags: ['readonly'],
  categories: ['bitmap'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Counts the bits of a string, or of a part of it, that are set.',
    since: '2.6.0',
    group: 'bitmap',
    complexity: 'O(N)',
    history: [['7.0.0', 'The option `BYTE|BIT`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      {
        name: 'range',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'start', type: 'integer' },
          { name: 'end', type: 'integer' },
          {
            name: 'unit',
            type: 'oneof',
            since: '7.0.0',
            flags: ['optional'],
            arguments: [
              { name: 'byte', type: 'pure-token', token: 'BYTE' },
              { name: 'bit', type: 'pure-token', token: 'BIT' },
            ],
          },
        ],
      },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    if (args.count === 2) {
      const whole = readBits(context, args, 1);
      if (whole !== undefined) reply.integer(countOnes(whole.bytes, 0, whole.bytes.length * 8));
      return;
    }
    if (args.count !== 4 && args.count !== 5) return reply.error(SYNTAX_ERROR);
    const start = readInteger(context, args, 2);
    if (start === undefined) return;
    const end = readInteger(context, args, 3);
    if (end === undefined) return;
    const inBits = args.count === 5 && args.is(4, 'BIT');
    if (args.count === 5 && !inBits && !args.is(4, 'BYTE')) return reply.error(SYNTAX_ERROR);
    const found = readBits(context, args, 1);
    if (found === undefined) return;
    if (start < 0 && end < 0 && start > end) return reply.integer(0);
    const { from, to } = bitRange(start, end, found.bytes.length, inBits);
    reply.integer(countOnes(found.bytes, from, to));
  },
};
