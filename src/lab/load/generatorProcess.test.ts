/** The generator end to end, against real processes: what was asked for is what was sent, answered and reported. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LatencyInterval } from '../experiments/result.ts';
import { mergeIntervals, readHlog } from '../measurement/hlog.ts';
import { parseTarget } from '../targets/parseTarget.ts';
import type { RunningTarget } from '../targets/target.ts';
import { presetWorkload } from '../workloads/presets.ts';
import { parseWorkload } from '../workloads/workload.ts';
import { runLoad } from './generatorProcess.ts';
import { formatLoadReport, warningsOf } from './loadReport.ts';
import type { GeneratorMessage, LoadJob } from './protocol.ts';

const noRedis = await parseTarget('redis').unavailable();
const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-load-'));

function jobFor(target: RunningTarget, rest: Partial<LoadJob>): LoadJob {
  return {
    id: 'test',
    endpoint: target.endpoint,
    workload: presetWorkload('get-set-zipf', { keys: 2000 }),
    seed: 5,
    connections: 4,
    loop: { kind: 'closed', pipeline: 8 },
    warmup: { minSec: 0, maxSec: 0 },
    measureSec: 0.4,
    requestsMax: 1e9,
    intervalMs: 100,
    preload: true,
    ...rest,
  };
}

describe('generator against the null responder', () => {
  let target: RunningTarget;
  beforeAll(async () => {
    target = await parseTarget('null').start();
  });
  afterAll(async () => {
    await target.stop();
    rmSync(folder, { recursive: true });
  });

  it('closed loop: everything sent is answered, through every phase', async () => {
    const phases: string[] = [];
    const onMessage = (message: GeneratorMessage): void => {
      if (message.type === 'phase') phases.push(message.phase);
    };
    const job = jobFor(target, { warmup: { minSec: 0, maxSec: 0.3 } });
    const result = await runLoad(job, { onMessage });
    expect(phases).toEqual(['encode', 'connect', 'preload', 'warmup', 'measure', 'drain']);
    const { counters } = result;
    expect(counters).toMatchObject({ errors: 0, unanswered: 0, hitRate: 1 });
    expect(counters.answered).toBe(result.service.count);
    expect(counters.replies.simple + counters.replies.bulk).toBeGreaterThanOrEqual(counters.answered);
    expect(result.throughputOpsPerSec * result.measuredSec).toBeCloseTo(counters.answered, 0);
    expect(result.intervals.reduce((sum, interval) => sum + interval.count, 0)).toBe(counters.answered);
    expect(result.preload).toMatchObject({ keys: 2000 });
    expect(result.generator.cpuShare).toBeGreaterThan(0.05);
  });

  it.each([
    { kind: 'closed', pipeline: 8 } as const,
    { kind: 'open', rateOpsPerSec: 2000, arrivals: 'constant' } as const,
  ])('tells intervals of the measured part while it is watched, $kind loop', async (loop) => {
    const told: LatencyInterval[] = [];
    const onMessage = (message: GeneratorMessage): void => {
      if (message.type === 'progress') told.push(...(message.intervals ?? []));
    };
    const job = jobFor(target, { loop, measureSec: 2.2, warmup: { minSec: 0.2, maxSec: 0.4 } });
    const { intervals } = await runLoad(job, { onMessage, isWatched: () => true });
    expect(told.length).toBeGreaterThan(5);
    // Those of the report, in order, none left out.
    expect(told).toEqual(intervals.slice(0, told.length));
    told.length = 0;
    await runLoad({ ...job, measureSec: 1.2 }, { onMessage, isWatched: () => false });
    expect(told).toEqual([]);
  });

  it('stops at the number of requests, exactly', async () => {
    const result = await runLoad(jobFor(target, { requestsMax: 3200, measureSec: 20, preload: false }));
    expect(result).toMatchObject({ endedBy: 'requests-max', counters: { sent: 3200, answered: 3200 } });
    expect(result.measuredSec).toBeLessThan(5);
    const replies = result.counters.commands.map((command) => command.answered);
    expect(replies[0]! + replies[1]!).toBe(3200);
  });

  it('sends the same requests for the same seed', async () => {
    const counts = [];
    for (const seed of [8, 8, 9]) {
      // One connection: which of several gets the last batch of a counted run is a matter of speed.
      const rest = { seed, connections: 1, requestsMax: 3200, measureSec: 20, preload: false };
      const result = await runLoad(jobFor(target, rest));
      counts.push([result.counters.bytesSent, result.counters.commands.map((command) => command.answered)]);
    }
    expect(counts[0]).toEqual(counts[1]);
    expect(counts[0]).not.toEqual(counts[2]);
  });

  it('open loop: offers the rate, measures from the due time, writes a log that holds it all', async () => {
    const hlogPath = path.join(folder, 'open.hlog');
    const job = jobFor(target, {
      loop: { kind: 'open', rateOpsPerSec: 2000, arrivals: 'constant' },
      measureSec: 1,
      hlogPath,
    });
    const result = await runLoad(job);
    expect(result.counters).toMatchObject({ sent: 2000, answered: 2000, unanswered: 0 });
    expect(result.intended.count).toBe(2000);
    expect(result.generator.lateness.count).toBe(2000);
    // Due, then sent, then answered.
    expect(result.intended.meanUs).toBeGreaterThanOrEqual(result.service.meanUs);
    expect(result.generator.busyShare).toBeGreaterThan(0);
    expect(result.generator.busyShare).toBeLessThan(1);
    const log = readHlog(readFileSync(hlogPath, 'utf8'));
    for (const tag of ['intended', 'service']) expect(mergeIntervals(log.intervals, tag).count).toBe(2000);
    expect(mergeIntervals(log.intervals, 'intended').maxNs / 1000 / result.intended.maxUs).toBeCloseTo(1, 2);
    expect(formatLoadReport(target.description, job, result)).toContain('open loop, 2,000 ops/s, constant');
  });

  it('stops when told to and reports what it has', async () => {
    const stop = new AbortController();
    const job = jobFor(target, { measureSec: 60 });
    const result = await runLoad(job, {
      signal: stop.signal,
      onMessage: (message) => {
        if (message.type === 'phase' && message.phase === 'measure') setTimeout(() => stop.abort(), 200);
      },
    });
    expect(result.endedBy).toBe('stopped');
    expect(result.measuredSec).toBeLessThan(10);
    expect(result.counters.answered).toBeGreaterThan(0);
    expect(warningsOf(job, result).join()).toContain('stopped early');
  });

  it('tells why it could not', async () => {
    const nobody = { ...jobFor(target, {}), endpoint: { host: '127.0.0.1', port: 1 } };
    await expect(runLoad(nobody)).rejects.toMatchObject({ code: 'connection-lost' });
    const workload = parseWorkload({
      ...presetWorkload('get'),
      commands: [{ weight: 1, template: ['GET', '{kye}'] }],
    });
    await expect(runLoad(jobFor(target, { workload }))).rejects.toMatchObject({ code: 'bad-job' });
  });
});

describe.skipIf(noRedis)('generator against redis-server', () => {
  let target: RunningTarget;
  beforeAll(async () => {
    target = await parseTarget('redis').start();
  });
  afterAll(() => target.stop());

  it('agrees with the server about commands, hits and misses', async () => {
    await target.command('FLUSHALL');
    const workload = parseWorkload({
      name: 'half there',
      keys: { count: 4000, lengthBytes: 16, distribution: { kind: 'uniform' } },
      commands: [
        { weight: 2, template: ['GET', '{key}'] },
        { weight: 1, template: ['MGET', '{keys:5}'] },
      ],
      preload: { share: 0.5, template: ['SET', '{key}', '{value}'] },
      expectedHitRate: { share: 0.5 },
    });
    await target.command('CONFIG', 'RESETSTAT');
    const result = await runLoad(jobFor(target, { workload, requestsMax: 8000, measureSec: 20 }));
    const { counters } = result;
    expect(counters).toMatchObject({ answered: 8000, errors: 0 });
    const stats = await target.info('stats');
    expect(Number(stats.get('keyspace_hits'))).toBe(counters.hits);
    expect(Number(stats.get('keyspace_misses'))).toBe(counters.misses);
    expect(counters.hitRate).toBeCloseTo(0.5, 1.5);
    const commands = await target.info('commandstats');
    for (const command of counters.commands) {
      expect(commands.get(`cmdstat_${command.name}`)).toContain(`calls=${command.answered},`);
    }
    expect(await target.command('DBSIZE')).toBe(2000);
  });

  it('counts errors, keeps their text, and refuses a preload that fails', async () => {
    await target.command('SET', 'key:000000000000', 'not a hash');
    const workload = parseWorkload({
      name: 'wrong type',
      keys: { count: 1, lengthBytes: 16, distribution: { kind: 'uniform' } },
      commands: [{ weight: 1, template: ['HGET', '{key}', 'f'] }],
      preload: { template: ['HSET', '{key}', 'f', 'v'] },
    });
    const rest = { workload, requestsMax: 320, measureSec: 20 };
    const { counters } = await runLoad(jobFor(target, { ...rest, preload: false }));
    expect(counters.errors).toBe(320);
    expect(counters.firstErrors).toEqual([{ text: expect.stringMatching(/^WRONGTYPE /), count: 320 }]);
    await expect(runLoad(jobFor(target, rest))).rejects.toMatchObject({ code: 'preload' });
  });
});
