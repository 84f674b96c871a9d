import type { CommandSpec } from '../../command.ts';

export const configResetStat: CommandSpec = {
  name: 'resetstat',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  docs: {
    summary: 'Sets the statistics that INFO reports back to zero.',
    since: '2.0.0',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    const { clients, stats } = context.server;
    stats.reset();
    clients.connectionsTotal = 0;
    clients.connectionsRejected = 0;
    context.reply.ok();
  },
};
