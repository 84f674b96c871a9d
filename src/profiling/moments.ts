/** Samples of a profile by when they were taken: in the moments that matter, or not. */
import type { StackSample } from './cpuProfile.ts';

/** On the profile's clock, microseconds. */
export interface Moment {
  readonly startUs: number;
  readonly endUs: number;
}

export interface SplitSamples {
  readonly inside: readonly StackSample[];
  readonly outside: readonly StackSample[];
}

/** @param samples in the order of time. @param moments in any order; they may overlap. */
export function splitByMoments(samples: readonly StackSample[], moments: readonly Moment[]): SplitSamples {
  const sorted = moments.toSorted((a, b) => a.startUs - b.startUs);
  const [inside, outside]: [StackSample[], StackSample[]] = [[], []];
  let next = 0;
  let coveredUntilUs = Number.NEGATIVE_INFINITY;
  for (const sample of samples) {
    while (next < sorted.length && sorted[next]!.startUs <= sample.atUs)
      coveredUntilUs = Math.max(coveredUntilUs, sorted[next++]!.endUs);
    (sample.atUs < coveredUntilUs ? inside : outside).push(sample);
  }
  return { inside, outside };
}
