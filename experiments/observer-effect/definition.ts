/** What watching costs: instruments on, scraped and with a page open, against a server without any. */
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import type { BudgetRow, MetricId } from '../../src/lab/experiments/result.ts';
import { closedLoop, openLoop } from '../../src/lab/experiments/scenarios.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

const workload = mixWorkload(1, 1, { keys: 100_000, valueBytes: 64 });
const what = 'GET/SET 50/50, 64 B';
const arms = ['all?http-port=0', 'all?observers=1'];

const budget = (label: string, scenarioId: string, metric: MetricId, limit: number): BudgetRow => ({
  label,
  scenarioId,
  metric,
  a: arms[0]!,
  b: arms[1]!,
  bound: 'at-most',
  limit,
  unit: 'ratio',
});

export const definition: ExperimentDefinition = {
  id: 'observer-effect',
  title: 'What watching costs',
  question: 'What do recording, a scrape a second and an open live page cost the server that is watched?',
  study: true,
  arms: { smoke: arms, quick: arms, full: arms },
  comparisons: [{ a: arms[0]!, b: arms[1]!, primary: true }],
  scenarios: [
    closedLoop(what, workload, 64),
    closedLoop(what, workload, 1, { tier: 2 }),
    openLoop(what, workload, 40_000),
  ],
  budgets: [
    budget('CPU per request, pipeline 64', 'p64', 'cpu-us-per-request', 1.02),
    budget('p99 at 40k requests/s', 'open-40k', 'latency-p99-us', 1.03),
  ],
};
