import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { machineShares, machineSnapshot } from './machineMeter.ts';
import {
  addCosts,
  allowedCpus,
  costMetrics,
  isPinnedTo,
  ProcessGoneError,
  ProcessMeter,
  processCost,
} from './processMeter.ts';
import { type ProcFiles, realProcFiles } from './procFiles.ts';

const pid = 4242;

interface ThreadFixture {
  schedstat?: string;
  voluntary?: number;
  involuntary?: number;
  cpus?: string;
}

/** A /proc of one process, in memory. */
function fixture(userTicks: number, systemTicks: number, threads: Record<number, ThreadFixture>): ProcFiles {
  const files = new Map<string, string>();
  files.set(
    `/proc/${pid}/stat`,
    `${pid} (server) S 1 1 1 0 -1 0 0 0 0 0 ${userTicks} ${systemTicks} 0 0 20 0 1 0 5 6 7\n`,
  );
  for (const [tid, thread] of Object.entries(threads)) {
    const directory = `/proc/${pid}/task/${tid}`;
    if (thread.schedstat !== undefined) files.set(`${directory}/schedstat`, thread.schedstat);
    files.set(
      `${directory}/status`,
      `Name:\tserver\nCpus_allowed_list:\t${thread.cpus ?? '0-1'}\n` +
        `voluntary_ctxt_switches:\t${thread.voluntary ?? 0}\nnonvoluntary_ctxt_switches:\t${thread.involuntary ?? 0}\n`,
    );
  }
  return {
    readText: (path) => {
      const text = files.get(path);
      if (text === undefined) throw new Error(`ENOENT ${path}`);
      return text;
    },
    list: (path) => {
      if (path !== `/proc/${pid}/task`) throw new Error(`ENOENT ${path}`);
      return Object.keys(threads);
    },
  };
}

const snapshot = (files: ProcFiles) => new ProcessMeter(pid, files).snapshot();

describe('process cost', () => {
  it('sums nanoseconds over threads and splits them by ticks', () => {
    const before = snapshot(
      fixture(10, 30, { 1: { schedstat: '1000000 500000 3', voluntary: 5 }, 2: { schedstat: '0 0 0' } }),
    );
    const after = snapshot(
      fixture(30, 90, {
        1: { schedstat: '501000000 1500000 9', voluntary: 25, involuntary: 4 },
        2: { schedstat: '300000000 2000000 1', voluntary: 1 },
      }),
    );
    expect(processCost(before, after)).toEqual({
      cpuUs: 800_000,
      cpuUserUs: 200_000,
      cpuSystemUs: 600_000,
      runQueueWaitUs: 3000,
      voluntarySwitches: 21,
      involuntarySwitches: 4,
      source: 'schedstat',
      threads: 2,
    });
  });

  it('counts a new thread from zero and recovers an ended one from the process total', () => {
    const before = snapshot(fixture(0, 0, { 1: { schedstat: '0 0 0' }, 2: { schedstat: '900 0 0' } }));
    const born = snapshot(
      fixture(2, 0, {
        1: { schedstat: '10000000 0 0' },
        2: { schedstat: '900 0 0' },
        3: { schedstat: '7000 0 0' },
      }),
    );
    expect(processCost(before, born).cpuUs).toBeCloseTo(10_007, 6);
    const ended = snapshot(fixture(50, 0, { 1: { schedstat: '10000000 0 0' } }));
    expect(processCost(before, ended).cpuUs).toBe(500_000);
    const reused = snapshot(fixture(2, 0, { 1: { schedstat: '10000000 0 0' }, 2: { schedstat: '400 0 0' } }));
    expect(processCost(before, reused).cpuUs).toBeCloseTo(10_000.4, 6);
  });

  it('falls back to ticks without schedstat, and says so', () => {
    const cost = processCost(snapshot(fixture(10, 0, { 1: {} })), snapshot(fixture(40, 10, { 1: {} })));
    expect(cost).toMatchObject({ cpuUs: 400_000, cpuUserUs: 300_000, cpuSystemUs: 100_000, source: 'ticks' });
    expect(cost).not.toHaveProperty('runQueueWaitUs');
  });

  it('claims no split where no tick passed', () => {
    const before = snapshot(fixture(1, 1, { 1: { schedstat: '0 0 0' } }));
    const cost = processCost(before, snapshot(fixture(1, 1, { 1: { schedstat: '3000000 0 0' } })));
    expect(cost.cpuUs).toBe(3000);
    expect(cost).not.toHaveProperty('cpuUserUs');
    expect(costMetrics(cost, { durationSec: 1, requests: 100 })).toEqual({
      'cpu-us-per-request': 30,
      'context-switches-per-sec': 0,
      'run-queue-wait-us-per-sec': 0,
    });
  });

  it('adds the processes of one target and turns into metrics', () => {
    const before = snapshot(fixture(0, 0, { 1: { schedstat: '0 0 0' } }));
    const after = snapshot(
      fixture(30, 10, { 1: { schedstat: '400000000 8000000 0', voluntary: 30, involuntary: 10 } }),
    );
    const cost = processCost(before, after);
    const both = addCosts([cost, cost]);
    expect(both).toMatchObject({ cpuUs: 800_000, cpuUserUs: 600_000, runQueueWaitUs: 16_000, threads: 2 });
    expect(costMetrics(both, { durationSec: 2, requests: 1_000_000 })).toEqual({
      'cpu-us-per-request': 0.8,
      'cpu-user-us-per-request': 0.6,
      'cpu-system-us-per-request': 0.2,
      'context-switches-per-sec': 40,
      'run-queue-wait-us-per-sec': 8000,
    });
    expect(costMetrics(both, { durationSec: 2, requests: 0 })).not.toHaveProperty('cpu-us-per-request');
    const ticksOnly = processCost(snapshot(fixture(0, 0, { 1: {} })), snapshot(fixture(1, 1, { 1: {} })));
    expect(addCosts([cost, ticksOnly])).not.toHaveProperty('runQueueWaitUs');
    expect(addCosts([cost, ticksOnly]).source).toBe('ticks');
  });

  it('notices a thread that escaped its pinning', () => {
    const pinned = snapshot(fixture(0, 0, { 1: { cpus: '0' }, 2: { cpus: '0' } }));
    const escaped = snapshot(fixture(0, 0, { 1: { cpus: '0' }, 2: { cpus: '0-1' } }));
    expect([allowedCpus(pinned), allowedCpus(escaped)]).toEqual([[0], [0, 1]]);
    expect(isPinnedTo(pinned, [0])).toBe(true);
    expect(isPinnedTo(escaped, [0])).toBe(false);
    expect(isPinnedTo(snapshot(fixture(0, 0, {})), [0])).toBe(false);
  });

  it('skips a thread that ends while being read, and names a process that is gone', () => {
    const files = fixture(0, 0, { 1: { schedstat: '5 0 0' } });
    const racing: ProcFiles = { ...files, list: () => ['1', '99'] };
    expect([...snapshot(racing).threads.keys()]).toEqual([1]);
    expect(() => new ProcessMeter(1, files).snapshot()).toThrow(ProcessGoneError);
    expect(() => processCost(snapshot(files), { ...snapshot(files), pid: 1 })).toThrow(RangeError);
  });
});

