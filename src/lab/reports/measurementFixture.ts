/** Made-up measurements of the fixture session: memory slopes, latency curves and tails, and a second of a latency block. */
import type { Prng } from '../../base/prng.ts';
import type { CurvePoint, LatencyInterval, MemoryFit, RateLatencyPoint } from '../experiments/result.ts';

export function memoryFit(prng: Prng, targetId: string, valueBytes: number): MemoryFit {
  const overhead = { redis: 72, all: 14.4, none: 99 }[targetId]!;
  const intercept = (targetId === 'redis' ? 8 : 52) * 2 ** 20;
  const slope = 16 + valueBytes + overhead;
  return {
    experimentId: 'whole',
    targetId,
    label: `16 B keys, ${valueBytes} B values, no TTL`,
    keyBytes: 16,
    valueBytes,
    ttl: false,
    points: [0.25e6, 0.5e6, 1e6, 2e6].map((keys) => ({
      keys,
      rssBytes: intercept + keys * slope * (0.99 + 0.02 * prng.float()),
    })),
    slopeRssBytesPerKey: slope,
    slopeAccountedBytesPerKey: slope - 2,
    overheadBytesPerKey: overhead,
    interceptRssBytes: intercept,
  };
}

export function rateCurve(targetId: string): RateLatencyPoint[] {
  const capacity = { redis: 92_000, all: 96_000, none: 88_000 }[targetId]!;
  return [10, 20, 40, 60, 70, 80, 90].map((thousands) => {
    const offered = thousands * 1000;
    const load = Math.min(0.995, offered / capacity);
    const p50Us = 70 + 18 / (1 - load);
    return {
      experimentId: 'whole',
      targetId,
      offeredOpsPerSec: offered,
      achievedOpsPerSec: Math.min(offered, capacity * 0.97),
      p50Us,
      p99Us: p50Us * (2.4 + 3 * load * load),
      p999Us: p50Us * (6 + 14 * load * load),
    };
  });
}

export function tail(prng: Prng, targetId: string, busy: boolean): CurvePoint[] {
  const scale = (busy ? 2 : 1) * ({ redis: 1, all: 0.88, none: 1.15 }[targetId] ?? 0.95);
  let jitter = 1;
  return [
    0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999, 0.99995,
    0.99999, 1,
  ].map((q) => {
    jitter *= 1 + 0.06 * prng.float();
    const valueUs = Math.min(60_000, scale * jitter * 70 * (1 / Math.max(1e-6, 1 - q)) ** 0.36);
    const spread = 1.02 + 0.3 * q ** 20;
    return { q, valueUs, intervalUs: { low: valueUs / spread, high: valueUs * spread } };
  });
}

export function latencyInterval(prng: Prng, targetId: string, second: number): LatencyInterval {
  const bucketCounts: number[] = new Array(72).fill(0);
  const centre = 4 * Math.log2({ redis: 88, all: 82, none: 97 }[targetId]!);
  for (let bucket = 16; bucket < 52; bucket++) {
    const distance = bucket - centre;
    const share = distance < 0 ? Math.exp(-((distance / 2) ** 2)) : Math.exp(-distance / 2.1);
    bucketCounts[bucket] = Math.floor(40_000 * 0.25 * share * (0.7 + 0.6 * prng.float()));
  }
  if (prng.float() < (targetId === 'none' ? 0.2 : 0.05))
    for (let bucket = 44; bucket < 56; bucket++) bucketCounts[bucket]! += prng.below(40);
  return {
    startMs: second * 1000,
    durationMs: 1000,
    count: bucketCounts.reduce((sum, hits) => sum + hits, 0),
    bucketCounts,
  };
}
