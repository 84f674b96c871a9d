/**
 * From two columns of block values to the statistical half of a Comparison.
 *
 * Pair i is (a[i], b[i]): one block of each target, run back to back. All inference is on log(b / a), so that "+10 %" and
 * "-9.1 %" are the same distance apart both ways, and a machine that got slower in the third hour cancels out.
 */
import type { Comparison, Interval, MetricId } from '../experiments/result.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { normalQuantile } from './distributions.ts';
import { equivalenceMarginLog, equivalencePValue } from './equivalence.ts';
import { metricWording } from './metricWording.ts';
import { holmAdjust } from './multiplicity.ts';
import { minimumDetectableEffect, pairsNeededMax, pairsNeededToDecide } from './power.ts';
import { signedRankInterval, signedRankPValue } from './signedRank.ts';
import { median } from './spread.ts';
import { summarise } from './summary.ts';
import { type ClaimedRange, classifyVerdict } from './verdict.ts';

export interface PairAnalysisOptions {
  metric: MetricId;
  /** Uniform in [0, 1) for bootstrap and power; seed it from the session's seed. */
  uniform: () => number;
  /** How the candidate is called in the summary. */
  labelB?: string;
  claim?: ClaimedRange;
  /** Log-ratios of the A/A arm for the same metric and scenario, if it ran. */
  noiseFloorLogRatios?: readonly number[];
  /** Two-sided level of every test. */
  alpha?: number;
  /** Equivalence margin on the log scale; ln 1.03. */
  marginLog?: number;
  bootstrapResamples?: number;
}

/** The fields of Comparison that follow from the values alone. `pValueHolm` equals `pValue` until `applyHolm`. */
export type PairAnalysis = Omit<Comparison, 'experimentId' | 'scenarioId' | 'a' | 'b'>;

/**
 * log(b / a) by pair. A metric may honestly be 0 (no GC pause in a block): two zeros make no difference, and a single zero
 * is taken as half the smallest positive value seen on either side, so that it stays the most extreme without being infinite.
 * @throws RangeError on unequal lengths, no pairs, negative or non-finite values.
 */
export function pairedLogRatios(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} values do not pair up`);
  if (a.length === 0) throw new RangeError('a comparison needs at least one pair');
  const values = [...a, ...b];
  if (!values.every((value) => value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError('a comparison of ratios needs finite values that are not negative');
  }
  const positive = values.filter((value) => value > 0);
  const floor = positive.length === 0 ? 1 : Math.min(...positive) / 2;
  return a.map((valueA, i) => Math.log(Math.max(b[i]!, floor)) - Math.log(Math.max(valueA, floor)));
}

/** Analyses B against A. Values are block metrics in the metric's own unit; see `pairedLogRatios` for what is refused. */
export function analysePairs(
  a: readonly number[],
  b: readonly number[],
  options: PairAnalysisOptions,
): PairAnalysis {
  const { metric, uniform, alpha = 0.05, marginLog = equivalenceMarginLog } = options;
  const confidence = 1 - alpha;
  const logRatios = pairedLogRatios(a, b);
  const { higherIsBetter } = metricWording(metric);
  const resamples = options.bootstrapResamples;
  const analysis = {
    metric,
    medianA: median([...a]),
    medianB: median([...b]),
    ratio: exponential(signedRankInterval(logRatios, confidence)),
    ratioBootstrap: exponential(
      bootstrapInterval(logRatios, {
        uniform,
        confidence,
        ...(resamples === undefined ? {} : { resamples }),
      }),
    ),
    pairs: logRatios.length,
    pValue: signedRankPValue(logRatios),
    pValueHolm: signedRankPValue(logRatios),
    pValueEquivalence: equivalencePValue(logRatios, marginLog),
    minimumDetectableEffect: minimumDetectableEffect(logRatios, {
      uniform,
      confidence,
      ...(options.noiseFloorLogRatios === undefined
        ? {}
        : { noiseFloorLogRatios: options.noiseFloorLogRatios }),
    }),
    higherIsBetter,
  };
  const verdict = classifyVerdict({ ...analysis, ...evidenceOptions(options) });
  const pairsNeeded =
    verdict === 'undecided' ? pairsNeededToDecide(logRatios, { uniform, confidence, marginLog }) : undefined;
  const concluded = { ...analysis, verdict, ...(pairsNeeded === undefined ? {} : { pairsNeeded }) };
  return { ...concluded, summary: summarise(concluded, summaryOptions(options)) };
}

type ConclusionOptions = Pick<PairAnalysisOptions, 'labelB' | 'claim' | 'alpha' | 'marginLog'>;

function evidenceOptions({ claim, alpha, marginLog }: ConclusionOptions) {
  return {
    ...(claim === undefined ? {} : { claim }),
    ...(alpha === undefined ? {} : { alpha }),
    ...(marginLog === undefined ? {} : { marginLog }),
  };
}

function summaryOptions({ labelB, claim, marginLog = equivalenceMarginLog }: ConclusionOptions) {
  return {
    ...(labelB === undefined ? {} : { labelB }),
    ...(claim === undefined ? {} : { claim }),
    margin: Math.expm1(marginLog),
  };
}

function exponential(interval: Interval): Interval {
  return {
    estimate: Math.exp(interval.estimate),
    low: Math.exp(interval.low),
    high: Math.exp(interval.high),
    confidence: interval.confidence,
  };
}

/**
 * Adjusts a scorecard: fills `pValueHolm` over all comparisons given, and judges each anew with it. Give it what the
 * scorecard decides, not the informative rows, which would only dilute it. `optionsOf` must repeat what `analysePairs` got.
 * A finding that the adjustment takes back becomes undecided, with the pairs at which its p-value would survive: the test's
 * z grows with the square root of the pairs.
 */
export function applyHolm<T extends PairAnalysis>(
  comparisons: readonly T[],
  optionsOf: (comparison: T) => ConclusionOptions,
): T[] {
  const adjusted = holmAdjust(comparisons.map((comparison) => comparison.pValue));
  return comparisons.map((comparison, i) => {
    const options = optionsOf(comparison);
    const pValueHolm = adjusted[i]!;
    const verdict = classifyVerdict({ ...comparison, pValue: pValueHolm, ...evidenceOptions(options) });
    const { pairsNeeded: before, ...rest } = comparison;
    const pairsNeeded =
      verdict === 'undecided' ? (before ?? pairsToSurvive(comparison, pValueHolm, options)) : undefined;
    const concluded = {
      ...rest,
      pValueHolm,
      verdict,
      ...(pairsNeeded === undefined ? {} : { pairsNeeded }),
    } as T;
    return { ...concluded, summary: summarise(concluded, summaryOptions(options)) };
  });
}

function pairsToSurvive(
  comparison: PairAnalysis,
  pValueHolm: number,
  { alpha = 0.05 }: ConclusionOptions,
): number {
  const factor = pValueHolm / comparison.pValue;
  const zNow = normalQuantile(1 - comparison.pValue / 2);
  const zThen = normalQuantile(1 - alpha / factor / 2);
  const pairs = Math.ceil(comparison.pairs * (zThen / zNow) ** 2);
  return Math.min(pairsNeededMax, Math.max(pairs, comparison.pairs + 1));
}
