/** The generator's pure parts: when requests are due, what is in flight, what an interval holds, what was sent. */
import { describe, expect, it } from 'vitest';
import { LatencyTable } from '../measurement/latencyTable.ts';
import { presetWorkload } from '../workloads/presets.ts';
import { buildRequestRing } from '../workloads/requestRing.ts';
import { InFlight } from './inFlight.ts';
import { IntervalRecorder, latencyInterval, summarize } from './intervalRecorder.ts';
import type { IntervalStats } from './protocol.ts';
import { Schedule } from './schedule.ts';
import { decodeRequest, decodeSample, SentPositions } from './sentSample.ts';
import { judgeWarmUp, warmUpIntervalMs } from './warmUp.ts';

const seed = 99;

function due(schedule: Schedule, count: number): { ns: number; connection: number }[] {
  return Array.from({ length: count }, () => {
    const one = { ns: schedule.dueNs, connection: schedule.connection };
    schedule.advance();
    return one;
  });
}

describe('Schedule', () => {
  it('spaces constant arrivals evenly and deals them out in turn', () => {
    const schedule = new Schedule({ kind: 'open', rateOpsPerSec: 4, arrivals: 'constant' }, 2, 1000, seed);
    expect(due(schedule, 4)).toEqual([
      { ns: 1000, connection: 0 },
      { ns: 250_001_000, connection: 1 },
      { ns: 500_001_000, connection: 0 },
      { ns: 750_001_000, connection: 1 },
    ]);
  });

  it('keeps the rate over a long run without drifting', () => {
    const schedule = new Schedule({ kind: 'open', rateOpsPerSec: 30_000, arrivals: 'constant' }, 7, 0, seed);
    expect(due(schedule, 300_001).at(-1)!.ns).toBeCloseTo(1e10, 3);
  });

  it('draws exponential gaps and uniform connections for poisson arrivals', () => {
    const count = 100_000;
    const arrivals = due(
      new Schedule({ kind: 'open', rateOpsPerSec: 1e6, arrivals: 'poisson' }, 4, 0, seed),
      count,
    );
    const gaps = arrivals.slice(1).map((arrival, i) => arrival.ns - arrivals[i]!.ns);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    expect(mean / 1000, `seed ${seed}`).toBeCloseTo(1, 1.5);
    // An exponential's standard deviation is its mean; a constant's would be 0.
    expect(Math.sqrt(variance) / mean, `seed ${seed}`).toBeCloseTo(1, 1.5);
    for (let connection = 0; connection < 4; connection++) {
      const share = arrivals.filter((arrival) => arrival.connection === connection).length / count;
      expect(share, `seed ${seed}`).toBeCloseTo(0.25, 1.8);
    }
  });

  it('repeats for a seed', () => {
    const loop = { kind: 'open', rateOpsPerSec: 100, arrivals: 'poisson' } as const;
    expect(due(new Schedule(loop, 5, 0, 1), 50)).toEqual(due(new Schedule(loop, 5, 0, 1), 50));
    expect(due(new Schedule(loop, 5, 0, 1), 50)).not.toEqual(due(new Schedule(loop, 5, 0, 2), 50));
  });
});

describe('InFlight', () => {
  it('is first in, first out while it grows around its end', () => {
    const inFlight = new InFlight();
    let pushed = 0;
    let shifted = 0;
    for (let round = 0; round < 1500; round++) {
      for (let i = 0; i < 3; i++) inFlight.push(pushed, pushed++ + 0.5);
      for (let i = 0; i < 2; i++) {
        expect([inFlight.intendedNs, inFlight.sentNs]).toEqual([shifted, shifted + 0.5]);
        shifted += 1;
        inFlight.shift();
      }
    }
    expect(inFlight.length).toBe(1500);
  });

  it('refuses a reply to nothing', () => {
    expect(() => new InFlight().shift()).toThrow('in flight');
  });
});

describe('IntervalRecorder', () => {
  it('puts each answer into the interval it came in, late ones into the last', () => {
    const recorder = new IntervalRecorder(100, 3, true);
    recorder.begin(1000);
    for (const [nowNs, latencyNs] of [
      [1000, 1],
      [1099, 2],
      [1250, 3],
      [1299, 4],
      [9999, 5],
    ] as const) {
      recorder.advance(nowNs);
      recorder.recordRequest(latencyNs + 10, latencyNs);
    }
    expect(recorder.intervals.map((interval) => interval.answered)).toEqual([2, 0, 3]);
    expect(recorder.merged('intended').maxNs).toBe(15);
    expect(recorder.merged('service').count).toBe(5);
  });

  it('counts a batch for each of its requests', () => {
    const recorder = new IntervalRecorder(100, 1, false);
    recorder.begin(0);
    recorder.recordBatch(2000, 64);
    expect(summarize(recorder.merged('intended'))).toMatchObject({ count: 64, p50Us: 2, maxUs: 2 });
  });

  it('spreads latencies over the heatmap buckets without losing any', () => {
    const table = new LatencyTable();
    for (const latencyUs of [0.5, 1, 1.18, 2, 1024, 1_000_000]) table.record(latencyUs * 1000);
    const { bucketCounts, count } = latencyInterval(2, 1e8, table);
    expect(count).toBe(6);
    expect(bucketCounts.reduce((sum, times) => sum + times, 0)).toBe(6);
    expect([bucketCounts[0], bucketCounts[4], bucketCounts[40]]).toEqual([2 + 1, 1, 1]);
  });

  it('has nothing to say about nothing', () => {
    expect(summarize(new LatencyTable())).toMatchObject({ count: 0, p99Us: 0, percentiles: [] });
  });
});

