import { EventClass } from '../../events/eventClasses.ts';
import { storeBack } from '../collectionStore.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { SYNTAX_ERROR } from '../errors.ts';
import { elementAt, listOf } from './listLookup.ts';

export const linsert: CommandSpec = {
  name: 'linsert',
  arity: 5,
  flags: ['write', 'denyoom'],
  categories: ['list'],
  keys: oneKey('RW', 'insert'),
  docs: {
    summary: 'Puts an element before or behind another of a list.',
    since: '2.2.0',
    group: 'list',
    complexity:
      'O(N) where N is the number of elements to traverse before seeing the value pivot. This means that inserting somewhere on the left end on the list (head) can be considered O(1) and inserting somewhere on the right end (tail) is O(N).',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      {
        name: 'where',
        type: 'oneof',
        arguments: [
          { name: 'before', type: 'pure-token', token: 'BEFORE' },
          { name: 'after', type: 'pure-token', token: 'AFTER' },
        ],
      },
      { name: 'pivot', type: 'string' },
      { name: 'element', type: 'string' },
    ],
  },
  execute(context, args) {
    const { db, reply, server } = context;
    const after = args.is(2, 'AFTER');
    if (!after && !args.is(2, 'BEFORE')) return reply.error(SYNTAX_ERROR);
    const ref = db.lookupWrite(args, 1);
    const list = listOf(context, ref);
    if (list === null) return;
    if (list === undefined) return reply.integer(0);
    list.prepare(args.length(4), 1, server.listFill);
    const inserted = list.insertBeside(elementAt(args, 3), elementAt(args, 4), after);
    const { length } = list;
    // Also where nothing was inserted: the list may have left its packed form.
    storeBack(context, args, 1, ref, list);
    if (!inserted) return reply.integer(-1);
    server.dirty++;
    db.changed(args, 1, EventClass.list, 'linsert');
    reply.integer(length);
  },
};
