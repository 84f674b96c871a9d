/** Causes of a whole tail: each one's share of the tail's time, and how much more often it is met there than elsewhere (lift). */
import type { Attribution } from './attribute.ts';
import { CAUSES, type Cause } from './causes.ts';

export interface CauseShare {
  readonly cause: Cause;
  /** Of all time that tail requests took, 0 .. 1. */
  readonly share: number;
  /** P(cause | tail) / P(cause | other requests); undefined while one of them is unknown. */
  readonly lift: number | undefined;
}

/** A request has met a cause that took this share of its time. */
const MET_FROM_SHARE = 0.1;
/** Added to both counts, so that a cause never met elsewhere has a large lift and not an infinite one. */
const PRIOR = 0.5;

/** @param others samples of requests whatever their duration. Causes without a share are left out; largest share first. */
export function tailCauses(tail: readonly Attribution[], others: readonly Attribution[]): CauseShare[] {
  let totalUs = 0;
  for (const { durationUs, requests } of tail) totalUs += durationUs * requests;
  if (totalUs === 0) return [];
  return CAUSES.map((cause) => {
    let causeUs = 0;
    for (const { chargesUs, requests } of tail) causeUs += chargesUs[cause] * requests;
    const lift = others.length === 0 ? undefined : met(tail, cause) / met(others, cause);
    return { cause, share: causeUs / totalUs, lift };
  })
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}

function met(attributions: readonly Attribution[], cause: Cause): number {
  let count = 0;
  let total = 0;
  for (const { chargesUs, durationUs, requests } of attributions) {
    total += requests;
    if (chargesUs[cause] >= durationUs * MET_FROM_SHARE && chargesUs[cause] > 0) count += requests;
  }
  return (count + PRIOR) / (total + 2 * PRIOR);
}
