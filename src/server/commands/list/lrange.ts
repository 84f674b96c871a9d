import type { CommandSpec } from '../command.ts';
import { oneKey } from '../command.ts';
import { readInteger } from '../integers.ts';
import { readList } from './listLookup.ts';

export const lrange: CommandSpec = {
  name: 'lrange',
  arity: 4,
  flags: ['readonly'],
  categories: ['list'],
  keys: oneKey('RO', 'access'),
  docs: {
    summary: 'Returns the elements between two places of a list.',
    since: '1.0.0',
    group: 'list',
    complexity:
      'O(S+N) where S is the distance of start offset from HEAD for small lists, from nearest end (HEAD or TAIL) for large lists; and N is the number of elements in the specified range.',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'start', type: 'integer' },
      { name: 'stop', type: 'integer' },
    ],
  },
  execute(context, args) {
    const { reply } = context;
    const start = readInteger(context, args, 2);
    if (start === undefined) return;
    const stop = readInteger(context, args, 3);
    if (stop === undefined) return;
    const list = readList(context, args);
    if (list === null) return;
    if (list === undefined) return reply.array(0);
    const { length } = list;
    const first = Math.max(start < 0 ? length + start : start, 0);
    const last = Math.min(stop < 0 ? length + stop : stop, length - 1);
    const count = Math.max(last - first + 1, 0);
    reply.array(count);
    list.visit(first, count, false, (node, at) => node.reply(reply, at));
  },
};
