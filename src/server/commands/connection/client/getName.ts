import type { CommandSpec } from '../../command.ts';

export const clientGetName: CommandSpec = {
  name: 'getname',
  arity: 2,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Returns the name of this connection.',
    since: '2.6.9',
    group: 'connection',
    complexity: 'O(1)',
  },
  execute(context) {
    if (context.client.name === '') context.reply.nil();
    else context.reply.bulkText(context.client.name);
  },
};
