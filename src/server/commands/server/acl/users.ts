import type { CommandSpec } from '../../command.ts';

export const aclUsers: CommandSpec = {
  name: 'users',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale', 'sentinel'],
  categories: [],
  keys: [],
  docs: {
    summary: 'Returns the names of the users.',
    since: '6.0.0',
    group: 'server',
    complexity: 'O(N). Where N is the number of configured users.',
  },
  execute({ reply, server }) {
    const users = server.access.users.all();
    reply.array(users.length);
    for (const user of users) reply.bulkText(user.name);
  },
};
