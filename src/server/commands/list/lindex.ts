import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readInteger } from '../integers.ts';
import { readList } from './listLookup.ts';

export const lindex: CommandSpec = {
  name: 'lindex',
  arity: 3,
  flags: ['readonly'],
  categories: ['list'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the element at a place of a list.',
    since: '1.0.0',
    group: 'list',
    complexity:
      'O(N) where N is the number of elements to traverse to get to the element at index. This makes asking for the first or the last element of the list O(1).',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'index', type: 'integer' },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const list = readList(context, args);
    if (list === null) return;
    if (list === undefined) return reply.nil();
    const asked = readInteger(context, args, 2);
    if (asked === undefined) return;
    const index = asked < 0 ? list.length + asked : asked;
    if (index < 0 || index >= list.length) reply.nil();
    else list.replyAt(reply, index);
  },
};
