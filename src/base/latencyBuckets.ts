/**
 * Log-linear buckets for durations: 16 to the octave, so a bucket is at most 6.25 % wide. The first 16 are one unit of 1/32 us
 * (31.25 ns) each; the last ends at 2^32 units, 134 s, and takes what is longer. Edges of octaves are powers of two of a
 * microsecond, so counts of coarser buckets are exact sums.
 */
const UNITS_PER_US = 32;
const STEPS_LOG2 = 4;
export const STEPS_PER_OCTAVE = 1 << STEPS_LOG2;
/** Units from 2^32 on would not fit an unsigned 32-bit number. */
const DURATION_MAX_US = (2 ** 32 - 1) / UNITS_PER_US;

export const BUCKET_COUNT = (32 - STEPS_LOG2 + 1) << STEPS_LOG2;

/** @param durationUs what is below zero or not a number counts as zero, what is too long as the longest. */
export function bucketOf(durationUs: number): number {
  if (!(durationUs > 0)) return 0;
  const units = durationUs >= DURATION_MAX_US ? 0xffff_ffff : (durationUs * UNITS_PER_US) >>> 0;
  if (units < STEPS_PER_OCTAVE) return units;
  const exponent = 31 - Math.clz32(units);
  const step = (units >>> (exponent - STEPS_LOG2)) & (STEPS_PER_OCTAVE - 1);
  return ((exponent - STEPS_LOG2 + 1) << STEPS_LOG2) + step;
}

/** The bucket's lower edge in microseconds; its upper edge is the next one's. */
export function bucketStartUs(bucket: number): number {
  if (bucket < STEPS_PER_OCTAVE) return bucket / UNITS_PER_US;
  const exponent = (bucket >> STEPS_LOG2) - 1;
  const step = bucket & (STEPS_PER_OCTAVE - 1);
  return ((STEPS_PER_OCTAVE + step) * 2 ** exponent) / UNITS_PER_US;
}

/**
 * The duration below which a share `quantile` of the counts lies, interpolated within its bucket; NaN without counts.
 * @param quantile 0 .. 1. @param counts BUCKET_COUNT numbers.
 */
export function quantileUs(counts: ArrayLike<number>, quantile: number): number {
  let total = 0;
  for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) total += counts[bucket]!;
  if (total === 0) return Number.NaN;
  const wanted = quantile * total;
  let below = 0;
  let last = 0;
  for (let bucket = 0; bucket < BUCKET_COUNT; bucket++) {
    const count = counts[bucket]!;
    if (count === 0) continue;
    last = bucket;
    if (below + count >= wanted) {
      const start = bucketStartUs(bucket);
      return start + (bucketStartUs(bucket + 1) - start) * Math.max(0, (wanted - below) / count);
    }
    below += count;
  }
  return bucketStartUs(last + 1);
}
