import { EventClass } from '../../events/eventClasses.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SAME_OBJECT } from '../errors.ts';
import { namedDatabase } from './keyLookup.ts';
import { placeValue, takeValue } from './keyTransfer.ts';

export const move: CommandSpec = {
  name: 'move',
  arity: 3,
  flags: ['write', 'fast'],
  categories: ['keyspace'],
  keys: oneKey('RW', 'access', 'update'),
  docs: {
    summary: 'Moves a key to another database unless that one has it already.',
    since: '1.0.0',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'db', type: 'integer' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const target = namedDatabase(context, args, 2);
    if (target === undefined) return;
    if (target === db) {
      reply.error(SAME_OBJECT);
      return;
    }
    if (db.lookupWrite(args, 1) === 0 || target.lookupWrite(args, 1) !== 0) {
      reply.integer(0);
      return;
    }
    const ref = db.peek(args, 1);
    const expireAtMs = db.keyspace.expireAtMs(ref);
    placeValue(target, args, 1, takeValue(db.keyspace, ref), expireAtMs);
    server.dirty++;
    db.changed(args, 1, EventClass.generic, 'move_from');
    target.changed(args, 1, EventClass.generic, 'move_to');
    reply.integer(1);
  },
};
