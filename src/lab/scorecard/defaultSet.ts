/**
 * Which optimisations run by default: those that earned it. One did if a comparison that its experiment declared to decide came out better
 * on two occasions, and none came out worse on both. Until two occasions have judged it, nothing is taken out and nothing put in.
 */
import type { Comparison } from '../experiments/result.ts';
import { ratioWithRange } from '../reports/format.ts';
import { readingOf } from '../reports/metrics.ts';
import { isSameOccasion, judgementOf, type Occasion } from './occasion.ts';

export type EarningWord = 'earned' | 'not earned' | 'open';

export interface Earning {
  word: EarningWord;
  /** A clause without a full stop. */
  reason: string;
}

/** @param occasions newest first; more than two are not looked at. */
export function earningOf(occasions: readonly Occasion[]): Earning {
  const [newest, before] = occasions;
  if (newest === undefined) return { word: 'open', reason: 'not measured' };
  if (before === undefined || isSameOccasion(newest.session, before.session))
    return { word: 'open', reason: 'a second occasion has to repeat what the first one found' };
  const pairs = decidingOf(newest).flatMap((now) => {
    const then = decidingOf(before).find((each) => isSameQuestion(each, now));
    return then === undefined ? [] : [{ now, then }];
  });
  const better = pairs.filter(({ now, then }) => isBetter(now) && isBetter(then));
  const worse = pairs.filter(
    ({ now, then }) => now.verdict === 'regression' && then.verdict === 'regression',
  );
  if (worse.length > 0) return { word: 'not earned', reason: `worse on two occasions: ${named(worse)}` };
  if (better.length > 0) return { word: 'earned', reason: `better on two occasions: ${named(better)}` };
  const isDecided = [newest, before].every((occasion) => judgementOf(occasion).kind !== 'undecided');
  return isDecided
    ? { word: 'not earned', reason: 'nothing that decides came out better on two occasions' }
    : { word: 'open', reason: 'two occasions did not decide it' };
}

/** The comparisons that decide, between the two arms whose difference is the flag. */
function decidingOf(occasion: Occasion): Comparison[] {
  const { experiment } = occasion;
  const answer = judgementOf(occasion).comparison;
  return experiment.comparisons.filter(
    ({ a, b, scenarioId, metric }) =>
      a === answer?.a &&
      b === answer.b &&
      experiment.scenarios.some(({ id, decides }) => id === scenarioId && decides.includes(metric)),
  );
}

const isSameQuestion = (left: Comparison, right: Comparison): boolean =>
  left.scenarioId === right.scenarioId && left.metric === right.metric;

/** Less than a plan claimed may still be better than nothing: then the interval lies on the good side of 1. */
function isBetter({ verdict, ratio, higherIsBetter }: Comparison): boolean {
  if (verdict === 'smaller-than-claimed') return higherIsBetter ? ratio.low > 1 : ratio.high < 1;
  return verdict === 'improvement' || verdict === 'confirmed' || verdict === 'larger-than-claimed';
}

function named(pairs: readonly { now: Comparison }[]): string {
  return pairs
    .map(({ now }) => `${readingOf(now.metric).name} ${ratioWithRange(now.ratio)} at ${now.scenarioId}`)
    .join(', ');
}
