/**
 * TOST: two one-sided tests, the way to show "no effect" instead of merely failing to show one.
 *
 * A comparison is equivalent when both "the effect is -margin or worse" and "the effect is +margin or better" are
 * rejected; the p-value is the larger of the two. At level alpha this says the (1 - 2 alpha) interval lies within the
 * margin. Both tests are the exact signed-rank test, so nothing is assumed of the noise but its symmetry.
 * Source: Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15 (1987).
 */
import { signedRankPValue } from './signedRank.ts';

/** 3 % on the log scale: smaller differences do not change an engineer's decision, and two shared cores cannot show them. */
export const equivalenceMarginLog = Math.log(1.03);

/** p-value of "the log-ratios' centre is not within +-marginLog". Small means: shown to have no effect that matters. */
export function equivalencePValue(logRatios: readonly number[], marginLog = equivalenceMarginLog): number {
  if (!(marginLog > 0)) throw new RangeError(`an equivalence margin must be positive, got ${marginLog}`);
  if (logRatios.length === 0) return 1;
  const notTooLow = signedRankPValue(logRatios, -marginLog, 'greater');
  const notTooHigh = signedRankPValue(logRatios, marginLog, 'less');
  return Math.max(notTooLow, notTooHigh);
}
