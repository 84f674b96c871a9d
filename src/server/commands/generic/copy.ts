import { EventClass } from '../../events/eventClasses.ts';
import type { CommandSpec } from '../command.ts';
import { keyAt, oneKey } from '../command.ts';
import { SAME_OBJECT, SYNTAX_ERROR } from '../errors.ts';
import { namedDatabase, sameKey } from './keyLookup.ts';
import { copyValue, placeValue } from './keyTransfer.ts';

export const copy: CommandSpec = {
  name: 'copy',
  arity: -3,
  flags: ['write', 'denyoom'],
  categories: ['keyspace'],
  keys: [...oneKey('RO', 'access'), keyAt(2, 'OW', 'update')],
  docs: {
    summary: 'Copies a value, with its expiry, to another key or database.',
    since: '6.2.0',
    group: 'generic',
    complexity:
      'O(N) worst case for collections, where N is the number of nested items. O(1) for string values.',
    arguments: [
      { name: 'source', type: 'key', keySpecIndex: 0 },
      { name: 'destination', type: 'key', keySpecIndex: 1 },
      { name: 'destination-db', type: 'integer', token: 'DB', flags: ['optional'] },
      { name: 'replace', type: 'pure-token', token: 'REPLACE', flags: ['optional'] },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    let target = db;
    let replaces = false;
    for (let i = 3; i < args.count; i++) {
      if (args.is(i, 'REPLACE')) {
        replaces = true;
      } else if (args.is(i, 'DB') && i + 1 < args.count) {
        const named = namedDatabase(context, args, ++i);
        if (named === undefined) return;
        target = named;
      } else {
        reply.error(SYNTAX_ERROR);
        return;
      }
    }
    if (target === db && sameKey(args, 1, 2)) {
      reply.error(SAME_OBJECT);
      return;
    }
    if (db.lookupRead(args, 1) === 0 || (target.lookupWrite(args, 2) !== 0 && !replaces)) {
      reply.integer(0);
      return;
    }
    const ref = db.peek(args, 1);
    const expireAtMs = db.keyspace.expireAtMs(ref);
    placeValue(target, args, 2, copyValue(db.keyspace, ref), expireAtMs);
    server.dirty++;
    target.changed(args, 2, EventClass.generic, 'copy_to');
    reply.integer(1);
  },
};
