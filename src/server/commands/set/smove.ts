import { EventClass } from '../../events/eventClasses.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandSpec } from '../command.ts';
import { keyAt } from '../command.ts';
import { sameKey } from '../generic/keyLookup.ts';
import { firstForm, memberAt, setOf } from './setLookup.ts';

export const smove: CommandSpec = {
  name: 'smove',
  arity: 4,
  flags: ['write', 'fast'],
  categories: ['set'],
  keys: [keyAt(1, 'RW', 'access', 'delete'), keyAt(2, 'RW', 'insert')],
  docs: {
    summary: 'Takes a member out of one set and puts it into another.',
    since: '1.0.0',
    group: 'set',
    complexity: 'O(1)',
    arguments: [
      { name: 'source', type: 'key', keySpecIndex: 0 },
      { name: 'destination', type: 'key', keySpecIndex: 1 },
      { name: 'member', type: 'string' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const { openSets, setLimits } = server;
    db.lookupWrite(args, 1);
    db.lookupWrite(args, 2);
    // The second look-up may have removed an expired entry.
    const sourceRef = db.peek(args, 1);
    if (sourceRef === 0) return reply.integer(0);
    const source = setOf(context, sourceRef);
    if (source === null || source === undefined) return;
    if (setOf(context, db.peek(args, 2)) === null) return;
    const member = memberAt(args, 3);
    if (sameKey(args, 1, 2)) return reply.integer(source.has(member) ? 1 : 0);
    if (!source.remove(member)) return reply.integer(0);
    const isGone = source.length === 0;
    storeBack(context, args, 1, sourceRef, source);
    server.dirty++;
    db.changed(args, 1, EventClass.set, 'srem');
    if (isGone) db.changed(args, 1, EventClass.generic, 'del');
    const targetRef = db.peek(args, 2);
    const target = setOf(context, targetRef) ?? openSets.create(firstForm(member, 1, setLimits));
    if (target.add(member, setLimits)) {
      storeBack(context, args, 2, targetRef, target);
      server.dirty++;
      db.changed(args, 2, EventClass.set, 'sadd');
    }
    reply.integer(1);
  },
};
