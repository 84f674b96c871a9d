/**
 * Latency of known size is put into the path by a proxy; the generator must find it, of that size, where it is. Above all:
 * a stall of everything is charged to all requests that were due in it (open loop), while a closed loop hides it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runLoad } from '../../src/lab/load/generatorProcess.ts';
import type { LoadJob, LoadResult } from '../../src/lab/load/protocol.ts';
import { DelayProxy } from '../../src/lab/targets/delayProxy.ts';
import { parseTarget } from '../../src/lab/targets/parseTarget.ts';
import type { RunningTarget } from '../../src/lab/targets/target.ts';
import { presetWorkload } from '../../src/lab/workloads/presets.ts';

const stallMs = 200;
/** Far above what a busy machine does to a request by itself, so that what is found is what was put in. */
const delayMs = 150;
const measureSec = 3;
const rateOpsPerSec = 1000;

let target: RunningTarget;
let proxy: DelayProxy | undefined;
beforeAll(async () => {
  target = await parseTarget('null').start();
});
afterEach(async () => {
  await proxy?.stop();
  proxy = undefined;
});
afterAll(() => target.stop());

function job(loop: LoadJob['loop']): LoadJob {
  return {
    id: 'honesty',
    endpoint: proxy!.endpoint,
    workload: presetWorkload('get', { keys: 1000 }),
    seed: 3,
    connections: 10,
    loop,
    warmup: { minSec: 0, maxSec: 0.4 },
    measureSec,
    requestsMax: 1e9,
    intervalMs: 100,
    preload: false,
  };
}

/** Runs the job and stalls everything once, a second into the measured part. */
function runWithStall(loop: LoadJob['loop']): Promise<LoadResult> {
  return runLoad(job(loop), {
    onMessage: (message) => {
      if (message.type === 'phase' && message.phase === 'measure')
        setTimeout(() => proxy?.stall(stallMs), 1000);
    },
  });
}

describe('a stall of 200 ms', () => {
  it('is charged to every request due in it by the open loop', async () => {
    proxy = await DelayProxy.start({ upstream: target.endpoint });
    const { intended, counters } = await runWithStall({ kind: 'open', rateOpsPerSec, arrivals: 'constant' });
    expect(counters.unanswered).toBe(0);
    // 200 of 3,000 requests were due in the stall: waits fall evenly from 200 ms to 0, so 6.7 % are touched at all, 1 % wait
    // for more than 170 ms and 0.1 % for more than 197.
    expect(intended.maxUs).toBeGreaterThan(0.95 * stallMs * 1000);
    expect(intended.p999Us).toBeGreaterThan(0.9 * stallMs * 1000);
    expect(intended.p99Us).toBeGreaterThan(0.75 * stallMs * 1000);
  });

  // Two pauses of the machine's own beside the stall would lift the p99.9 over it, hence the second try.
  it('is seen by ten requests only in a closed loop, whose p99.9 hides it', { retry: 1 }, async () => {
    proxy = await DelayProxy.start({ upstream: target.endpoint });
    const { service, counters } = await runWithStall({ kind: 'closed', pipeline: 1 });
    expect(service.maxUs).toBeGreaterThan(0.95 * stallMs * 1000);
    // Ten connections were stalled once each: 0.1 % as soon as there are 10,000 requests in all.
    expect(counters.answered).toBeGreaterThan(10_000);
    expect(service.p999Us).toBeLessThan(0.5 * stallMs * 1000);
  });

  it('shows in its own interval and in no other', async () => {
    proxy = await DelayProxy.start({ upstream: target.endpoint });
    const { intervalStats } = await runWithStall({ kind: 'open', rateOpsPerSec, arrivals: 'poisson' });
    const slow = intervalStats.filter((interval) => interval.maxUs > 0.9 * stallMs * 1000);
    // Answers come when the stall ends, so its end's interval has them all, or two if it ends at an edge.
    expect(slow.length).toBeGreaterThanOrEqual(1);
    expect(slow.length).toBeLessThanOrEqual(2);
    expect(slow[0]!.startMs).toBeGreaterThanOrEqual(1000);
    expect(slow[0]!.startMs).toBeLessThan(1600);
  });
});

describe(`a delay of ${delayMs} ms on a fraction of the requests`, () => {
  it.each([0.02, 0.005])('is found at its quantile: share %f', async (delayShare) => {
    proxy = await DelayProxy.start({ upstream: target.endpoint, delayShare, delayMs, seed: 12 });
    // A hundred connections with ten requests a second each: a delayed request holds up 1.5 more on its connection.
    const loop = { kind: 'open', rateOpsPerSec, arrivals: 'constant' } as const;
    const { intended } = await runLoad({ ...job(loop), connections: 100 });
    const above = (quantile: number): boolean =>
      intended.percentiles.find((point) => point.q >= quantile)!.valueUs > 0.98 * delayMs * 1000;
    expect(above(1 - delayShare * 0.5)).toBe(true);
    expect(above(1 - delayShare * 5)).toBe(false);
    expect(intended.maxUs).toBeGreaterThan(delayMs * 1000);
    expect(proxy.delayed / proxy.forwarded).toBeCloseTo(delayShare, 1.8);
  });
});
