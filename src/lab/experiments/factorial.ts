/** Factorial designs over flags: the arms that run them, and the effects that come of their blocks. */
import { factorialEffects } from '../statistics/factorialEffects.ts';
import { metricWording } from '../statistics/metricWording.ts';
import type { TwoLevelDesign } from '../statistics/twoLevelDesign.ts';
import type { ExperimentDefinition, LoadScenario } from './definition.ts';
import type { BlockResult, FactorialResult, MetricId } from './result.ts';

/** The runs as arms of our own server: `none,+fast-path,+sso-strings`. */
export function factorialArms({ factors, runs }: TwoLevelDesign): string[] {
  return runs.map((run) => ['none', ...factors.filter((_, i) => run[i]).map((name) => `+${name}`)].join(','));
}

/** One entry for each deciding metric of each scenario that runs a design and has blocks enough to tell its effects apart. */
export function factorialResults(
  definition: ExperimentDefinition,
  blocks: readonly BlockResult[],
): FactorialResult[] {
  return definition.scenarios.flatMap((scenario) => {
    if (scenario.kind !== 'load' || scenario.factorial === undefined) return [];
    const { factorial } = scenario;
    const arms = scenario.arms!;
    const own = blocks.filter(
      (block) => block.accepted && block.experimentId === definition.id && block.scenarioId === scenario.id,
    );
    return scenario.decides.flatMap((metric) => resultOf(scenario, factorial, arms, own, metric));
  });
}

function resultOf(
  scenario: LoadScenario,
  design: TwoLevelDesign,
  arms: readonly string[],
  blocks: readonly BlockResult[],
  metric: MetricId,
): FactorialResult[] {
  const observations = blocks.flatMap((block) => {
    const value = block.metrics[metric];
    const run = arms.indexOf(block.targetId);
    return run < 0 || value === undefined || !(value > 0) ? [] : [{ replicate: block.pair, run, value }];
  });
  const fit = factorialEffects(design, observations);
  if (fit === undefined) return [];
  return [
    {
      scenarioId: scenario.id,
      metric,
      higherIsBetter: metricWording(metric).higherIsBetter,
      runs: design.runs.length,
      replicates: new Set(observations.map(({ replicate }) => replicate)).size,
      blocks: observations.length,
      ...fit,
    },
  ];
}
