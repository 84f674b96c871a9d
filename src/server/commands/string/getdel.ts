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
    if (replyCurrent(context, args) && context.db.delete(args, 1)) context.server.dirty++;
  },
};
