/**
 * What an experiment is before it has run: the question, the arms, the scenarios and what would count as an answer.
 *
 * A definition is data, kept in `experiments/<id>/definition.ts`; everything that runs or judges it lives in this folder. It is
 * written down before the first block, so that neither the rule of acceptance nor the deciding metric can follow the data.
 *
 * Arms of a flag experiment. Two designs were on the table: the flag alone (`none` against `+flag`) and the flag among its peers
 * (`-flag`, everything but it, against `all`). The second is primary: it answers "what would we lose by dropping this part from
 * what we ship?", while the first credits a part with gains that another part brings anyway. Where a part has no effect beside another
 * (a Map's layout beside the arenas), both arms leave that other out. How parts act together is the ablation's question.
 *
 * Invariants (checked by `definitionFaults`): ids are unique; every comparison, claim and budget names an arm and a scenario that
 * exist; the metric of a claim is among its scenario's `decides`.
 */
import type { TwoLevelDesign } from '../statistics/twoLevelDesign.ts';
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
  /** In place of the experiment's own arms: a study whose scenarios compare different sets of targets. */
  arms?: string[];
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
  /** Something that happens to the target while it is measured. */
  event?: TargetEvent;
  /** The arms are the runs of this design, in its order: effects of single flags and of pairs are estimated from all of them. */
  factorial?: TwoLevelDesign;
}

/**
 * One command sent to the target at a point of the measured part, beside the load: the deletion of a large value, the moment in which many
 * keys expire. What it acts on is made before the warm-up, so that only the command itself is measured.
 */
export interface TargetEvent {
  /** Sent in order, before `prepared` is written. */
  before?: string[][];
  /** Written by its preload before the warm-up; its keys are cut down at small efforts. */
  prepared?: Workload;
  /** When the command is sent: share of the measured part, 0 <= share < 1. */
  atShare: number;
  command: string[];
  /** INFO field that must be larger after the block than before it: proof that the event had its effect. */
  growingInfoField?: string;
}

/** Bytes per key: the slope of memory over several key counts inside one process. */
export interface MemoryScenario extends ScenarioBase {
  kind: 'memory';
  keyBytes: number;
  /** What a key's value holds, all in all: for a hash its field names and their values. Scores are not counted. */
  valueBytes: number;
  ttl: boolean;
  /** What the keys hold; strings if absent. */
  collection?: CollectionShape;
}

export interface CollectionShape {
  type: 'hash' | 'list' | 'set' | 'sorted set';
  /** Of each key. `all`: there is one key, and what the scenario calls its keys are the elements of that one. */
  elements: number | 'all';
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
  /** Runs only when it is named: a broad question that would take the time of the flags' own. */
  study?: true;
  /** Arm ids by effort: `redis`, or as `armSpec` reads them. Two arms give pairs, more give randomised complete blocks. */
  arms: Record<Effort, string[]>;
  comparisons: PlannedComparison[];
  scenarios: Scenario[];
  curve?: CurveScenario;
  budgets: BudgetRow[];
  /** Used when the baseline cannot be had: stands in for it in `arms` and `comparisons`. */
  withoutBaseline?: { arms: string[]; comparisons: PlannedComparison[] };
}

/** Every arm of the experiment at this effort, those of single scenarios included. */
export function armsOf({ arms, scenarios }: ExperimentDefinition, effort: Effort): string[] {
  return [...new Set([...arms[effort], ...scenarios.flatMap((scenario) => scenario.arms ?? [])])];
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
      workload: {
        keyBytes: scenario.keyBytes,
        valueBytes: scenario.valueBytes,
        ttl: scenario.ttl,
        ...(scenario.collection === undefined ? {} : { collection: scenario.collection }),
      },
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
    ...(scenario.event === undefined ? {} : { event: scenario.event }),
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
  const anywhere = new Set(armsOf(definition, 'full'));
  for (const { a, b } of definition.comparisons) {
    for (const arm of [a, b]) {
      if (!anywhere.has(arm)) faults.push(`comparison names "${arm}", not an arm at full effort`);
    }
  }
  faults.push(...definition.scenarios.flatMap(eventFaults));
  for (const scenario of definition.scenarios) {
    if (scenario.kind !== 'load' || scenario.factorial === undefined) continue;
    if (scenario.arms?.length !== scenario.factorial.runs.length)
      faults.push(`"${scenario.id}" has another number of arms than its design has runs`);
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

function eventFaults(scenario: Scenario): string[] {
  if (scenario.kind !== 'load' || scenario.event === undefined) return [];
  const { atShare, command, prepared } = scenario.event;
  const faults: string[] = [];
  if (!(atShare >= 0 && atShare < 1))
    faults.push(`event of "${scenario.id}" lies outside of the measured part`);
  if (command.length === 0) faults.push(`event of "${scenario.id}" names no command`);
  if (prepared !== undefined && prepared.preload === undefined)
    faults.push(`event of "${scenario.id}" prepares a workload without a preload`);
  return faults;
}
