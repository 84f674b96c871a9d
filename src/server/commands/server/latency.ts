import type { CommandSpec } from '../command.ts';
import { latencyDoctor } from './latency/doctor.ts';
import { latencyGraph } from './latency/graph.ts';
import { latencyHelp } from './latency/help.ts';
import { latencyHistogram } from './latency/histogram.ts';
import { latencyHistory } from './latency/history.ts';
import { latencyLatest } from './latency/latest.ts';
import { latencyReset } from './latency/reset.ts';

export const latency: CommandSpec = {
  name: 'latency',
  arity: -2,
  flags: [],
  categories: [],
  keys: [],
  docs: {
    summary: 'Groups the commands about latency.',
    since: '2.8.13',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  subcommands: [
    latencyDoctor,
    latencyGraph,
    latencyHelp,
    latencyHistogram,
    latencyHistory,
    latencyLatest,
    latencyReset,
  ],
};
