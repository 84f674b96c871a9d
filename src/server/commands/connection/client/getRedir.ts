import type { CommandSpec } from '../../command.ts';

export const clientGetRedir: CommandSpec = {
  name: 'getredir',
  arity: 2,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: {
    summary: "Returns the connection that gets this one's invalidation messages.",
    since: '6.0.0',
    group: 'connection',
    complexity: 'O(1)',
  },
  execute(context) {
    context.reply.integer(context.client.tracking?.redirectId ?? -1);
  },
};
