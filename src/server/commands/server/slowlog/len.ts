import type { CommandSpec } from '../../command.ts';

export const slowlogLen: CommandSpec = {
  name: 'len',
  arity: 2,
  flags: ['admin', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum', 'nondeterministic_output'],
  docs: {
    summary: 'Returns how many slow commands are remembered.',
    since: '2.2.12',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    context.reply.integer(context.server.slowLog.length);
  },
};
