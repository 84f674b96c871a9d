import type { CommandSpec } from '../../command.ts';

export const slowlogReset: CommandSpec = {
  name: 'reset',
  arity: 2,
  flags: ['admin', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Forgets the slow commands.',
    since: '2.2.12',
    group: 'server',
    complexity: 'O(N) where N is the number of entries in the slowlog',
  },
  execute(context) {
    context.server.slowLog.reset();
    context.reply.ok();
  },
};
