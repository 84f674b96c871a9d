import type { CommandSpec } from '../../command.ts';

export const latencyHistogram: CommandSpec = {
  name: 'histogram',
  arity: -2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  docs: {
    summary: "Returns the distribution of commands' execution times.",
    since: '7.0.0',
    group: 'server',
    complexity: 'O(N) where N is the number of commands with latency information being retrieved.',
    arguments: [{ name: 'command', type: 'string', flags: ['optional', 'multiple'] }],
  },
  execute(context) {
    context.reply.map(0);
  },
};
