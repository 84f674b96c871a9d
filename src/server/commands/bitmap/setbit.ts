import { EventClass } from '../../events/eventClasses.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readBitOffset } from './bitOffset.ts';
import { bitAt, makeBits } from './bitString.ts';

export const setbit: CommandSpec = {
  name: 'setbit',
  arity: 4,
  flags: ['write', 'denyoom'],
  categories: ['bitmap'],
  keys: oneKey('RW', 'access', 'update'),
  docs: {
    summary: 'Sets or clears the bit at an offset of a string and returns what it was.',
    since: '2.2.0',
    group: 'bitmap',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'offset', type: 'integer' },
      { name: 'value', type: 'integer' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const offset = readBitOffset(context, args, 2);
    if (offset === undefined) return;
    const bit = args.int64(3);
    if (bit !== 0n && bit !== 1n) return reply.error('ERR bit is not an integer or out of range');
    const made = makeBits(context, args, offset);
    if (made === undefined) return;
    const byte = Math.floor(offset / 8);
    const bytes = new Uint8Array(1);
    db.keyspace.copyString(made.ref, byte, byte + 1, bytes, 0);
    const old = bitAt(bytes, offset % 8);
    if (made.hasGrown || old !== Number(bit)) {
      bytes[0]! ^= (old ^ Number(bit)) << (7 - (offset % 8));
      db.keyspace.writeString(made.ref, byte, bytes, 0, 1);
      server.dirty++;
      db.changed(args, 1, EventClass.string, 'setbit');
    }
    reply.integer(old);
  },
};
