import type { CommandSpec } from '../../command.ts';
import { keyAt } from '../../command.ts';
import { consumerNamed, nameAt } from '../streamLookup.ts';
import { groupAt } from './groupOptions.ts';

export const xgroupCreateconsumer: CommandSpec = {
  name: 'createconsumer',
  arity: 5,
  flags: ['write', 'denyoom'],
  categories: ['stream'],
  keys: [keyAt(2, 'RW', 'insert')],
  docs: {
    summary: 'Adds a consumer to a group.',
    since: '6.2.0',
    group: 'stream',
    complexity: 'O(1)',
    arguments: [
      { name: 'key', type: 'key', keySpecIndex: 0 },
      { name: 'group', type: 'string' },
      { name: 'consumer', type: 'string' },
    ],
  },
  execute(context, args) {
    const found = groupAt(context, args);
    if (found === undefined) return;
    const { group } = found;
    const name = nameAt(args, 4);
    const isNew = !group.consumers.has(name);
    if (isNew) consumerNamed(context, args, 2, group, name);
    context.reply.integer(isNew ? 1 : 0);
  },
};
