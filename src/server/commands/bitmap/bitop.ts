import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { readBits } from './bitString.ts';

const OPERATIONS = ['AND', 'OR', 'XOR', 'NOT'] as const;

function combine(operation: (typeof OPERATIONS)[number], sources: readonly Uint8Array[]): Uint8Array {
  const length = Math.max(...sources.map((source) => source.length));
  const result = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    let byte = sources[0]![i] ?? 0;
    for (let k = 1; k < sources.length; k++) {
      const other = sources[k]![i] ?? 0;
      if (operation === 'AND') byte &= other;
      else if (operation === 'OR') byte |= other;
      else byte ^= other;
    }
    result[i] = operation === 'NOT' ? ~byte : byte;
  }
  return result;
}

export const bitop: CommandSpec = {
  name: 'bitop',
  arity: -4,
  flags: ['write', 'denyoom'],
  categories: ['bitmap'],
  keys: [
    keyAt(2, 'OW', 'update'),
    {
      flags: ['RO', 'access'],
      beginSearch: { type: 'index', index: 3 },
      findKeys: { type: 'range', lastKey: -1, keyStep: 1, limit: 0 },
    },
  ],
  docs: {
    summary: 'Combines strings bit by bit and stores the result.',
    since: '2.6.0',
    group: 'bitmap',
    complexity: 'O(N)',
    arguments: [
      {
        name: 'operation',
        type: 'oneof',
        arguments: [
          { name: 'and', type: 'pure-token', token: 'AND' },
          { name: 'or', type: 'pure-token', token: 'OR' },
          { name: 'xor', type: 'pure-token', token: 'XOR' },
          { name: 'not', type: 'pure-token', token: 'NOT' },
        ],
      },
      { name: 'destkey', type: 'key', keySpecIndex: 0 },
      { name: 'key', type: 'key', keySpecIndex: 1, flags: ['multiple'] },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const operation = OPERATIONS.find((word) => args.is(1, word));
    if (operation === undefined) return reply.error(SYNTAX_ERROR);
    if (operation === 'NOT' && args.count !== 4)
      return reply.error('ERR BITOP NOT must be called with a single source key.');
    const sources: Uint8Array[] = [];
    for (let i = 3; i < args.count; i++) {
      const found = readBits(context, args, i);
      if (found === undefined) return;
      sources.push(found.bytes);
    }
    const result = combine(operation, sources);
    if (result.length > 0) {
      db.putBytes(args, 2, result, NO_EXPIRY, true);
      server.dirty++;
      db.changed(args, 2, EventClass.string, 'set');
    } else if (db.delete(args, 2)) {
      server.dirty++;
      db.changed(args, 2, EventClass.generic, 'del');
    }
    reply.integer(result.length);
  },
};