describe('sent sample', () => {
  it('takes every place in a batch and stays within its memory', () => {
    const positions = new SentPositions();
    for (let batch = 0; batch < 300_000; batch++) positions.note(batch * 64, 64);
    const kept = positions.positions;
    expect(kept.length).toBeGreaterThan(60_000);
    expect(kept.length).toBeLessThanOrEqual(1 << 17);
    expect(new Set([...kept.slice(0, 1000)].map((position) => position % 64)).size).toBe(64);
  });

  it('finds in the bytes what was declared', () => {
    const workload = presetWorkload('get-set-zipf', { keys: 10_000, valueBytes: 100 });
    const ring = buildRequestRing(workload, seed, 20_000, 0);
    const sample = decodeSample(
      workload,
      seed,
      ring,
      Uint32Array.from({ length: 20_000 }, (_, i) => i),
    );
    const { zipfTheta } = sample;
    expect(Math.abs(zipfTheta!.estimate - 0.99), `seed ${seed}`).toBeLessThan(4 * zipfTheta!.standardError);
    expect(sample.keys).toBe(20_000);
    expect(sample.topRanks[0]!.count).toBeGreaterThan(sample.topRanks[9]!.count);
    expect(sample.valueBytesMean).toBe(100);
    expect(sample.valueBytesLog2Counts).toEqual([0, 0, 0, 0, 0, 0, sample.values]);
    const gets = sample.commands.find((command) => command.name === 'get')!.count;
    expect(gets / 20_000, `seed ${seed}`).toBeCloseTo(0.9, 1.8);
  });

  it('exposes keys that do not follow the declared distribution', () => {
    const declared = presetWorkload('get-set-zipf', { keys: 10_000 });
    const uniform = { ...declared, keys: { ...declared.keys, distribution: { kind: 'uniform' as const } } };
    const ring = buildRequestRing(uniform, seed, 5000, 0);
    const sample = decodeSample(
      declared,
      seed,
      ring,
      Uint32Array.from({ length: 5000 }, (_, i) => i),
    );
    expect(sample.zipfTheta!.estimate).toBeLessThan(0.1);
  });

  it('tells the share of a hotspot', () => {
    const plain = presetWorkload('get', { keys: 10_000 });
    const workload = {
      ...plain,
      keys: { ...plain.keys, distribution: { kind: 'hotspot' as const, keyShare: 0.2, trafficShare: 0.8 } },
    };
    const ring = buildRequestRing(workload, seed, 5000, 0);
    const sample = decodeSample(
      workload,
      seed,
      ring,
      Uint32Array.from({ length: 5000 }, (_, i) => i),
    );
    expect(sample.hotShare, `seed ${seed}`).toBeCloseTo(0.8, 1.5);
  });

  it.each(['GET x\r\n', '*1\r\n+GET\r\n', '*2\r\n$3\r\nGET\r\n', '*1\r\n$3\r\nGET\r\nrest'])(
    'takes malformed bytes for the bug they are: %j',
    (text) => {
      expect(() => decodeRequest(Buffer.from(text))).toThrow('encoded');
    },
  );
});

describe('warm-up', () => {
  const window = (throughputOpsPerSec: number): IntervalStats => ({
    ...{ phase: 'warmup', startMs: 0, durationMs: 200, answered: 1, p50Us: 10, p99Us: 50, maxUs: 60 },
    throughputOpsPerSec,
  });
  const steady = Array.from({ length: 6 }, () => window(1000));
  const rising = Array.from({ length: 6 }, (_, i) => window(1000 + 100 * i));

  it('ends once steady, but not before its shortest nor after its longest time', () => {
    const warmUp = { minSec: 1, maxSec: 10 };
    expect(judgeWarmUp(warmUp, 0.5, steady)).toMatchObject({ done: false, steady: true });
    expect(judgeWarmUp(warmUp, 1, steady)).toMatchObject({ done: true, steady: true });
    expect(judgeWarmUp(warmUp, 5, rising)).toMatchObject({ done: false, steady: false });
    expect(judgeWarmUp(warmUp, 10, rising)).toMatchObject({ done: true, steady: false });
    expect(judgeWarmUp(warmUp, 10, rising).reason).toContain('throughput drifts');
  });

  it('has windows short enough to be found steady in', () => {
    expect(warmUpIntervalMs({ minSec: 0, maxSec: 1 })).toBe(200);
    expect(warmUpIntervalMs({ minSec: 1, maxSec: 5 })).toBe(500);
    expect(warmUpIntervalMs({ minSec: 1, maxSec: 60 })).toBe(1000);
  });
});
