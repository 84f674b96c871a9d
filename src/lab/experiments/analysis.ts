/**
 * From blocks to verdicts. Runs after every block, so that whatever ends a session leaves a whole report behind.
 *
 * The inference lives in `statistics/`; this module decides what is compared with what, over which family p-values are adjusted,
 * and gathers the figures.
 *
 * Holm's family is one experiment's scorecard: the deciding metrics of its primary comparison. Each experiment asks one question and is
 * published alone; a family over the whole session would make a flag's verdict depend on which other flags were run that day.
 * Cells whose declaration allows too few pairs for any verdict (memory held against a budget) are compared, but stay outside:
 * a test that cannot reject would only dilute the others. They, the metrics that decide nothing and the secondary comparisons are
 * a second family, so that among many informative rows none shines by luck. The A/A arm is a third.
 */
import { Prng } from '../../base/prng.ts';
import { analysePairs, applyHolm, pairedLogRatios } from '../statistics/pairedComparison.ts';
import { decidingPairsMin } from '../statistics/signedRank.ts';
import { budgetRows } from './budgets.ts';
import {
  describeScenario,
  type Effort,
  type ExperimentDefinition,
  type PlannedComparison,
  type Scenario,
} from './definition.ts';
import { factorialResults } from './factorial.ts';
import { memoryFits, percentileCurves, rateLatencyCurve } from './figures.ts';
import { type CellId, pairedValues, sharedMetrics } from './pairing.ts';
import type { BlockResult, Claim, Comparison, ExperimentResult, MetricId } from './result.ts';
import { streamSeed } from './schedule.ts';
import type { NoiseArms } from './sessionCells.ts';

export interface AnalysisInput {
  definitions: readonly ExperimentDefinition[];
  effort: Effort;
  noise: NoiseArms | undefined;
  blocks: readonly BlockResult[];
  seed: number;
  targetLabel: (targetId: string) => string;
}

export interface AnalysisResult {
  experiments: ExperimentResult[];
  noiseFloor: Comparison[];
}

export function analyse(input: AnalysisInput): AnalysisResult {
  return {
    experiments: input.definitions.map((definition) => analyseExperiment(input, definition)),
    noiseFloor: analyseNoise(input),
  };
}

/** Whether a scenario's metric is in its experiment's Holm family: the planner gives the family pairs enough to survive it. */
export function isInFamily(scenario: Scenario, effort: Effort): boolean {
  const runs = scenario.efforts === undefined || scenario.efforts.includes(effort);
  return runs && (scenario.pairsMax?.[effort] ?? decidingPairsMin) >= decidingPairsMin;
}

/** Tests in an experiment's family, known before it runs: each deciding metric once for every primary comparison its scenario can make. */
export function familySize(definition: ExperimentDefinition, effort: Effort): number {
  const primary = definition.comparisons.filter((planned) => planned.primary);
  return definition.scenarios
    .filter((scenario) => isInFamily(scenario, effort))
    .reduce((sum, scenario) => {
      const arms = scenario.arms ?? definition.arms[effort];
      const made = primary.filter(({ a, b }) => arms.includes(a) && arms.includes(b));
      return sum + scenario.decides.length * made.length;
    }, 0);
}

/** A comparison on its way: what it was declared to be, beside what was found. */
interface Candidate {
  comparison: Comparison;
  claim: Claim | undefined;
}

function analyseExperiment(input: AnalysisInput, definition: ExperimentDefinition): ExperimentResult {
  const family: Candidate[] = [];
  const others: Candidate[] = [];
  for (const scenario of definition.scenarios) {
    const cell = { experimentId: definition.id, scenarioId: scenario.id };
    for (const planned of definition.comparisons) {
      for (const metric of sharedMetrics(input.blocks, cell, planned.a, planned.b)) {
        const decides = scenario.decides.includes(metric);
        if (!decides && !planned.primary) continue;
        const claim = claimOf(definition, planned, cell, metric);
        const comparison = compare(input, input.noise, cell, scenario, metric, planned, claim);
        if (comparison === undefined) continue;
        const inFamily = decides && planned.primary && isInFamily(scenario, input.effort);
        (inFamily ? family : others).push({ comparison, claim });
      }
    }
  }
  const comparisons = [...adjust(input, family), ...adjust(input, others)];
  const verdict = claimVerdict(definition, comparisons);
  const factorials = factorialResults(definition, input.blocks);
  return {
    id: definition.id,
    title: definition.title,
    question: definition.question,
    ...(definition.flag === undefined ? {} : { flag: definition.flag }),
    ...(definition.claim === undefined ? {} : { claim: definition.claim }),
    scenarios: definition.scenarios.map(describeScenario),
    comparisons,
    ...(verdict === undefined ? {} : { verdict }),
    budgets: budgetRows(definition, input.blocks, comparisons, input.targetLabel),
    memory: memoryFits(definition, input.blocks),
    curve: rateLatencyCurve(definition, input.blocks),
    percentileCurves: percentileCurves(definition, input.blocks),
    ...(factorials.length === 0 ? {} : { factorials }),
  };
}

