import { EventClass } from '../../events/eventClasses.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readInteger } from '../integers.ts';
import { listOf } from './listLookup.ts';

export const ltrim: CommandSpec = {
  name: 'ltrim',
  arity: 4,
  flags: ['write'],
  categories: ['list'],
  keys: oneKey('RW', 'delete'),
  docs: {
    summary: 'Keeps the elements between two places of a list and removes the others.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements to be removed by the operation.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'start', type: 'integer' },
      { name: 'stop', type: 'integer' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const start = readInteger(context, args, 2);
    if (start === undefined) return;
    const stop = readInteger(context, args, 3);
    if (stop === undefined) return;
    const ref = db.lookupWrite(args, 1);
    const list = listOf(context, ref);
    if (list === null) return;
    if (list === undefined) return reply.ok();
    const { length } = list;
    const first = Math.max(start < 0 ? length + start : start, 0);
    const last = Math.min(stop < 0 ? length + stop : stop, length - 1);
    const kept = Math.max(last - first + 1, 0);
    if (kept === 0) {
      list.removeRange(0, length);
    } else {
      list.removeRange(last + 1, length - last - 1);
      list.removeRange(0, first);
    }
    list.shrink(server.listFill);
    storeBack(context, args, 1, ref, list);
    server.dirty += length - kept;
    db.changed(args, 1, EventClass.list, 'ltrim');
    if (kept === 0) db.changed(args, 1, EventClass.generic, 'del');
    reply.ok();
  },
};
