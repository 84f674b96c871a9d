import { EventClass } from '../../events/eventClasses.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { memberAt, setOf } from './setLookup.ts';

export const srem: CommandSpec = {
  name: 'srem',
  arity: -3,
  flags: ['write', 'fast'],
  categories: ['set'],
  keys: oneKey('RW', 'delete'),
  docs: {
    summary: 'Removes members from a set.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N) where N is the number of members to be removed.',
    history: [['2.4.0', 'Accepts several members.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'member', type: 'string', flags: ['multiple'] },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const ref = db.lookupWrite(args, 1);
    const set = setOf(context, ref);
    if (set === null) return;
    let removed = 0;
    if (set !== undefined) for (let i = 2; i < args.count; i++) if (set.remove(memberAt(args, i))) removed++;
    if (set !== undefined && removed > 0) {
      const isGone = set.length === 0;
      storeBack(context, args, 1, ref, set);
      server.dirty += removed;
      db.changed(args, 1, EventClass.set, 'srem');
      if (isGone) db.changed(args, 1, EventClass.generic, 'del');
    }
    reply.integer(removed);
  },
};
