import { EventClass } from '../../events/eventClasses.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { firstForm, memberAt, setOf } from './setLookup.ts';

export const sadd: CommandSpec = {
  name: 'sadd',
  arity: -3,
  flags: ['write', 'denyoom', 'fast'],
  categories: ['set'],
  keys: oneKey('RW', 'insert'),
  docs: {
    summary: 'Adds members to a set, creating it if need be.',
    since: '1.0.0',
    group: 'set',
    complexity:
      'O(1) for each element added, so O(N) to add N elements when the command is called with multiple arguments.',
    history: [['2.4.0', 'Accepts several members.']],
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'member', type: 'string', flags: ['multiple'] },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const { openSets, setLimits } = server;
    const ref = db.lookupWrite(args, 1);
    const found = setOf(context, ref);
    if (found === null) return;
    const count = args.count - 2;
    const set = found ?? openSets.create(firstForm(memberAt(args, 2), count, setLimits));
    if (found !== undefined) set.prepare(count, setLimits);
    let added = 0;
    for (let i = 2; i < args.count; i++) if (set.add(memberAt(args, i), setLimits)) added++;
    storeBack(context, args, 1, ref, set);
    if (added > 0) {
      server.dirty += added;
      db.changed(args, 1, EventClass.set, 'sadd');
    }
    reply.integer(added);
  },
};
