import type { CommandSpec } from '../../command.ts';

const DISABLED =
  'Latency monitoring is off. Turn it on with CONFIG SET latency-monitor-threshold <milliseconds>: events at least as long are then remembered.\n';
const NOTHING_SEEN = 'No latency event was seen since monitoring is on. Nothing to report.\n';

export const latencyDoctor: CommandSpec = {
  name: 'doctor',
  arity: 2,
  flags: ['admin', 'noscript', 'loading', 'stale'],
  categories: [],
  keys: [],
  tips: ['nondeterministic_output', 'request_policy:all_nodes', 'response_policy:special'],
  docs: {
    summary: 'Reports on latency events in words.',
    since: '2.8.13',
    group: 'server',
    complexity: 'O(1)',
  },
  execute(context) {
    const enabled = context.server.configuration.number('latency-monitor-threshold') > 0;
    context.reply.verbatim(enabled ? NOTHING_SEEN : DISABLED, 'txt');
  },
};
