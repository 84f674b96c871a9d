/** Popularity ranks of keys found in sent bytes: the inverse of keySampler.ts, for the certificate. */
import { Prng } from '../../base/prng.ts';
import { hotKeyCount, type KeySampler, keySampler } from './keySampler.ts';
import type { Workload } from './workload.ts';

export class KeyRanks {
  readonly ranks: number[] = [];
  /** Keys found, those without a rank (`latest`) too. */
  seen = 0;
  readonly #workload: Workload;
  readonly #prefix: Buffer;
  readonly #sampler: KeySampler;

  /** @param seed the run's: it places the hot keys. */
  constructor(workload: Workload, seed: number) {
    this.#workload = workload;
    this.#prefix = Buffer.from(workload.keys.prefix, 'latin1');
    this.#sampler = keySampler(workload.keys.distribution, workload.keys.count, new Prng(0), seed);
  }

  /** Counts `argument` if it is one of the workload's keys. @returns whether it is. */
  note(argument: Buffer): boolean {
    const { prefix, lengthBytes } = this.#workload.keys;
    if (argument.length !== lengthBytes || !argument.subarray(0, prefix.length).equals(this.#prefix))
      return false;
    const digits = argument.toString('latin1', prefix.length);
    if (!/^\d+$/.test(digits)) return false;
    this.seen += 1;
    const rank = this.#sampler.rankOf(Number(digits));
    if (rank !== undefined) this.ranks.push(rank);
    return true;
  }

  /** The most popular ranks (lowest first, at most `limit`) with how often each was seen. */
  top(limit: number): { rank: number; count: number }[] {
    const counts = new Uint32Array(limit);
    for (const rank of this.ranks) if (rank < limit) counts[rank]! += 1;
    return [...counts].map((count, rank) => ({ rank, count })).slice(0, this.#workload.keys.count);
  }

  /** Share of the keys that lie in a hotspot's hot set; undefined for other distributions or without keys. */
  hotShare(): number | undefined {
    const { distribution, count } = this.#workload.keys;
    if (distribution.kind !== 'hotspot' || this.ranks.length === 0) return undefined;
    const hotCount = hotKeyCount(distribution.keyShare, count);
    return this.ranks.filter((rank) => rank < hotCount).length / this.ranks.length;
  }
}
