/**
 * Main effects and interactions of a replicated two-level design, from logarithms of a metric.
 *
 *   log y = replicate + sum of b_i x_i + sum of b_g z_g + noise,   x, z in {-1, +1}
 *
 * A factor's effect is exp(2 b): the metric with it on over the metric with it off, averaged over all settings of the others. An interaction is
 * exp(4 b): what two factors do together over the product of what each does alone (1: they do not care about each other). Each effect
 * uses every block of the session, which is why a factorial design needs few replicates.
 *
 * Intervals and p-values are Student's t on the residual of the fit; the block is the unit.
 */
import type { Interval } from '../experiments/result.ts';
import { leastSquares } from './leastSquares.ts';
import { holmAdjust } from './multiplicity.ts';
import { studentTPValue, studentTQuantile } from './studentT.ts';
import type { TwoLevelDesign } from './twoLevelDesign.ts';

export interface FactorialObservation {
  replicate: number;
  run: number;
  /** > 0, in the metric's unit. */
  value: number;
}

export interface EffectEstimate {
  /** Each entry one factor, or an interaction's two; more than one entry are aliases, of which this is the product. */
  terms: string[][];
  ratio: Interval;
  pValue: number;
  /** Over the main effects, or over the interactions. */
  pValueHolm: number;
}

export interface FactorialFit {
  main: EffectEstimate[];
  interactions: EffectEstimate[];
  degreesOfFreedom: number;
}

/** Undefined where the observations cannot tell all effects apart or leave nothing to judge them by. */
export function factorialEffects(
  design: TwoLevelDesign,
  observations: readonly FactorialObservation[],
  confidence = 0.95,
): FactorialFit | undefined {
  const replicates = [...new Set(observations.map(({ replicate }) => replicate))];
  const rows = observations.map(({ replicate, run }) => [
    ...replicates.map((each) => (each === replicate ? 1 : 0)),
    ...design.runs[run]!.map((on) => (on ? 1 : -1)),
    ...design.interactions.map(({ contrast }) => contrast[run]!),
  ]);
  const columns = replicates.length + design.factors.length + design.interactions.length;
  if (rows.length <= columns) return undefined;
  let fit: ReturnType<typeof leastSquares>;
  try {
    fit = leastSquares(
      rows,
      observations.map(({ value }) => Math.log(value)),
    );
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const { degreesOfFreedom } = fit;
  const quantile = studentTQuantile(confidence, degreesOfFreedom);
  const estimate = (column: number, factor: number, terms: string[][]): EffectEstimate => {
    const [centre, error] = [fit.coefficients[column]!, fit.standardErrors[column]!];
    const at = (shift: number): number => Math.exp(factor * (centre + shift * quantile * error));
    const pValue = error > 0 ? studentTPValue(centre / error, degreesOfFreedom) : centre === 0 ? 1 : 0;
    return {
      terms,
      ratio: { estimate: at(0), low: at(-1), high: at(1), confidence },
      pValue,
      pValueHolm: pValue,
    };
  };
  const first = replicates.length;
  const main = design.factors.map((name, i) => estimate(first + i, 2, [[name]]));
  const interactions = design.interactions.map(({ pairs }, g) =>
    estimate(
      first + design.factors.length + g,
      4,
      pairs.map(([i, j]) => [design.factors[i]!, design.factors[j]!]),
    ),
  );
  return { main: adjusted(main), interactions: adjusted(interactions), degreesOfFreedom };
}

function adjusted(effects: readonly EffectEstimate[]): EffectEstimate[] {
  const pValues = holmAdjust(effects.map(({ pValue }) => pValue));
  return effects.map((effect, i) => ({ ...effect, pValueHolm: pValues[i]! }));
}
