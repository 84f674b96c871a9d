/**
 * The experiment behind `evenkeel compare`: any targets under any workload, all of them held against the first.
 *
 * The second against the first is the question; every further target is a yardstick beside it. So only that comparison is primary and in
 * the scorecard's Holm family: one more yardstick must not cost the answer its power.
 */
import type { Workload } from '../workloads/workload.ts';
import type { ExperimentDefinition, Scenario } from './definition.ts';
import type { TargetKind } from './result.ts';
import { closedLoop, memoryPerKey, openLoop } from './scenarios.ts';

export interface ComparedTarget {
  /** Arm id. */
  id: string;
  kind: TargetKind;
}

export interface ComparedLoad {
  workload: Workload;
  /** Of the closed-loop scenarios, one each. */
  pipelines: readonly number[];
  /** Of the open-loop scenario; none if absent. */
  rateOpsPerSec?: number;
  connections: number;
  /** Of the memory scenario's values; none if absent. */
  memoryValueBytes?: number;
}

/** What the servers of this machine hold can be read from outside; a URL's cannot, and the null responder keeps nothing. */
const KINDS_WITH_MEMORY: readonly TargetKind[] = ['evenkeel', 'redis'];

/** @param targets at least two, the reference first, with distinct ids. */
export function targetComparison(
  targets: readonly ComparedTarget[],
  { workload, pipelines, rateOpsPerSec, connections, memoryValueBytes }: ComparedLoad,
): ExperimentDefinition {
  const arms = targets.map(({ id }) => id);
  const [reference, ...others] = arms as [string, ...string[]];
  const scenarios: Scenario[] = pipelines.map((pipeline) =>
    closedLoop(workload.name, workload, pipeline, {
      connections,
      decides: ['throughput-ops-per-sec', 'cpu-us-per-request'],
    }),
  );
  if (rateOpsPerSec !== undefined) {
    scenarios.push(
      openLoop(workload.name, workload, rateOpsPerSec, {
        connections,
        decides: ['latency-p99-us', 'latency-p999-us'],
      }),
    );
  }
  const measurable = targets.filter(({ kind }) => KINDS_WITH_MEMORY.includes(kind)).map(({ id }) => id);
  if (memoryValueBytes !== undefined && measurable.length >= 2) {
    scenarios.push(
      memoryPerKey(memoryValueBytes, {
        arms: measurable,
        tier: 2,
        // A slope over a million keys varies by less than a byte between processes: a short session needs no more to show it.
        pairsMax: { smoke: 1, quick: 1 },
      }),
    );
  }
  const names = others.join(', ');
  return {
    id: 'compare',
    title: `${names} against ${reference}`,
    question: `How ${others.length === 1 ? 'does' : 'do'} ${names} differ from ${reference} under ${workload.name}?`,
    arms: { smoke: arms, quick: arms, full: arms },
    comparisons: others.map((b, index) => ({ a: reference, b, primary: index === 0 })),
    scenarios,
    budgets: [],
  };
}
