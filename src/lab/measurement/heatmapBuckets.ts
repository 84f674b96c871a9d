/**
 * Coarse latency buckets, as in `LatencyInterval`: bucket i covers [2^(i/4), 2^((i+1)/4)) microseconds, and everything below 1 us is in
 * bucket 0. Pages load it too, so it imports nothing.
 */
export const BUCKETS_PER_OCTAVE = 4;

export const heatmapBucket = (latencyNs: number): number =>
  Math.max(0, Math.floor(BUCKETS_PER_OCTAVE * Math.log2(latencyNs / 1000)));

/** Lower edge in microseconds, the next one's is the upper; bucket 0 also holds what is below it. */
export const heatmapBucketLowUs = (bucket: number): number => 2 ** (bucket / BUCKETS_PER_OCTAVE);
