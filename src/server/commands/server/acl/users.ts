import type { CommandSpec } from '../../command.ts';

export const aclUsers: CommandSpec = {
  name: 'users',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Returns the names of the users; there is one.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(N). Where N is the number of configured users.',
  },
  execute(context) {
    context.reply.array(1);
    context.reply.bulkText('default');
  },
};
