import { EventClass } from '../../events/eventClasses.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { INDEX_OUT_OF_RANGE, NO_SUCH_KEY, NOT_AN_INTEGER } from '../errors.ts';
import { elementAt, listOf } from './listLookup.ts';

export const lset: CommandSpec = {
  name: 'lset',
  arity: 4,
  flags: ['write', 'denyoom'],
  categories: ['list'],
  keys: oneKey('RW', 'update'),
  docs: {
    summary: 'Replaces the element at a place of a list.',
    since: '1.0.0',
    group: 'list',
    complexity:
      'O(N) where N is the length of the list. Setting either the first or the last element of the list is O(1).',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'index', type: 'integer' },
      { name: 'element', type: 'string' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const ref = db.lookupWrite(args, 1);
    const list = listOf(context, ref);
    if (list === null) return;
    if (list === undefined) return reply.error(NO_SUCH_KEY);
    const given = args.int64(2);
    if (given === undefined) return reply.error(NOT_AN_INTEGER);
    // Redis takes the index for an int of C here, and drops what is above 32 bits.
    const asked = Number(BigInt.asIntN(32, given));
    list.prepare(args.length(3), 1, server.listFill);
    const index = asked < 0 ? list.length + asked : asked;
    const exists = index >= 0 && index < list.length;
    if (exists) {
      list.set(index, elementAt(args, 3));
      list.shrink(server.listFill);
    }
    // Also where there is no such place: the list may have left its packed form.
    storeBack(context, args, 1, ref, list);
    if (!exists) return reply.error(INDEX_OUT_OF_RANGE);
    server.dirty++;
    db.changed(args, 1, EventClass.list, 'lset');
    reply.ok();
  },
};
