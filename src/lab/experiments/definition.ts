/**
 * What an experiment is before it has run: the question, the arms, the scenarios and what would count as an answer.
 *
 * A definition is data, kept in `experiments/<id>/definition.ts`; everything that runs or judges it lives in this folder. It is
 * written down before the first block, so that neither the rule of acceptance nor the deciding metric can follow the data.
 *
 * Arms of a flag experiment. Two designs were on the table: the flag alone (`none` against `+flag`) and the flag among its peers
 * (`-flag`, everything but it, against `all`). The second is primary: it answers "what would we lose by dropping this part from
 * what we ship?", while the first credits a part with gains that another part brings anyway. The first is run too at full effort,
 * because the difference between the two is the interaction.
 *
 * Invariants (checked by `checkDefinition`): ids are unique; every comparison, claim and budget names an arm and a scenario that
 * exist; the metric of a claim is among its scenario's `decides`.
 */
import type { Workload } from '../workloads/workload.ts';
import type { BudgetRow, Claim, MetricId, ScenarioDescription } from './result.ts';

export type Effort = 'smoke' | 'quick' | 'full';

/** Lower runs first when time is short: cells of tier 1 get their six pairs before tier 2 gets a seventh block. */
export type Tier = 1 | 2 | 3;

interface ScenarioBase {
  id: string;
  label: string;
  decides: MetricId[];
  tier: Tier;
  /** Efforts that run it; all if absent. */
  efforts?: Effort[];
  /** Never more pairs than this: memory is nearly deterministic, and where only a budget is held more pairs buy nothing. */
  pairsMax?: Partial<Record<Effort, number>>;
}

/** Load on a running target: one workload under one shape of load. */
export interface LoadScenario extends ScenarioBase {
  kind: 'load';
  workload: Workload;
  connections: number;
  loop:
    | { kind: 'closed'; pipeline: number }
    | { kind: 'open'; rateOpsPerSec: number; arrivals: 'constant' | 'poisson' };
}

/** Bytes per key: the slope of memory over several key counts inside one process. */
export interface MemoryScenario extends ScenarioBase {
  kind: 'memory';
  keyBytes: number;
  valueBytes: number;
  ttl: boolean;
}

/** Throughput against latency: one open-loop block per rate and arm, informative, never a verdict. */
export interface CurveScenario {
  id: string;
  workload: Workload;
  connections: number;
  ratesOpsPerSec: number[];
  efforts?: Effort[];
}

export type Scenario = LoadScenario | MemoryScenario;

/** B against A; `primary` is what the claim is judged on. */
export interface PlannedComparison {
  a: string;
  b: string;
  primary: boolean;
}

export interface ExperimentDefinition {
  id: string;
  title: string;
  question: string;
  flag?: string;
  claim?: Claim;
  /** Arm ids by effort: `all`, `none`, `redis`, `-<flag>`, `+<flag>`. Two arms give pairs, more give randomised complete blocks. */
  arms: Record<Effort, string[]>;
  comparisons: PlannedComparison[];
  scenarios: Scenario[];
  curve?: CurveScenario;
  budgets: BudgetRow[];
  /** Used when the baseline cannot be had: stands in for it in `arms` and `comparisons`. */
  withoutBaseline?: { arms: string[]; comparisons: PlannedComparison[] };
}

/** The scenario as it stands in the result. */
export function describeScenario(scenario: Scenario): ScenarioDescription {
  if (scenario.kind === 'memory') {
    return {
      id: scenario.id,
      label: scenario.label,
      loop: 'memory',
      pipeline: 1,
      connections: 1,
      workload: { keyBytes: scenario.keyBytes, valueBytes: scenario.valueBytes, ttl: scenario.ttl },
      decides: scenario.decides,
    };
  }
  return {
    id: scenario.id,
    label: scenario.label,
    loop: scenario.loop.kind,
    pipeline: scenario.loop.kind === 'closed' ? scenario.loop.pipeline : 1,
    connections: scenario.connections,
    ...(scenario.loop.kind === 'open' ? { offeredOpsPerSec: scenario.loop.rateOpsPerSec } : {}),
    workload: scenario.workload,
    decides: scenario.decides,
  };
}

/**
 * The definition as it can run without the baseline: arms and comparisons replaced by `withoutBaseline` where given, otherwise
 * whatever does not need the baseline. Undefined if nothing is left to compare.
 */
export function withoutBaseline(
  definition: ExperimentDefinition,
  baselineId: string,
): ExperimentDefinition | undefined {
  const drop = (arms: string[]): string[] => arms.filter((arm) => arm !== baselineId);
  const arms = definition.withoutBaseline
    ? {
        smoke: definition.withoutBaseline.arms,
        quick: definition.withoutBaseline.arms,
        full: definition.withoutBaseline.arms,
      }
    : {
        smoke: drop(definition.arms.smoke),
        quick: drop(definition.arms.quick),
        full: drop(definition.arms.full),
      };
  const comparisons =
    definition.withoutBaseline?.comparisons ??
    definition.comparisons.filter(({ a, b }) => a !== baselineId && b !== baselineId);
  if (comparisons.length === 0) return undefined;
  return { ...definition, arms, comparisons };
}

/** Faults of a definition as sentences; empty if it is sound. Run by a test over every definition in the repository. */
export function definitionFaults(definition: ExperimentDefinition): string[] {
  const faults: string[] = [];
  const scenarios = new Map(definition.scenarios.map((scenario) => [scenario.id, scenario]));
  if (scenarios.size !== definition.scenarios.length) faults.push('two scenarios share an id');
  if (!/^[a-z][a-z0-9-]*$/.test(definition.id))
    faults.push(`id "${definition.id}" is not lower-case-with-dashes`);
  for (const effort of ['smoke', 'quick', 'full'] as const) {
    const arms = definition.arms[effort];
    if (arms.length < 2) faults.push(`${effort} has fewer than two arms`);
    if (new Set(arms).size !== arms.length) faults.push(`${effort} names an arm twice`);
    if (
      !definition.comparisons.some(({ a, b, primary }) => primary && arms.includes(a) && arms.includes(b))
    ) {
      faults.push(`${effort} lacks the arms of a primary comparison`);
    }
  }
  for (const { a, b } of definition.comparisons) {
    for (const arm of [a, b]) {
      if (!definition.arms.full.includes(arm))
        faults.push(`comparison names "${arm}", not an arm at full effort`);
    }
  }
  const needs = (what: string, scenarioId: string, metric: MetricId): void => {
    const scenario = scenarios.get(scenarioId);
    if (scenario === undefined) faults.push(`${what} names scenario "${scenarioId}", which is not defined`);
    else if (!scenario.decides.includes(metric))
      faults.push(`${what}: "${scenarioId}" does not decide ${metric}`);
  };
  if (definition.claim) {
    needs('claim', definition.claim.scenarioId, definition.claim.metric);
    if (!(definition.claim.ratioMin <= definition.claim.ratioMax)) faults.push('claim range is empty');
  }
  for (const budget of definition.budgets) {
    if (!scenarios.has(budget.scenarioId))
      faults.push(`budget "${budget.label}" names scenario "${budget.scenarioId}", which is not defined`);
    if (budget.unit === 'ratio' && budget.a === undefined)
      faults.push(`budget "${budget.label}" has no reference arm`);
  }
  return faults;
}
