/**
 * Draws key ids for a declared distribution, and tells the popularity rank of an id again (for the certificate).
 *
 * Ids run from 0 to `count` - 1; `insert()` hands out ids from `count` on, which only `latest` reads. Drawn ahead of the
 * run (see requestRing.ts), so speed matters less than that the distribution is really followed.
 */

import { unreachable } from '../../base/assert.ts';
import type { Prng } from '../../base/prng.ts';
import { Permutation } from './permutation.ts';
import type { KeyDistribution } from './workload.ts';
import { ZipfSampler } from './zipfSampler.ts';

export interface KeySampler {
  next(): number;
  /** The next id never handed out before: every `sections`-th from `count` on. */
  insert(): number;
  /**
   * From now on ids are drawn for section `index` of `sections` (one connection's part of the run): it has inserted nothing
   * yet, and `latest` reads its own inserts only. Another connection's might not have been sent when they are read.
   */
  beginSection(index: number, sections: number): void;
  /** Popularity rank of an id, 0 = most popular; undefined where ids have no fixed rank (`latest`). */
  rankOf(id: number): number | undefined;
}

/** @param seed places the hot keys of a scrambled zipf; the draws come from `random`. */
export function keySampler(
  distribution: KeyDistribution,
  count: number,
  random: Prng,
  seed: number,
): KeySampler {
  let inserted = 0;
  let section = 0;
  let sectionCount = 1;
  const insertedId = (nth: number): number => count + nth * sectionCount + section;
  const insert = (): number => insertedId(inserted++);
  const beginSection = (index: number, sections: number): void => {
    inserted = 0;
    section = index;
    sectionCount = sections;
  };
  switch (distribution.kind) {
    case 'uniform':
      return { next: () => random.below(count), insert, beginSection, rankOf: (id) => id };
    case 'sequential': {
      let following = 0;
      const next = (): number => {
        const id = following;
        following = following + 1 === count ? 0 : following + 1;
        return id;
      };
      return { next, insert, beginSection, rankOf: (id) => id };
    }
    case 'hotspot': {
      const hotCount = hotKeyCount(distribution.keyShare, count);
      const next = (): number =>
        random.float() < distribution.trafficShare || hotCount === count
          ? random.below(hotCount)
          : hotCount + random.below(count - hotCount);
      return { next, insert, beginSection, rankOf: (id) => id };
    }
    case 'zipf': {
      const zipf = new ZipfSampler(random, count, distribution.theta);
      if (!distribution.scrambled)
        return { next: () => zipf.nextRank(), insert, beginSection, rankOf: (id) => id };
      const permutation = new Permutation(count, seed);
      return {
        next: () => permutation.apply(zipf.nextRank()),
        insert,
        beginSection,
        rankOf: (id) => (id < count ? permutation.invert(id) : undefined),
      };
    }
    case 'latest': {
      const zipf = new ZipfSampler(random, count, distribution.theta);
      const next = (): number => {
        const age = zipf.nextRank();
        if (age < inserted) return insertedId(inserted - 1 - age);
        return Math.max(0, count - 1 - (age - inserted));
      };
      return { next, insert, beginSection, rankOf: () => undefined };
    }
    default:
      return unreachable(distribution);
  }
}

/** How many of `count` keys are a hotspot's: at least one. */
export function hotKeyCount(keyShare: number, count: number): number {
  return Math.max(1, Math.round(keyShare * count));
}
