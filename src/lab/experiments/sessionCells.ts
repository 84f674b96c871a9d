/**
 * The cells of a session: which arms run which scenario, from the chosen definitions, the effort and what could be started.
 *
 * The A/A arm is made here: one closed and one open scenario of those chosen, run by two fresh processes of one target under
 * two names. It goes through schedule, acceptance and judgement like any other comparison; only its name differs.
 */
import { decidingPairsMin } from '../statistics/signedRank.ts';
import type { BlockShape } from './bench.ts';
import type {
  Effort,
  ExperimentDefinition,
  LoadScenario,
  MemoryScenario,
  Scenario,
  Tier,
} from './definition.ts';
import { blockShape } from './effort.ts';
import { curveScenarioId } from './figures.ts';

export const noiseExperimentId = 'noise-floor';
export const noiseArm = 'aa';

export interface SessionCell {
  experimentId: string;
  scenario: LoadScenario | MemoryScenario;
  arms: string[];
  tier: Tier;
  pairsLeast: number;
  pairsMax: number;
  shape: BlockShape;
}

export interface NoiseArms {
  experimentId: string;
  scenarios: Scenario[];
  /** The target that is compared with itself, under its own id and as `aa`. */
  a: string;
  b: string;
}

export interface SessionCells {
  cells: SessionCell[];
  noise: NoiseArms | undefined;
}

const unbounded = 1_000_000;
/** Enough for a verdict of its own and the spread behind detectable effects; more would be taken from the questions. */
const noisePairsMax = 8;

/** @param withNoise whether the session carries an A/A arm: one a session, whatever the number of experiments. */
export function sessionCells(
  definitions: readonly ExperimentDefinition[],
  effort: Effort,
  withNoise = true,
): SessionCells {
  const cells: SessionCell[] = [];
  for (const definition of definitions) {
    for (const scenario of definition.scenarios.filter((each) => runsAt(each.efforts, effort))) {
      const pairsMax = scenario.pairsMax?.[effort] ?? unbounded;
      cells.push({
        experimentId: definition.id,
        scenario,
        arms: scenario.arms ?? definition.arms[effort],
        tier: scenario.tier,
        // A figure that is held against a budget needs one pair; where a verdict is wanted one would be none.
        pairsLeast: pairsMax < decidingPairsMin ? 1 : 0,
        pairsMax,
        shape: blockShape(effort, scenario),
      });
    }
    if (definition.curve !== undefined && runsAt(definition.curve.efforts, effort)) {
      cells.push(...curveCells(definition, definition.curve, effort));
    }
  }
  const noise = withNoise ? noiseArms(definitions, cells) : undefined;
  for (const scenario of noise?.scenarios ?? []) {
    cells.push({
      experimentId: noiseExperimentId,
      scenario: scenario as LoadScenario,
      arms: [noise!.a, noise!.b],
      tier: 2,
      pairsLeast: 2,
      pairsMax: noisePairsMax,
      shape: blockShape(effort, scenario),
    });
  }
  return { cells, noise };
}

function runsAt(efforts: Effort[] | undefined, effort: Effort): boolean {
  return efforts === undefined || efforts.includes(effort);
}

function curveCells(
  definition: ExperimentDefinition,
  curve: NonNullable<ExperimentDefinition['curve']>,
  effort: Effort,
): SessionCell[] {
  const primary = definition.comparisons.find((comparison) => comparison.primary)!;
  return curve.ratesOpsPerSec.map((rateOpsPerSec) => {
    const scenario: LoadScenario = {
      kind: 'load',
      id: curveScenarioId(curve.id, rateOpsPerSec),
      label: `${rateOpsPerSec.toLocaleString('en')} requests/s, open loop`,
      decides: [],
      tier: 3,
      workload: curve.workload,
      connections: curve.connections,
      loop: { kind: 'open', rateOpsPerSec, arrivals: 'poisson' },
    };
    return {
      experimentId: definition.id,
      scenario,
      arms: [primary.a, primary.b],
      tier: 3,
      pairsLeast: 0,
      pairsMax: effort === 'full' ? 3 : 1,
      shape: blockShape(effort, scenario),
    };
  });
}

/** The candidate of the first primary comparison, on the first closed and the first open scenario of the lowest tier. */
function noiseArms(
  definitions: readonly ExperimentDefinition[],
  cells: readonly SessionCell[],
): NoiseArms | undefined {
  const primary = definitions[0]?.comparisons.find((comparison) => comparison.primary);
  if (primary === undefined) return undefined;
  const scenarios: Scenario[] = [];
  for (const loop of ['closed', 'open'] as const) {
    const candidates = cells.filter(
      ({ scenario }) =>
        scenario.kind === 'load' &&
        scenario.loop.kind === loop &&
        scenario.decides.length > 0 &&
        scenario.event === undefined,
    );
    const chosen = candidates.toSorted((left, right) => left.tier - right.tier)[0];
    if (chosen !== undefined) {
      scenarios.push({
        ...chosen.scenario,
        id: `aa-${chosen.scenario.id}`,
        label: `A/A: ${chosen.scenario.label}`,
      });
    }
  }
  return scenarios.length === 0
    ? undefined
    : { experimentId: noiseExperimentId, scenarios, a: primary.b, b: noiseArm };
}
