import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';

export const persist: CommandSpec = {
  name: 'persist',
  arity: 2,
  flags: ['write', 'fast'],
  categories: ['keyspace'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Takes the expiry off a key.',
    since: '2.2.0',
    group: 'generic',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const ref = db.lookupWrite(args, 1);
    if (ref === 0 || db.keyspace.expireAtMs(ref) === NO_EXPIRY) {
      reply.integer(0);
      return;
    }
    db.setExpireAt(ref, NO_EXPIRY);
    server.dirty++;
    db.changed(args, 1, EventClass.generic, 'persist');
    reply.integer(1);
  },
};
