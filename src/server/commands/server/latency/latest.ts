import type { CommandSpec } from '../../command.ts';

export const latencyLatest: CommandSpec = {
  name: 'latest',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  docs: {
    summary: 'Returns the latest latency event of each kind.',
    since: '2.8.13',
    group: 'server',
    complexity: 'O(1)',
  },
  execute({ reply, server }) {
    const series = [...server.latencyEvents.all()];
    reply.array(series.length);
    for (const [event, { samples, maxMs }] of series) {
      const latest = samples.at(-1)!;
      reply.array(4);
      reply.bulkText(event);
      reply.integer(latest.atSec);
      reply.integer(latest.durationMs);
      reply.integer(maxMs);
    }
  },
};
