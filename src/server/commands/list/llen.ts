import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readList } from './listLookup.ts';

export const llen: CommandSpec = {
  name: 'llen',
  arity: 2,
  flags: ['readonly', 'fast'],
  categories: ['list'],
  keys: oneKey('RO'),
  docs: {
    summary: 'Counts the elements of a list.',
    since: '1.0.0',
    group: 'list',
    complexity: 'O(1)',
    arguments: [{ name: 'key', type: 'key', keySpecIndex: 0 }],
  },
  execute(context, args) {
    const list = readList(context, args);
    if (list !== null) context.reply.integer(list?.length ?? 0);
  },
};
