/**
 * The scorecard: every optimisation of the plan and beyond it, what was claimed, what was measured, what it costs, and a verdict.
 *
 * The rule of the verdict. A verdict stands only if two occasions (different sessions, different schedules) came to the same one; anything
 * else is undecided, with the reason. One session's 95 % interval is wrong once in twenty by construction, and a machine's mood on one day
 * enters all of its blocks; a verdict that has to come out twice is wrong by chance once in four hundred, and by mood rarely.
 *
 * Built from published results and the registry's texts alone: nothing is measured or typed here.
 */
import type { BudgetRow, Claim, Comparison, Interval, MetricId, VerdictKind } from '../experiments/result.ts';
import { budgetWord } from '../reports/plainTables.ts';
import { pairsNeededWords, readVerdict } from '../reports/verdict.ts';
import { type Earning, earningOf } from './defaultSet.ts';
import { isSameOccasion, judgementOf, type Occasion } from './occasion.ts';

/** What the registry says of a flag; the laboratory knows nothing else of it. */
export interface ScorecardFlag {
  name: string;
  plan: string;
  claim: string;
  experiment: string;
  state: 'available' | 'planned';
  /** Whether it runs where nothing is said. */
  isDefault: boolean;
}

export interface ScorecardVerdict {
  kind: VerdictKind;
  /** Why it stands, or what is missing. */
  reason: string;
}

/** What the optimisation does to a resource that its claim is not about. */
export interface Cost {
  resource: 'CPU' | 'memory';
  metric: MetricId;
  scenario: string;
  ratio: Interval;
}

export interface ScorecardRow {
  flag: ScorecardFlag;
  claim: Claim | undefined;
  /** Newest first, at most two. */
  occasions: Occasion[];
  /** Of the newest occasion. */
  comparison: Comparison | undefined;
  scenario: string;
  verdict: ScorecardVerdict;
  /** Its place in the default set. */
  earning: Earning;
  costs: Cost[];
}

/** A budget of the whole server, met or missed only if both occasions agree. */
export interface ScorecardBudget {
  row: BudgetRow;
  before: BudgetRow | undefined;
  word: 'met' | 'missed' | 'undecided';
}

export interface Scorecard {
  rows: ScorecardRow[];
  whole: { occasions: Occasion[]; budgets: ScorecardBudget[] };
}

/** @param published by experiment id, newest first. */
export function scorecardOf(
  flags: readonly ScorecardFlag[],
  published: ReadonlyMap<string, Occasion[]>,
  wholeId = 'headline',
): Scorecard {
  const whole = distinct(published.get(wholeId) ?? []);
  return {
    rows: flags.map((flag) => rowOf(flag, distinct(published.get(flag.experiment) ?? []))),
    whole: { occasions: whole, budgets: budgetsOf(whole) },
  };
}

/** A result published again is no second occasion. */
function distinct([newest, before]: readonly Occasion[]): Occasion[] {
  if (newest === undefined) return [];
  return before === undefined || isSameOccasion(newest.session, before.session) ? [newest] : [newest, before];
}

function rowOf(flag: ScorecardFlag, occasions: Occasion[]): ScorecardRow {
  const newest = occasions[0];
  const comparison = newest && judgementOf(newest).comparison;
  return {
    flag,
    claim: newest?.experiment.claim,
    occasions,
    comparison,
    scenario: newest && comparison ? scenarioLabel(newest, comparison.scenarioId) : '',
    verdict: verdictOf(flag, occasions),
    earning: earningOf(occasions),
    costs: newest && comparison ? costsOf(newest, comparison) : [],
  };
}

export function verdictOf(
  flag: Pick<ScorecardFlag, 'state'>,
  occasions: readonly Occasion[],
): ScorecardVerdict {
  const [newest, before] = occasions.map(judgementOf);
  if (newest === undefined) {
    return {
      kind: 'undecided',
      reason: flag.state === 'planned' ? 'not in this version' : 'not measured',
    };
  }
  if (newest.kind === 'undecided') {
    const needed = newest.comparison === undefined ? '' : pairsNeededWords(newest.comparison);
    return { kind: 'undecided', reason: needed === '' ? 'the last occasion did not decide it' : needed };
  }
  const words = readVerdict(newest.kind).words;
  if (before === undefined)
    return { kind: 'undecided', reason: `${words} once; a second occasion has to repeat it` };
  if (before.kind !== newest.kind)
    return { kind: 'undecided', reason: `not repeated: ${words} after ${readVerdict(before.kind).words}` };
  return { kind: newest.kind, reason: 'on two occasions' };
}

const costMetrics: readonly [Cost['resource'], MetricId[]][] = [
  ['CPU', ['cpu-us-per-request']],
  ['memory', ['memory-bytes-per-key-rss', 'memory-resident-bytes']],
];

/** Beside what the claim is about: CPU and memory, of the same scenario if it has them, else of the first that does. */
function costsOf(occasion: Occasion, answer: Comparison): Cost[] {
  return costMetrics.flatMap(([resource, metrics]) => {
    if (metrics.includes(answer.metric)) return [];
    const ofArms = occasion.experiment.comparisons.filter(({ a, b }) => a === answer.a && b === answer.b);
    const found = metrics
      .map((metric) => {
        const candidates = ofArms.filter((comparison) => comparison.metric === metric);
        return candidates.find(({ scenarioId }) => scenarioId === answer.scenarioId) ?? candidates[0];
      })
      .find((comparison) => comparison !== undefined);
    if (found === undefined) return [];
    const { metric, ratio, scenarioId } = found;
    return [{ resource, metric, ratio, scenario: scenarioLabel(occasion, scenarioId) }];
  });
}

function scenarioLabel({ experiment }: Occasion, scenarioId: string): string {
  return experiment.scenarios.find(({ id }) => id === scenarioId)?.label ?? scenarioId;
}

function budgetsOf([newest, before]: readonly Occasion[]): ScorecardBudget[] {
  if (newest === undefined) return [];
  return newest.experiment.budgets.map((row) => {
    const earlier = before?.experiment.budgets.find(
      ({ label, unit, limit }) => label === row.label && unit === row.unit && limit === row.limit,
    );
    const repeated = earlier !== undefined && earlier.met === row.met;
    return { row, before: earlier, word: repeated ? budgetWord(row.met) : 'undecided' };
  });
}
