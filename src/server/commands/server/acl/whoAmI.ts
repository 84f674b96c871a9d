import type { CommandSpec } from '../../command.ts';

export const aclWhoAmI: CommandSpec = {
  name: 'whoami',
  arity: 2,
  flags: ['noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Returns the user of this connection.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    context.reply.bulkText(context.client.user.name);
  },
};
