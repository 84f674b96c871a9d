/** The whole server against Redis under published workloads: YCSB, Twitter 2020, Facebook 2012. */
import type { ExperimentDefinition, LoadScenario } from '../../src/lab/experiments/definition.ts';
import { closedLoop, openLoop } from '../../src/lab/experiments/scenarios.ts';
import { presetDescription, presetWorkload } from '../../src/lab/workloads/presets.ts';

const closed = [
  ...['ycsb-a', 'ycsb-b', 'ycsb-c', 'ycsb-d', 'ycsb-e-mget', 'ycsb-f'],
  ...[52, 25, 7, 19, 40, 12, 23].map((cluster) => `twitter-${cluster}`),
  'facebook-etc',
];
/** One of each source is also held at a fixed rate, where its tail can be seen. */
const open = ['ycsb-a', 'twitter-52', 'facebook-etc'];

function saturated(name: string): LoadScenario {
  return closedLoop(presetDescription(name), presetWorkload(name), 16, {
    id: name,
    decides: ['throughput-ops-per-sec'],
  });
}

function atRate(name: string): LoadScenario {
  return openLoop(presetDescription(name), presetWorkload(name), 20_000, { id: `${name}-20k`, tier: 2 });
}

export const definition: ExperimentDefinition = {
  id: 'workloads',
  title: 'Published workloads',
  question: 'How does the whole server stand against Redis under workloads that others published?',
  study: true,
  arms: { smoke: ['redis', 'all'], quick: ['redis', 'all'], full: ['redis', 'all'] },
  comparisons: [{ a: 'redis', b: 'all', primary: true }],
  withoutBaseline: { arms: ['none', 'all'], comparisons: [{ a: 'none', b: 'all', primary: true }] },
  scenarios: [...closed.map(saturated), ...open.map(atRate)],
  budgets: [],
};
