import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY, ValueType } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { NOT_AN_INTEGER, WRONG_TYPE } from '../errors.ts';
import { checkStringLength } from './stringLength.ts';

export const setrange: CommandSpec = {
  name: 'setrange',
  arity: 4,
  flags: ['write', 'denyoom'],
  categories: ['string'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary:
      'Overwrites a part of the string at a key from an offset on, creating or lengthening it if necessary.',
    since: '2.2.0',
    group: 'string',
    complexity: 'O(M) where M is the length of the value, plus the bytes the string grows by',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'offset', type: 'integer' },
      { name: 'value', type: 'string' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    let offset = args.integer(2);
    if (Number.isNaN(offset)) {
      const wide = args.int64(2);
      if (wide === undefined) return reply.error(NOT_AN_INTEGER);
      offset = Number(wide);
    }
    if (offset < 0) return reply.error('ERR offset is out of range');

    let ref = db.lookupWrite(args, 1);
    if (ref !== 0 && db.keyspace.type(ref) !== ValueType.string) return reply.error(WRONG_TYPE);
    const lengthBefore = ref === 0 ? 0 : db.keyspace.stringLength(ref);
    const valueBytes = args.length(3);
    if (valueBytes === 0) return reply.integer(lengthBefore);
    if (!checkStringLength(context, offset + valueBytes)) return;

    if (ref === 0) ref = db.putBytes(args, 1, new Uint8Array(0), NO_EXPIRY, true);
    const length = Math.max(lengthBefore, offset + valueBytes);
    // Also where the length stays: the string becomes raw.
    db.keyspace.resizeString(ref, length);
    db.keyspace.writeString(ref, offset, args.buffer, args.starts[3]!, args.ends[3]!);
    server.dirty++;
    db.changed(args, 1, EventClass.string, 'setrange');
    reply.integer(length);
  },
};