/** The claim is judged on the primary comparison of its own scenario and metric only. */
function claimOf(
  { claim }: ExperimentDefinition,
  planned: PlannedComparison,
  cell: CellId,
  metric: MetricId,
): Claim | undefined {
  if (claim === undefined || !planned.primary) return undefined;
  return claim.scenarioId === cell.scenarioId && claim.metric === metric ? claim : undefined;
}

function analyseNoise(input: AnalysisInput): Comparison[] {
  const { noise } = input;
  if (noise === undefined) return [];
  const planned = { a: noise.a, b: noise.b, primary: true };
  const candidates = noise.scenarios.flatMap((scenario) => {
    const cell = { experimentId: noise.experimentId, scenarioId: scenario.id };
    return scenario.decides.map((metric) =>
      compare(input, undefined, cell, scenario, metric, planned, undefined),
    );
  });
  return adjust(
    input,
    candidates.filter((each) => each !== undefined).map((comparison) => ({ comparison, claim: undefined })),
  );
}

function compare(
  input: AnalysisInput,
  noise: NoiseArms | undefined,
  cell: CellId,
  scenario: Scenario,
  metric: MetricId,
  { a, b }: PlannedComparison,
  claim: Claim | undefined,
): Comparison | undefined {
  const paired = pairedValues(input.blocks, cell, metric, a, b);
  if (paired.pairs.length === 0) return undefined;
  const prng = new Prng(
    streamSeed(input.seed, `${cell.experimentId}/${cell.scenarioId}/${metric}/${a}/${b}`),
  );
  const analysis = analysePairs(paired.a, paired.b, {
    metric,
    uniform: () => prng.float(),
    labelB: input.targetLabel(b),
    ...(claim === undefined ? {} : { claim }),
    noiseFloorLogRatios: noiseLogRatios(input, noise, scenario, metric),
  });
  return { ...cell, a, b, ...analysis };
}

/** The A/A log-ratios under the same kind of loop: the spread of that metric with nothing changed. */
function noiseLogRatios(
  input: AnalysisInput,
  noise: NoiseArms | undefined,
  scenario: Scenario,
  metric: MetricId,
): number[] {
  const loop = describeScenario(scenario).loop;
  const sibling = noise?.scenarios.find((candidate) => describeScenario(candidate).loop === loop);
  if (noise === undefined || sibling === undefined) return [];
  const cell = { experimentId: noise.experimentId, scenarioId: sibling.id };
  const paired = pairedValues(input.blocks, cell, metric, noise.a, noise.b);
  return paired.pairs.length === 0 ? [] : pairedLogRatios(paired.a, paired.b);
}

/** A single pair has no p-value to adjust and no spread to plan from. */
function adjust(input: AnalysisInput, candidates: readonly Candidate[]): Comparison[] {
  const single = candidates
    .filter(({ comparison }) => comparison.pairs < 2)
    .map(({ comparison }) => comparison);
  const testable = candidates.filter(({ comparison }) => comparison.pairs >= 2);
  const claims = new Map(testable.map(({ comparison, claim }) => [comparison, claim]));
  const adjusted = applyHolm([...claims.keys()], (comparison) => {
    const claim = claims.get(comparison);
    return { labelB: input.targetLabel(comparison.b), ...(claim === undefined ? {} : { claim }) };
  });
  return [...adjusted, ...single];
}

function claimVerdict(
  definition: ExperimentDefinition,
  comparisons: readonly Comparison[],
): ExperimentResult['verdict'] {
  const { claim } = definition;
  if (claim === undefined) return undefined;
  const primary = definition.comparisons.find((planned) => planned.primary)!;
  const judged = comparisons.find(
    ({ scenarioId, metric, a, b }) =>
      scenarioId === claim.scenarioId && metric === claim.metric && a === primary.a && b === primary.b,
  );
  if (judged === undefined) return { kind: 'undecided', text: 'Not measured in this session' };
  return { kind: judged.verdict, text: judged.summary };
}
