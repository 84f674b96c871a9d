/**
 * LatencyTable: the load generator's own log-linear histogram, in nanoseconds.
 *
 * Why not hdr-histogram-js directly: its WASM `recordValue` costs 18 ns and its JavaScript one 55 ns a call, while this
 * table costs about 3 ns. At two million replies a second the difference is the generator's whole headroom.
 *
 * Layout: index for index that of an HdrHistogram with 3 significant digits and lowest discernible value 1, so that
 * conversion to and from `.hlog` (see hlog.ts) moves every count without re-binning.
 *
 *   value v in ns                 bucket width    index
 *   0 .. 2047                     1               v
 *   2^(10+s) .. 2^(11+s)-1, s>=1  2^s             s * 1024 + (v >> s)
 *
 * Invariants: a bucket is at most 1/1024 of its values wide (relative error < 0.1 %); `count` is the sum of all
 * buckets; `minNs` and `maxNs` are exact, never bucket edges, and are 0 while the table is empty. A value beyond
 * 2^40 - 1 ns (18 minutes) counts in the last bucket, and `maxNs` still tells its true size.
 *
 * Not for sharing between threads: one writer, no atomics.
 */

/** Sub-buckets per octave above the linear part: 1024 keeps the relative error below 0.1 %. */
const subBucketsPerOctave = 1024;
/** Values below this are counted one bucket each. */
const linearValues = 2 * subBucketsPerOctave;
/** Largest value with a bucket of its own: 2^40 - 1 ns, about 18 minutes. */
export const latencyNsTrackableMax = 2 ** 40 - 1;
/** 29 octaves above the linear part (2^11 .. 2^40), 1024 buckets each: 31,744 buckets, 124 KiB. */
export const latencyTableBuckets = (40 - 11) * subBucketsPerOctave + linearValues;
/** Right shift that brings a value of 2^31 and more back into 32-bit integer arithmetic. */
const wideShiftBits = 20;
const wideDivisor = 2 ** wideShiftBits;
const bucketCountMax = 2 ** 32 - 1;

/** Bucket of a value below 2^31: integer arithmetic only. */
function bucketOfInt31(latencyNs: number): number {
  if (latencyNs < linearValues) return latencyNs;
  const shift = 21 - Math.clz32(latencyNs);
  return (shift << 10) + (latencyNs >>> shift);
}

/** Bucket index of a latency in ns, `0 .. latencyTableBuckets - 1`; fractions are cut off, large values saturate. */
export function bucketOfLatencyNs(latencyNs: number): number {
  if (latencyNs < 0x8000_0000) return bucketOfInt31(latencyNs | 0);
  if (latencyNs > latencyNsTrackableMax) return latencyTableBuckets - 1;
  return bucketOfInt31(Math.floor(latencyNs / wideDivisor)) + (wideShiftBits << 10);
}

/** Lowest value in ns that falls into bucket `index`. */
export function bucketLowNs(index: number): number {
  if (index < linearValues) return index;
  const shift = (index >> 10) - 1;
  return (index - shift * subBucketsPerOctave) * 2 ** shift;
}

/** Highest value in ns that falls into bucket `index` (the last bucket's own edge, although it also holds what saturates). */
export function bucketHighNs(index: number): number {
  if (index < linearValues) return index;
  return bucketLowNs(index) + 2 ** ((index >> 10) - 1) - 1;
}

export class LatencyTable {
  /** Counts by bucket; read it to convert or draw, write it only through the methods. */
  readonly counts = new Uint32Array(latencyTableBuckets);
  #count = 0;
  #minNs = Number.POSITIVE_INFINITY;
  #maxNs = 0;

  /** Values recorded. */
  get count(): number {
    return this.#count;
  }

  /** Exact largest recorded value in ns; 0 if empty. */
  get maxNs(): number {
    return this.#maxNs;
  }

  /** Exact smallest recorded value in ns; 0 if empty. */
  get minNs(): number {
    return this.#count === 0 ? 0 : this.#minNs;
  }

