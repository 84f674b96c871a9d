import type { CommandSpec } from '../../command.ts';

export const latencyHistory: CommandSpec = {
  name: 'history',
  arity: 3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  docs: {
    summary: 'Returns the latency events of one kind.',
    since: '2.8.13',
    group: 'server',
    complexity: 'O(1)',
    arguments: [{ name: 'event', type: 'string' }],
  },
  execute({ reply, server }, args) {
    const samples = server.latencyEvents.get(args.text(2))?.samples ?? [];
    reply.array(samples.length);
    for (const { atSec, durationMs } of samples) {
      reply.array(2);
      reply.integer(atSec);
      reply.integer(durationMs);
    }
  },
};
