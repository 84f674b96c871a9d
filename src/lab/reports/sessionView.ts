/**
 * Lookups over a session that all three reports share: names, order, grouping. It selects and sorts; it measures nothing.
 *
 * A Redis is named by the version its INFO printed. Where a label says another version, or none, the version wins: a report
 * that calls 7.0 "7.4" has compared something nobody asked about.
 */
import type {
  BlockResult,
  Comparison,
  ExperimentResult,
  MetricId,
  ScenarioDescription,
  SessionResult,
  TargetDescription,
} from '../experiments/result.ts';
import { STYLE_COUNT } from './drawing/plot.ts';
import { compactTick, finite } from './format.ts';
import { printable } from './markup.ts';
import { metricRank } from './metrics.ts';

/** Comparisons of the whole, in the order a reader wants them: [reference, candidate]. */
const SCORECARD_PAIRS: readonly (readonly [string, string])[] = [
  ['redis', 'all'],
  ['redis', 'none'],
  ['none', 'all'],
];

export interface ScenarioGroup {
  experiment: ExperimentResult;
  scenario: ScenarioDescription;
  deciding: Comparison[];
  informative: Comparison[];
}

export interface SessionView {
  session: SessionResult;
  /** `Redis 7.4.1`, `Evenkeel (all flags)`. */
  name(targetId: string): string;
  /** As a sentence says it: `Evenkeel with all flags`. */
  words(targetId: string): string;
  /** Colour, dash and marker of a target, the same in every figure. */
  styleIndex(targetId: string): number;
  scenario(experimentId: string, scenarioId: string): ScenarioDescription;
  /** Comparisons of the whole against Redis and of all flags against none. */
  scorecard: ScenarioGroup[];
  /** What is left to one experiment: the comparisons that judge its flag, and its workload beside Redis. */
  flagComparisons(experiment: ExperimentResult): ScenarioGroup[];
  acceptedBlocks(experimentId: string, scenarioId: string): BlockResult[];
  rejectedBlocks: BlockResult[];
}

export function nameOfTarget(target: TargetDescription | undefined, id: string): string {
  if (!target) return printable(id);
  const label = printable(target.label || target.id);
  if (target.kind !== 'redis') return label;
  if (!target.redisVersion) return `${label} (version not printed)`;
  return mentionsVersion(label, target.redisVersion) ? label : `Redis ${printable(target.redisVersion)}`;
}

/** `7.0` must not be found inside `17.0.1`, nor `7.4` accepted for `7.4.1`. */
function mentionsVersion(label: string, version: string): boolean {
  return label.split(/[^0-9.]+/).includes(version);
}

/** `Evenkeel (all flags)` reads `Evenkeel with all flags` inside a sentence. */
export function sentenceName(name: string): string {
  return name.replace(/^(.+) \((all flags|no flags|all flags but [^()]+|[^()]+ only)\)$/, '$1 with $2');
}

export function viewOf(session: SessionResult): SessionView {
  const targets = new Map(session.targets.map((target) => [target.id, target]));
  const styles = styleIndices(session.targets);
  const name = (id: string) => nameOfTarget(targets.get(id), id);
  const rejectedBlocks = session.blocks.filter((block) => !block.accepted);
  const acceptedByScenario = Map.groupBy(
    session.blocks.filter((block) => block.accepted).toSorted((x, y) => x.sequence - y.sequence),
    (block) => JSON.stringify([block.experimentId, block.scenarioId]),
  );
  // A flag's own workload beside Redis belongs to the flag, unless flags are all the session is about.
  const hasWhole = session.experiments.some(({ flag }) => flag === undefined);
  const isWhole = (experiment: ExperimentResult, comparison: Comparison) =>
    experiment.flag === undefined || (!hasWhole && pairRank(comparison) < SCORECARD_PAIRS.length);
  return {
    session,
    name,
    words: (id) => sentenceName(name(id)),
    styleIndex: (id) => styles.get(id) ?? STYLE_COUNT - 1,
    scenario: (experimentId, scenarioId) =>
      scenarioOf(
        session.experiments.find(({ id }) => id === experimentId),
        scenarioId,
      ),
    scorecard: session.experiments.flatMap((experiment) =>
      groupByScenario(
        experiment,
        experiment.comparisons.filter((c) => isWhole(experiment, c)),
      ),
    ),
    flagComparisons: (experiment) =>
      groupByScenario(
        experiment,
        experiment.comparisons.filter((c) => !isWhole(experiment, c)),
      ),
    acceptedBlocks: (experimentId, scenarioId) =>
      acceptedByScenario.get(JSON.stringify([experimentId, scenarioId])) ?? [],
    rejectedBlocks,
  };
}

