import type { CommandSpec } from '../../command.ts';
import { SPARKLINE_COLUMNS, sparkline } from './sparkline.ts';

/** `12s`, `5m`, `3h`, `2d`. */
function ageText(ageSec: number): string {
  if (ageSec < 60) return `${ageSec}s`;
  if (ageSec < 3600) return `${Math.floor(ageSec / 60)}m`;
  if (ageSec < 86_400) return `${Math.floor(ageSec / 3600)}h`;
  return `${Math.floor(ageSec / 86_400)}d`;
}

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
  execute({ reply, server }, args) {
    const event = args.text(2);
    const series = server.latencyEvents.get(event);
    if (series === undefined) return reply.error(`ERR No samples available for event '${event}'`);
    const nowSec = Math.floor(server.context.nowMs / 1000);
    const columns = series.samples.map(({ atSec, durationMs }) => ({
      value: durationMs,
      label: ageText(nowSec - atSec),
    }));
    const values = columns.map(({ value }) => value);
    const [high, low] = [Math.max(...values), Math.min(...values)];
    reply.verbatim(
      `${event} - high ${high} ms, low ${low} ms (all time high ${series.maxMs} ms)\n` +
        `${'-'.repeat(SPARKLINE_COLUMNS)}\n${sparkline(columns)}`,
      'txt',
    );
  },
};
