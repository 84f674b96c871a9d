import type { CommandSpec } from '../../command.ts';

/** What can be done about each kind. */
const ADVICE: Record<string, string> = {
  command:
    'Commands that look at many elements take as long as there are many: SLOWLOG GET names them; SCAN and its family do the same in small steps.',
  'fast-command':
    'Commands that should be fast were not: something else was in their way. Look at garbage collections and at waiting for a core on the live page.',
  'expire-cycle': 'Many keys expire at the same time: spread their expiries.',
  'eviction-cycle': 'Memory is full and eviction cannot keep up: raise maxmemory, or write less.',
  'while-blocked-cron': 'Housekeeping took long: the machine is short of CPU.',
};

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
  execute({ reply, server }) {
    const { latencyEvents } = server;
    const series = [...latencyEvents.all()];
    if (series.length === 0)
      return reply.verbatim(latencyEvents.thresholdMs > 0 ? NOTHING_SEEN : DISABLED, 'txt');
    const lines = series.map(([event, { samples, maxMs }], index) => {
      const durations = samples.map(({ durationMs }) => durationMs);
      const mean = durations.reduce((sum, duration) => sum + duration, 0) / durations.length;
      const deviation =
        durations.reduce((sum, duration) => sum + Math.abs(duration - mean), 0) / durations.length;
      const spanSec = samples.at(-1)!.atSec - samples[0]!.atSec;
      const every = samples.length > 1 ? `, one every ${(spanSec / (samples.length - 1)).toFixed(1)} s` : '';
      return (
        `${index + 1}. ${event}: ${samples.length} latency spikes (average ${mean.toFixed(0)} ms, mean deviation ${deviation.toFixed(0)} ms${every}). ` +
        `Worst all time event ${maxMs} ms. ${ADVICE[event] ?? ''}`
      );
    });
    reply.verbatim(
      `Latency events of ${latencyEvents.thresholdMs} ms and more:\n\n${lines.join('\n')}\n`,
      'txt',
    );
  },
};
