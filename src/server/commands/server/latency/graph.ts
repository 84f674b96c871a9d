import type { CommandSpec } from '../../command.ts';

export const latencyGraph: CommandSpec = {
  name: 'graph',
  arity: 3,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  docs: {
    summary: 'Draws the latency events of one kind.',
    since: '2.8.13',
    group: 'server',
    complexity: 'O(1)',
    arguments: [{ name: 'event', type: 'string' }],
  },
  execute(context, args) {
    context.reply.error(`ERR No samples available for event '${args.text(2)}'`);
  },
};
