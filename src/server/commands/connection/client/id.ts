import type { CommandSpec } from '../../command.ts';

export const clientId: CommandSpec = {
  name: 'id',
  arity: 2,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: 'Returns the number of this connection, never given twice.',
    since: '5.0.0',
    group: 'connection',
    complexity: 'O(1)',
  },
  execute(context) {
    context.reply.integer(context.client.id);
  },
};