/** All flags, the baseline and no flags own the first three styles; whatever else was measured shares the rest in turn. */
function styleIndices(targets: readonly TargetDescription[]): Map<string, number> {
  const redis = targets.find(({ kind }) => kind === 'redis')?.id ?? 'redis';
  const order = ['all', redis, 'none'];
  for (const { id } of targets) if (!order.includes(id)) order.push(id);
  const reserved = 3;
  return new Map(
    order.map((id, i) => [id, i < reserved ? i : reserved + ((i - reserved) % (STYLE_COUNT - reserved))]),
  );
}

export function scenarioOf(
  experiment: ExperimentResult | undefined,
  scenarioId: string,
): ScenarioDescription {
  return (
    experiment?.scenarios.find(({ id }) => id === scenarioId) ?? {
      id: scenarioId,
      label: scenarioId,
      loop: 'closed',
      pipeline: 1,
      connections: 0,
      workload: undefined,
      decides: [],
    }
  );
}

function pairRank({ a, b }: Pick<Comparison, 'a' | 'b'>): number {
  const rank = SCORECARD_PAIRS.findIndex(([reference, candidate]) => a === reference && b === candidate);
  return rank < 0 ? SCORECARD_PAIRS.length : rank;
}

function groupByScenario(experiment: ExperimentResult, comparisons: readonly Comparison[]): ScenarioGroup[] {
  const byScenario = Map.groupBy(comparisons, ({ scenarioId }) => scenarioId);
  const declared = experiment.scenarios.map(({ id }) => id).filter((id) => byScenario.has(id));
  const undeclared = [...byScenario.keys()].filter((id) => !declared.includes(id));
  return [...declared, ...undeclared].map((scenarioId) => {
    const scenario = scenarioOf(experiment, scenarioId);
    const sorted = byScenario
      .get(scenarioId)!
      .toSorted((x, y) => metricRank(x.metric) - metricRank(y.metric) || pairRank(x) - pairRank(y));
    const decides = (metric: MetricId) => scenario.decides.length === 0 || scenario.decides.includes(metric);
    return {
      experiment,
      scenario,
      deciding: sorted.filter(({ metric }) => decides(metric)),
      informative: sorted.filter(({ metric }) => !decides(metric)),
    };
  });
}

/** `at pipeline 64`, `with 16 B keys, 8 B values`: the load as a sentence goes on with it. */
export function loadPhrase(scenario: ScenarioDescription): string {
  if (scenario.loop === 'closed' && scenario.pipeline <= 1) return 'without pipelining';
  return `${scenario.loop === 'memory' ? 'with' : 'at'} ${loadWords(scenario)}`;
}

/** `pipeline 64`, `40k ops/s offered`; the full label where that says nothing. */
export function loadWords(scenario: ScenarioDescription): string {
  if (scenario.loop === 'closed')
    return scenario.pipeline > 1 ? `pipeline ${scenario.pipeline}` : 'no pipeline';
  if (scenario.loop === 'open' && finite(scenario.offeredOpsPerSec))
    return `${compactTick(scenario.offeredOpsPerSec)} ops/s offered`;
  return printable(scenario.label);
}