  /**
   * Counts one latency in ns (whole or fractional, the fraction is cut off).
   * @throws RangeError on a negative value or NaN: latency runs from the intended send time, so either is a broken clock.
   */
  record(latencyNs: number): void {
    if (!(latencyNs >= 0)) throw new RangeError(`a latency cannot be ${latencyNs} ns`);
    const index = bucketOfLatencyNs(latencyNs);
    this.counts[index]! += 1;
    this.#count += 1;
    if (latencyNs > this.#maxNs) this.#maxNs = latencyNs;
    if (latencyNs < this.#minNs) this.#minNs = latencyNs;
  }

  /**
   * Counts `times` equal latencies.
   * @throws RangeError on a negative or non-numeric value, or if a bucket would pass 2^32 - 1.
   */
  recordTimes(latencyNs: number, times: number): void {
    if (times === 0) return;
    if (!(latencyNs >= 0)) throw new RangeError(`a latency cannot be ${latencyNs} ns`);
    this.#addToBucket(bucketOfLatencyNs(latencyNs), times);
    if (latencyNs > this.#maxNs) this.#maxNs = latencyNs;
    if (latencyNs < this.#minNs) this.#minNs = latencyNs;
  }

  /** Adds all of `other`'s counts: merging intervals of a block, or blocks of a target. */
  add(other: LatencyTable): void {
    if (other.count === 0) return;
    for (let index = 0; index < latencyTableBuckets; index++) {
      const times = other.counts[index]!;
      if (times !== 0) this.#addToBucket(index, times);
    }
    if (other.maxNs > this.#maxNs) this.#maxNs = other.maxNs;
    if (other.minNs < this.#minNs) this.#minNs = other.minNs;
  }

  #addToBucket(index: number, times: number): void {
    const sum = this.counts[index]! + times;
    if (!Number.isInteger(times) || times < 0 || sum > bucketCountMax) {
      throw new RangeError(`bucket ${index} cannot take ${times} more counts`);
    }
    this.counts[index] = sum;
    this.#count += times;
  }

  /** Empties the table without allocating, for reuse in the next interval. */
  reset(): void {
    this.counts.fill(0);
    this.#count = 0;
    this.#minNs = Number.POSITIVE_INFINITY;
    this.#maxNs = 0;
  }

  clone(): LatencyTable {
    const copy = new LatencyTable();
    copy.add(this);
    return copy;
  }

  /** The value in ns at quantile `q` in 0..1: see `quantilesNs`. */
  quantileNs(q: number): number {
    return this.quantilesNs([q])[0]!;
  }

  /**
   * Values in ns at ascending quantiles, in one pass. The convention is HdrHistogram's: the upper edge of the bucket in
   * which the ceil(q * count)-th smallest value lies, but never above the exact maximum; q = 0 gives the exact minimum,
   * q = 1 the exact maximum. An empty table gives zeros.
   */
  quantilesNs(quantiles: readonly number[]): number[] {
    const values: number[] = [];
    let index = 0;
    let seen = this.counts[0]!;
    let previous = 0;
    for (const q of quantiles) {
      if (!(q >= previous && q <= 1)) throw new RangeError(`quantiles must ascend within 0..1, got ${q}`);
      previous = q;
      if (this.#count === 0 || q === 0 || q === 1) {
        values.push(q === 1 ? this.maxNs : this.minNs);
        continue;
      }
      // One relative rounding error is taken off before rounding up, so that 0.07 * 100 asks for the 7th value, not the 8th.
      const exactRank = q * this.#count;
      const rank = Math.max(1, Math.ceil(exactRank - exactRank * Number.EPSILON));
      while (seen < rank) {
        index += 1;
        seen += this.counts[index]!;
      }
      values.push(Math.min(bucketHighNs(index), this.#maxNs));
    }
    return values;
  }

  /** Mean in ns, from the middle of each bucket: within 0.05 % of the true mean below saturation. NaN if empty. */
  meanNs(): number {
    let weighted = 0;
    for (let index = 0; index < latencyTableBuckets; index++) {
      const times = this.counts[index]!;
      if (times !== 0) weighted += (times * (bucketLowNs(index) + bucketHighNs(index))) / 2;
    }
    return weighted / this.#count;
  }
}
