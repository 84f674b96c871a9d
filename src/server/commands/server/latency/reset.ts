import type { CommandSpec } from '../../command.ts';

export const latencyReset: CommandSpec = {
  name: 'reset',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum'],
  docs: {
    summary: 'Forgets latency events; returns how many kinds there were.',
    since: '2.8.13',
    group: 'server',
    complexity: 'O(1)',
    arguments: [{ name: 'event', type: 'string', flags: ['optional', 'multiple'] }],
  },
  execute({ reply, server }, args) {
    if (args.count === 2) return reply.integer(server.latencyEvents.forgetAll());
    let forgotten = 0;
    for (let i = 2; i < args.count; i++) if (server.latencyEvents.forget(args.text(i))) forgotten++;
    reply.integer(forgotten);
  },
};
