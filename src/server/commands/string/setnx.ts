import { EventClass } from '../../events/eventClasses.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';

export const setnx: CommandSpec = {
  name: 'setnx',
  arity: 3,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['string'],
  keys: oneKey('OW', 'insert'),
  docs: {
    summary: 'Sets a key to a string if the key does not exist.',
    since: '1.0.0',
    group: 'string',
    complexity: 'O(1)',
    deprecatedSince: '2.6.12',
    replacedBy: '`SET` with the `NX` argument',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'value', type: 'string' },
    ],
  },
  execute(context, args) {
    if (context.db.lookupWrite(args, 1) !== 0) {
      context.reply.integer(0);
      return;
    }
    context.db.putString(args, 1, 2, NO_EXPIRY);
    context.server.dirty++;
    context.db.changed(args, 1, EventClass.string, 'set');
    context.reply.integer(1);
  },
};
