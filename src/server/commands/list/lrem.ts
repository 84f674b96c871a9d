import { EventClass } from '../../events/eventClasses.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readNegatable } from '../integers.ts';
import { elementAt, listOf } from './listLookup.ts';

export const lrem: CommandSpec = {
  name: 'lrem',
  arity: 4,
  flags: ['write'],
  categories: ['list'],
  keys: oneKey('RW', 'delete'),
  docs: {
    summary: 'Removes elements that equal a value from a list.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N+M) where N is the length of the list and M is the number of elements removed.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'count', type: 'integer' },
      { name: 'element', type: 'string' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const given = readNegatable(context, args, 2);
    if (given === undefined) return;
    const asked = Number(given);
    const ref = db.lookupWrite(args, 1);
    const list = listOf(context, ref);
    if (list === null) return;
    if (list === undefined) return reply.integer(0);
    const countMax = asked === 0 ? Number.POSITIVE_INFINITY : Math.abs(asked);
    const removed = list.removeEqual(elementAt(args, 3), countMax, asked < 0);
    if (removed > 0) {
      const isGone = list.length === 0;
      list.shrink(server.listFill);
      storeBack(context, args, 1, ref, list);
      server.dirty += removed;
      db.changed(args, 1, EventClass.list, 'lrem');
      if (isGone) db.changed(args, 1, EventClass.generic, 'del');
    }
    reply.integer(removed);
  },
};
