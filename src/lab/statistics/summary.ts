/**
 * The sentence a reader takes home: `B is 7.1 % faster (3.0 .. 11.2 %, 12 pairs)`.
 *
 * Percentages are always those of the direction the sentence names: "7.1 % less CPU (3.0 .. 11.2 %)" stands for a ratio of
 * 0.929 in 0.888 .. 0.970, and an interval that reaches past no change carries a minus sign at that end.
 */
import type { Comparison } from '../experiments/result.ts';
import { metricWording } from './metricWording.ts';
import { undetectableEffect } from './power.ts';
import { decidingPairsMin } from './signedRank.ts';
import type { ClaimedRange } from './verdict.ts';

export type SummaryInput = Pick<
  Comparison,
  'metric' | 'ratio' | 'pairs' | 'verdict' | 'minimumDetectableEffect' | 'pairsNeeded'
>;

export interface SummaryOptions {
  /** What the candidate is called; `B` unless told. */
  labelB?: string;
  claim?: ClaimedRange;
  /** The equivalence margin as |ratio - 1|, for "within +-3 %". */
  margin?: number;
}

/** One line, no full stop. */
export function summarise(comparison: SummaryInput, options: SummaryOptions = {}): string {
  const { ratio, pairs, verdict } = comparison;
  const { labelB = 'B', claim, margin = 0.03 } = options;
  const wording = metricWording(comparison.metric);
  const up = ratio.estimate >= 1;
  const { verb } = wording;
  const direction = up ? wording.more : wording.less;
  const [low, high] = changeRange(ratio.low, ratio.high, up);
  const pairsText = pairs === 1 ? '1 pair' : `${pairs} pairs`;
  const finding =
    `${labelB} ${verb} ${percent(change(ratio.estimate, up))} % ${direction}` +
    ` (${percent(low)} .. ${percent(high)} %, ${pairsText})`;
  const claimed = claim === undefined ? '' : claimText(claim, wording);
  const visible =
    comparison.minimumDetectableEffect >= undetectableEffect
      ? ''
      : `; the smallest change visible was ${percent(100 * comparison.minimumDetectableEffect)} %`;
  switch (verdict) {
    case 'no-effect':
      return `No effect: ${finding}, within +-${percent(100 * margin)} %${claimed && `; ${claimed}`}${visible}`;
    case 'undecided': {
      const tooFew =
        pairs < decidingPairsMin ? `; ${decidingPairsMin} pairs are the least that can decide` : '';
      const needed =
        comparison.pairsNeeded === undefined ? '' : `; about ${comparison.pairsNeeded} pairs would decide`;
      return `Undecided: ${finding}${tooFew}${needed}${visible}`;
    }
    case 'confirmed':
      return `${finding}, as claimed${claimed && `: ${claimed}`}`;
    case 'smaller-than-claimed':
      return `${finding}, less than claimed${claimed && `: ${claimed}`}`;
    case 'larger-than-claimed':
      return `${finding}, more than claimed${claimed && `: ${claimed}`}`;
    case 'improvement':
    case 'regression':
      return `${finding}${claimed && `; ${claimed}`}`;
  }
}

/** Change in percent, positive in the direction asked for. */
function change(ratio: number, up: boolean): number {
  return 100 * (up ? ratio - 1 : 1 - ratio);
}

function changeRange(low: number, high: number, up: boolean): [number, number] {
  return up ? [change(low, up), change(high, up)] : [change(high, up), change(low, up)];
}

function claimText(claim: ClaimedRange, wording: { more: string; less: string }): string {
  const up = claim.ratioMax - 1 >= 1 - claim.ratioMin;
  const [low, high] = changeRange(claim.ratioMin, claim.ratioMax, up);
  const range = low === high ? percent(low) : `${percent(low)} .. ${percent(high)}`;
  return `the claim is ${range} % ${up ? wording.more : wording.less}`;
}

/** One decimal below 100 %, none above; never `-0.0`. */
function percent(value: number): string {
  const text = value.toFixed(Math.abs(value) < 99.95 ? 1 : 0);
  return /^-0(\.0)?$/.test(text) ? text.slice(1) : text;
}
