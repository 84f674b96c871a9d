import { EventClass } from '../../events/eventClasses.ts';
import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { replyCurrent } from './storeString.ts';

export const getdel: CommandSpec = {
  name: 'getdel',
  arity: 2,
  flags: ['write', 'fast'],
  categories: ['string'],
  keys: oneKey('RW', 'access', 'delete'),
  docs: {
    summary: 'Returns the string at a key and removes the key.',
    since: '6.2.0',
    group: 'string',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const { db, server } = context;
    if (!replyCurrent(context, args) || !db.delete(args, 1)) return;
    server.dirty++;
    db.changed(args, 1, EventClass.generic, 'del');
  },
};
