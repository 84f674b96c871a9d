/**
 * From an interval to a word.
 *
 * A claim is a range of ratios; "towards" below is the claim's direction (up if the range lies above 1). Rules, first match:
 *
 *   fewer than 6 pairs                                     undecided    (no sign pattern reaches p < 0.05)
 *   with a claim that 1 is part of ("changes nothing"):
 *     interval within the claimed range                    confirmed
 *   with a claim of an effect:
 *     significant towards, estimate within the range,
 *       and the interval's near end shows a real effect    confirmed
 *     equivalent to no effect                              no-effect
 *     interval wholly short of the range, not reversed     smaller-than-claimed
 *     significant towards, interval wholly beyond it       larger-than-claimed
 *   without a claim, or where none of these holds:
 *     equivalent to no effect (TOST)                       no-effect
 *     significant                                          improvement | regression, by the metric's direction
 *     else                                                 undecided
 *
 * Significant: the interval excludes 1 and the p-value (Holm-adjusted where there is a scorecard) is below alpha. A "real
 * effect" at the near end is one beyond the equivalence margin, or beyond half the claim's own least effect where that is
 * smaller: a wide interval that only just misses 1 does not confirm 10 to 15 %. "Short of the range" includes intervals
 * that reach 1: whatever the effect is, it is not the claimed one.
 */
import type { Claim, Interval, VerdictKind } from '../experiments/result.ts';
import { equivalenceMarginLog } from './equivalence.ts';
import { decidingPairsMin } from './signedRank.ts';

export type ClaimedRange = Pick<Claim, 'ratioMin' | 'ratioMax'>;

export interface Evidence {
  /** B over A. */
  ratio: Interval;
  pairs: number;
  /** Holm-adjusted where the comparison is one of a scorecard. */
  pValue: number;
  pValueEquivalence: number;
  higherIsBetter: boolean;
  claim?: ClaimedRange;
  alpha?: number;
  marginLog?: number;
}

/** The verdict by the rules above. @throws RangeError on a claim that is not a range of positive ratios. */
export function classifyVerdict(evidence: Evidence): VerdictKind {
  const { ratio, pairs, claim, alpha = 0.05 } = evidence;
  if (claim !== undefined && !(claim.ratioMin > 0 && claim.ratioMax >= claim.ratioMin)) {
    throw new RangeError(`not a range of ratios: ${claim.ratioMin} .. ${claim.ratioMax}`);
  }
  if (pairs < decidingPairsMin) return 'undecided';
  const excludesOne = ratio.low > 1 || ratio.high < 1;
  const significant = excludesOne && evidence.pValue < alpha;
  const equivalent = evidence.pValueEquivalence < alpha;
  const judged = claim === undefined ? undefined : judgeClaim(evidence, claim, significant, equivalent);
  if (judged !== undefined) return judged;
  if (equivalent) return 'no-effect';
  if (!significant) return 'undecided';
  return ratio.estimate > 1 === evidence.higherIsBetter ? 'improvement' : 'regression';
}

function judgeClaim(
  evidence: Evidence,
  claim: ClaimedRange,
  significant: boolean,
  equivalent: boolean,
): VerdictKind | undefined {
  const { ratio, marginLog = equivalenceMarginLog } = evidence;
  if (claim.ratioMin <= 1 && claim.ratioMax >= 1) {
    return ratio.low >= claim.ratioMin && ratio.high <= claim.ratioMax ? 'confirmed' : undefined;
  }
  // Everything on the log scale, mirrored if the claim is of a decrease, so that the claim reads least .. most > 0.
  const sign = claim.ratioMin > 1 ? 1 : -1;
  const [least, most] = ascending(sign * Math.log(claim.ratioMin), sign * Math.log(claim.ratioMax));
  const [near, far] = ascending(sign * Math.log(ratio.low), sign * Math.log(ratio.high));
  const estimate = sign * Math.log(ratio.estimate);
  const towards = significant && estimate > 0;
  const realEffect = Math.min(marginLog, least / 2);
  if (towards && estimate >= least && estimate <= most && near > realEffect) return 'confirmed';
  if (equivalent) return 'no-effect';
  if (towards && near > most) return 'larger-than-claimed';
  const reversed = significant && estimate < 0;
  if (far < least && !reversed) return 'smaller-than-claimed';
  return undefined;
}

function ascending(a: number, b: number): [number, number] {
  return a <= b ? [a, b] : [b, a];
}
