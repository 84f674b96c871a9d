import type { CommandSpec } from '../command.ts';

export const role: CommandSpec = {
  name: 'role',
  arity: 1,
  flags: ['noscript', 'loading', 'stale', 'fast', 'sentinel'],
  categories: ['admin', 'dangerous'],
  keys: [],
  docs: {
    summary: "Returns this server's part in replication.",
    since: '2.8.12',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    const { reply } = context;
    reply.array(3);
    reply.bulkText('master');
    reply.integer(0);
    reply.array(0);
  },
};
