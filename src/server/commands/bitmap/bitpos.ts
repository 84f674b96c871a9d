import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readInteger } from '../integers.ts';
import { bitRange, findBit, readBits } from './bitString.ts';

export const bitpos: CommandSpec = {
  name: 'bitpos',
  arity: -3,
  flags: ['readonly'],
  categories: ['bitmap'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the offset of the first bit that is set, or clear.',
    since: '2.8.7',
    group: 'bitmap',
    complexity: 'O(N)',
    history: [['7.0.0', 'The option `BYTE|BIT`.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'bit', type: 'integer' },
      {
        name: 'range',
        type: 'block',
        flags: ['optional'],
        arguments: [
          { name: 'start', type: 'integer' },
          {
            name: 'end-unit-block',
            type: 'block',
            flags: ['optional'],
            arguments: [
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
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const asked = readInteger(context, args, 2);
    if (asked === undefined) return;
    if (asked !== 0 && asked !== 1) return reply.error('ERR The bit argument must be 1 or 0.');
    const bit = asked;
    if (args.count > 6) return reply.error(SYNTAX_ERROR);
    const start = args.count > 3 ? readInteger(context, args, 3) : 0;
    if (start === undefined) return;
    const inBits = args.count === 6 && args.is(5, 'BIT');
    if (args.count === 6 && !inBits && !args.is(5, 'BYTE')) return reply.error(SYNTAX_ERROR);
    const hasEnd = args.count > 4;
    const end = hasEnd ? readInteger(context, args, 4) : -1;
    if (end === undefined) return;
    const found = readBits(context, args, 1);
    if (found === undefined) return;
    // A key that does not exist is zeros without end.
    if (!found.exists) return reply.integer(bit === 1 ? -1 : 0);
    const { from, to } = bitRange(start, end, found.bytes.length, inBits);
    if (from >= to) return reply.integer(-1);
    const at = findBit(found.bytes, bit, from, to);
    // Without an end given, zeros follow the last byte.
    reply.integer(at < 0 && bit === 0 && !hasEnd ? to : at);
  },
};