describe('process memory', () => {
  const meter = (files: Record<string, string>) =>
    new ProcessMeter(pid, {
      readText: (path) => files[path.replace(`/proc/${pid}/`, '')] ?? raise(path),
      list: () => [],
    });
  const raise = (path: string): never => {
    throw new Error(`ENOENT ${path}`);
  };

  it('prefers smaps_rollup and falls back to VmRSS', () => {
    const status = 'VmRSS:\t    2068 kB\n';
    const rollup =
      '55-7f ---p 0 00:00 0    [rollup]\nRss:                1688 kB\nPss:                 281 kB\n';
    expect(meter({ smaps_rollup: rollup, status }).memory()).toEqual({
      rssBytes: 1688 * 1024,
      pssBytes: 281 * 1024,
    });
    expect(meter({ status }).memory()).toEqual({ rssBytes: 2068 * 1024 });
    expect(() => meter({ status: 'State:\tZ (zombie)\n' }).memory()).toThrow(ProcessGoneError);
  });
});

describe('machine shares', () => {
  const files = (text: string): ProcFiles => ({ readText: () => text, list: () => [] });
  const before = machineSnapshot(files('cpu  0 0 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0\n'));
  const after = machineSnapshot(
    files('cpu  50 0 30 100 0 0 0 20\ncpu0 50 0 30 0 0 0 0 20\ncpu1 0 0 0 100 0 0 0 0\n'),
  );

  it('gives steal and busy shares, of all CPUs or of those that matter', () => {
    expect(machineShares(before, after)).toEqual({ stealShare: 0.1, busyShare: 0.4 });
    expect(machineShares(before, after, [0])).toEqual({ stealShare: 0.2, busyShare: 0.8 });
    expect(machineShares(before, after, [1])).toEqual({ stealShare: 0, busyShare: 0 });
    expect(machineShares(before, before)).toEqual({ stealShare: 0, busyShare: 0 });
    expect(() => machineShares(before, after, [7])).toThrow(RangeError);
  });
});

describe.runIf(existsSync('/proc/self/task'))('the real /proc', () => {
  it('agrees with what this process knows of its own CPU', () => {
    const meter = new ProcessMeter(process.pid, realProcFiles);
    const before = meter.snapshot();
    const startUs = process.cpuUsage();
    const until = process.hrtime.bigint() + 150_000_000n;
    let spin = 0;
    while (process.hrtime.bigint() < until) spin += 1;
    const ownUs = process.cpuUsage(startUs);
    const cost = processCost(before, meter.snapshot());
    expect(spin).toBeGreaterThan(0);
    // Both lag by up to a scheduler tick of 10 ms, and the machine may give the CPU to others meanwhile.
    expect(Math.abs(cost.cpuUs - (ownUs.user + ownUs.system))).toBeLessThan(30_000);
    expect(cost.threads).toBeGreaterThan(1);
    expect(meter.memory().rssBytes / process.memoryUsage().rss).toBeGreaterThan(0.5);
    expect(machineSnapshot(realProcFiles).get('all')!.totalTicks).toBeGreaterThan(0);
  });
});
