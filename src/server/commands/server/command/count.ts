import type { CommandSpec } from '../../command.ts';

export const commandCount: CommandSpec = {
  name: 'count',
  arity: 2,
  flags: ['loading', 'stale', 'sentinel'],
  categories: ['connection'],
  keys: [],
  docs: { summary: 'Returns the number of commands.', since: '2.8.13', group: 'server', complexity: 'O(1)' },
  execute(context) {
    context.reply.integer(context.server.commands.count);
  },
};
