import { describe, expect, it } from 'vitest';
import type { Workload } from '../workloads/workload.ts';
import type { BlockMeasurement, BlockRequest } from './bench.ts';
import type { ExperimentDefinition } from './definition.ts';
import type { EnvironmentFingerprint, SessionResult } from './result.ts';
import { Session, type SessionOptions } from './runner.ts';
import {
  SimulatedBench,
  type SimulatedBenchOptions,
  SimulatedClock,
  type SimulatedTarget,
} from './simulatedBench.ts';

const target: SimulatedTarget = {
  opsPerSec: 1_000_000,
  cpuUsPerRequest: 0.8,
  latencyP99Us: 400,
  bytesPerKey: 150,
};
const workload = { name: 'simulated' } as Workload;

const definition: ExperimentDefinition = {
  id: 'simulated',
  title: 'A simulated experiment',
  question: 'Does the runner find what is there?',
  arms: { smoke: ['none', 'all'], quick: ['none', 'all'], full: ['none', 'all'] },
  comparisons: [{ a: 'none', b: 'all', primary: true }],
  scenarios: [
    {
      kind: 'load',
      id: 'p16',
      label: 'pipeline 16',
      workload,
      connections: 50,
      loop: { kind: 'closed', pipeline: 16 },
      decides: ['throughput-ops-per-sec'],
      tier: 1,
    },
    {
      kind: 'load',
      id: 'open',
      label: '40k requests/s',
      workload,
      connections: 50,
      loop: { kind: 'open', rateOpsPerSec: 40_000, arrivals: 'poisson' },
      decides: ['latency-p99-us'],
      tier: 1,
    },
    {
      kind: 'memory',
      id: 'memory-64',
      label: '64-byte values',
      keyBytes: 16,
      valueBytes: 64,
      ttl: false,
      decides: ['memory-bytes-per-key-rss'],
      tier: 2,
      pairsMax: { quick: 2 },
    },
  ],
  budgets: [
    {
      label: 'throughput at pipeline 16',
      scenarioId: 'p16',
      metric: 'throughput-ops-per-sec',
      a: 'none',
      b: 'all',
      bound: 'at-least',
      limit: 1.1,
      unit: 'ratio',
    },
  ],
};

const environment = {
  cpuModel: 'simulated',
  cpuCount: 2,
  memoryBytes: 1,
  kernel: '',
  node: '',
  v8: '',
  gitSha: '',
  gitDirty: false,
  evenkeelVersion: '',
  seed: 1,
  stealShare: 0,
  commandLine: '',
  startedAtIso: '',
  durationSec: 0,
} satisfies EnvironmentFingerprint;

interface Simulation {
  session: SessionResult;
  bench: SimulatedBench;
  elapsedSec: number;
  saved: SessionResult[];
}

async function simulate(
  options: Partial<SessionOptions> = {},
  bench: Partial<SimulatedBenchOptions> = {},
  signal = new AbortController().signal,
): Promise<Simulation> {
  const clock = new SimulatedClock();
  const startedMs = clock.nowMs();
  const simulatedBench = new SimulatedBench(
    { targets: { none: target, all: target }, seed: 1, noise: 0.02, fixedSec: 0.8, ...bench },
    clock,
  );
  const saved: SessionResult[] = [];
  const session = new Session(
    {
      definitions: [definition],
      effort: 'quick',
      seed: 1,
      minutes: 60,
      analysisIntervalSec: Number.POSITIVE_INFINITY,
      ...options,
    },
    {
      bench: simulatedBench,
      clock,
      progress: { note() {}, planned() {}, blockStarted() {}, blockEnded() {}, ended() {} },
      save: (result) => saved.push(structuredClone(result)),
      environment: () => ({ ...environment }),
    },
  );
  const result = await session.run(signal);
  return { session: result, bench: simulatedBench, elapsedSec: (clock.nowMs() - startedMs) / 1000, saved };
}

function comparison(session: SessionResult, metric: string) {
  return session.experiments[0]!.comparisons.find((each) => each.metric === metric)!;
}

function isFinding({ verdict }: { verdict: string }): boolean {
  return verdict !== 'undecided' && verdict !== 'no-effect';
}

function isMeasuring(request: BlockRequest): boolean {
  return !request.blockId.startsWith('calibration/');
}

describe('a session', () => {
  it('runs every planned pair, carries an A/A arm and ends complete', async () => {
    const { session } = await simulate();
    expect(session.complete).toBe(true);
    for (const cell of session.plan!.cells) {
      const accepted = session.blocks.filter(
        (block) =>
          block.accepted && block.experimentId === cell.experimentId && block.scenarioId === cell.scenarioId,
      );
      expect(accepted.length).toBe(cell.pairs * cell.arms.length);
      expect(cell.pairs).toBeGreaterThan(0);
    }
    expect(session.noiseFloor.map(({ a, b }) => [a, b])).toEqual([
      ['all', 'aa'],
      ['all', 'aa'],
    ]);
    expect(new Set(session.blocks.map(({ id }) => id)).size).toBe(session.blocks.length);
    expect(session.blocks.map(({ sequence }) => sequence)).toEqual(session.blocks.map((_, index) => index));
  });

  it('gives both arms of a pair the same requests and different pairs different ones', async () => {
    const { bench } = await simulate();
    const seedsByPair = Map.groupBy(bench.requests.filter(isMeasuring), ({ blockId }) =>
      blockId.split('/').slice(0, 3).join('/'),
    );
    for (const requests of seedsByPair.values())
      expect(new Set(requests.map(({ seed }) => seed)).size).toBe(1);
    expect(new Set([...seedsByPair.values()].map((requests) => requests[0]!.seed)).size).toBe(
      seedsByPair.size,
    );
  });

  it('asks of the candidate alone that it runs with the flag that is judged', async () => {
    const { bench } = await simulate({ definitions: [{ ...definition, flag: 'fast-path' }] });
    const measured = bench.requests.filter(({ blockId }) => blockId.startsWith('simulated/'));
    const asked = measured.map(({ targetId, flagInEffect }) => `${targetId} ${flagInEffect ?? '-'}`);
    expect(new Set(asked)).toEqual(new Set(['none -', 'all fast-path']));
  });

  it('finds a slowed target with the right sign and size', async () => {
    const slowed = { ...target, opsPerSec: target.opsPerSec * 0.8, latencyP99Us: target.latencyP99Us * 1.3 };
    const { session } = await simulate({}, { targets: { none: target, all: slowed } });
    const throughput = comparison(session, 'throughput-ops-per-sec');
    expect(throughput.verdict).toBe('regression');
    expect(throughput.ratio.low).toBeLessThan(0.8);
    expect(throughput.ratio.high).toBeGreaterThan(0.8);
    expect(throughput.ratio.high - throughput.ratio.low).toBeLessThan(0.1);
    expect(comparison(session, 'latency-p99-us').verdict).toBe('regression');
    expect(comparison(session, 'latency-p99-us').ratio.estimate).toBeCloseTo(1.3, 1);
    expect(session.experiments[0]!.budgets[0]).toMatchObject({ met: false });
  });

  it('reports no difference between equal targets in at least 95 % of 40 runs, in the A/A arm as in the scorecard', async () => {
    const findings = { scorecard: 0, noiseFloor: 0 };
    for (let seed = 0; seed < 40; seed++) {
      const { session } = await simulate({ seed }, { seed, noise: 0.04 });
      const scorecard = session.experiments[0]!.comparisons.filter(({ scenarioId, metric }) =>
        definition.scenarios.some(({ id, decides }) => id === scenarioId && decides.includes(metric)),
      );
      expect(scorecard.length).toBe(3);
      expect(session.noiseFloor.length).toBe(2);
      if (scorecard.some(isFinding)) findings.scorecard += 1;
      if (session.noiseFloor.some(isFinding)) findings.noiseFloor += 1;
    }
    // The family's rate is held at 5 % by design; beyond 5 of 40 chance has less than 2 %.
    expect(findings.scorecard).toBeLessThanOrEqual(5);
    expect(findings.noiseFloor).toBeLessThanOrEqual(2);
  }, 120_000);

  it('fits memory per key from the points of its blocks', async () => {
    const { session } = await simulate();
    const fit = session.experiments[0]!.memory.find(({ targetId }) => targetId === 'all')!;
    expect(fit.slopeRssBytesPerKey).toBeCloseTo(150, 6);
    expect(fit.overheadBytesPerKey).toBeCloseTo(70, 6);
    expect(fit.interceptRssBytes).toBeCloseTo(50_000_000, 0);
  });

  it('walks the same schedule for the same seed', async () => {
    const first = await simulate({ seed: 5 });
    const second = await simulate({ seed: 5 });
    expect(second.session.blocks).toEqual(first.session.blocks);
  });
});

describe('a rejected block', () => {
  const late = (when: (request: BlockRequest, blocksRun: number) => boolean) => ({
    tamper: (request: BlockRequest, measurement: BlockMeasurement, blocksRun: number): BlockMeasurement =>
      isMeasuring(request) && when(request, blocksRun)
        ? { ...measurement, stealShare: 0.2, metrics: { 'throughput-ops-per-sec': 1 } }
        : measurement,
  });

  it('is named with its reason, rerun next to its partner, and stays out of the comparison', async () => {
    const { session } = await simulate(
      {},
      late(({ blockId }) => blockId === 'simulated/p16/2/1'),
    );
    const rejected = session.blocks.filter(({ accepted }) => !accepted);
    expect(rejected.map(({ id, rejections }) => [id, rejections])).toEqual([
      ['simulated/p16/2/1', ['steal 20 % above 5.0 %']],
    ]);
    expect(session.blocks[rejected[0]!.sequence + 1]!.id).toBe('simulated/p16/2/1r1');
    const planned = session.plan!.cells.find(({ scenarioId }) => scenarioId === 'p16')!.pairs;
    expect(comparison(session, 'throughput-ops-per-sec').pairs).toBe(planned);
    expect(comparison(session, 'throughput-ops-per-sec').ratio.estimate).toBeCloseTo(1, 1);
  });

  it('is given up after its reruns; its pair is left out, not averaged in', async () => {
    const { session } = await simulate(
      {},
      late(({ blockId }) => blockId.startsWith('simulated/p16/2/1')),
    );
    expect(session.blocks.filter(({ accepted }) => !accepted).length).toBe(3);
    const planned = session.plan!.cells.find(({ scenarioId }) => scenarioId === 'p16')!.pairs;
    expect(comparison(session, 'throughput-ops-per-sec').pairs).toBe(planned - 1);
    expect(session.complete).toBe(true);
  });

  it('cannot push the session beyond its limit, nor eat more than its share of reruns', async () => {
    const { session, elapsedSec } = await simulate(
      {},
      late(() => true),
    );
    const pairs = session.plan!.cells.reduce((sum, cell) => sum + cell.pairs, 0);
    expect(session.blocks.every(({ accepted }) => !accepted)).toBe(true);
    expect(session.blocks.length).toBeLessThanOrEqual(Math.ceil(pairs * 2 * 1.25) + 1);
    expect(elapsedSec).toBeLessThanOrEqual(600);
  });
});

describe('the time limit', () => {
  it.each([0.05, 0.8, 3, 9])('holds with %d s of fixed cost per block', async (fixedSec) => {
    const { session, elapsedSec } = await simulate({}, { fixedSec });
    expect(elapsedSec).toBeLessThanOrEqual(600);
    expect(session.plan!.expectedSec).toBeLessThanOrEqual(session.plan!.limitSec);
    expect(session.blocks.length).toBeGreaterThan(0);
  });

  it('holds when blocks turn three times slower after planning', async () => {
    const clock = new SimulatedClock();
    const startedMs = clock.nowMs();
    const bench = new SimulatedBench(
      {
        targets: { none: target, all: target },
        seed: 1,
        noise: 0.02,
        fixedSec: 1,
        beforeBlock: (blocksRun) => blocksRun > 10 && clock.advance(6),
      },
      clock,
    );
    const session = new Session(
      { definitions: [definition], effort: 'quick', seed: 1, minutes: 60, analysisIntervalSec: 300 },
      {
        bench,
        clock,
        progress: { note() {}, planned() {}, blockStarted() {}, blockEnded() {}, ended() {} },
        save() {},
        environment: () => ({ ...environment }),
      },
    );
    const result = await session.run(new AbortController().signal);
    expect((clock.nowMs() - startedMs) / 1000).toBeLessThanOrEqual(600);
    expect(result.plan!.notes.join()).toContain('The time limit ended the session');
  });

  it('is used: pairs are added where blocks turn out cheaper than calibrated', async () => {
    const clock = new SimulatedClock();
    const bench = new SimulatedBench(
      {
        targets: { none: target, all: target },
        seed: 1,
        noise: 0.02,
        fixedSec: 0.5,
        // The first blocks are the calibration: it sees a machine ten seconds slower than the session will.
        beforeBlock: (blocksRun) => blocksRun < 6 && clock.advance(10),
      },
      clock,
    );
    const planned: number[] = [];
    const session = new Session(
      { definitions: [definition], effort: 'quick', seed: 1, minutes: 60, analysisIntervalSec: 300 },
      {
        bench,
        clock,
        progress: {
          note() {},
          planned: (plan) => void planned.push(plan.cells.reduce((sum, { pairs }) => sum + pairs, 0)),
          blockStarted() {},
          blockEnded() {},
          ended() {},
        },
        save() {},
        environment: () => ({ ...environment }),
      },
    );
    const result = await session.run(new AbortController().signal);
    const run = result.blocks.length / 2;
    expect(run).toBeGreaterThan(planned[0]!);
    expect(run).toBe(result.plan!.cells.reduce((sum, { pairs }) => sum + pairs, 0));
    expect(result.environment.durationSec).toBeLessThanOrEqual(600);
  });

  it('ends a smoke session within a minute', async () => {
    const { session, elapsedSec } = await simulate({ effort: 'smoke' });
    expect(elapsedSec).toBeLessThanOrEqual(60);
    expect(session.experiments[0]!.comparisons.every(({ verdict }) => verdict === 'undecided')).toBe(true);
  });
});

describe('an interruption', () => {
  async function interrupted(afterBlocks: number): Promise<Simulation> {
    const controller = new AbortController();
    return simulate(
      { seed: 9 },
      { beforeBlock: (blocksRun) => blocksRun === afterBlocks && controller.abort() },
      controller.signal,
    );
  }

  it('leaves a valid partial result that says so', async () => {
    const { session, saved } = await interrupted(20);
    expect(session.complete).toBe(false);
    expect(session.interruption).toBe(`Interrupted after ${session.blocks.length} blocks.`);
    expect(session.blocks.length).toBeGreaterThan(5);
    expect(session.experiments[0]!.comparisons.length).toBeGreaterThan(0);
    expect(saved.at(-1)).toEqual(session);
  });

  it('is a valid result even before the first block', async () => {
    const { session } = await interrupted(0);
    expect(session.complete).toBe(false);
    expect(session.blocks).toEqual([]);
    expect(session.experiments.length).toBe(1);
  });

  it('is continued by resume: nothing accepted runs again, nothing planned is left out', async () => {
    const { session: first } = await interrupted(20);
    const before = first.blocks.map(({ id }) => id);
    const secondsBefore = first.environment.durationSec;
    const { session, bench } = await simulate({ seed: 9, resumeFrom: structuredClone(first) });
    expect(session.complete).toBe(true);
    expect(session.interruption).toBeUndefined();
    expect(bench.requests.some(({ blockId }) => before.includes(blockId))).toBe(false);
    expect(session.blocks.slice(0, before.length).map(({ id }) => id)).toEqual(before);
    const { session: whole } = await simulate({ seed: 9 });
    expect(session.blocks.map(({ id }) => id)).toEqual(whole.blocks.map(({ id }) => id));
    // It is saved many times, and each part of it counts once.
    expect(session.environment.durationSec).toBeGreaterThan(secondsBefore);
    expect(session.environment.durationSec).toBeLessThan(whole.environment.durationSec * 1.5);
  });

  it('resumes into a rerun of what was rejected', async () => {
    const { session: first } = await interrupted(20);
    const rejected = structuredClone(first);
    Object.assign(rejected.blocks.at(-1)!, { accepted: false, rejections: ['steal 9 % above 5 %'] });
    const { session } = await simulate({ seed: 9, resumeFrom: rejected });
    expect(
      session.blocks.some(({ id, accepted }) => id === `${rejected.blocks.at(-1)!.id}r1` && accepted),
    ).toBe(true);
  });
});

describe('a broken target', () => {
  it('is a rejected block when it fails once', async () => {
    let failed = false;
    const { session } = await simulate(
      {},
      {
        tamper: (request, measurement) => {
          if (!isMeasuring(request) || failed) return measurement;
          failed = true;
          throw new Error('the server closed the connection');
        },
      },
    );
    const rejected = session.blocks.filter(({ accepted }) => !accepted);
    expect(rejected.map(({ rejections }) => rejections)).toEqual([
      ['no measurement: the server closed the connection'],
    ]);
    expect(session.complete).toBe(true);
  });

  it('ends the session with its name when it fails again and again, and leaves a report', async () => {
    const { session, saved } = await simulate(
      {},
      {
        tamper: (request, measurement) => {
          if (isMeasuring(request) && request.targetId === 'all') throw new Error('segmentation fault');
          return measurement;
        },
      },
    );
    expect(session.complete).toBe(false);
    expect(session.interruption).toMatch(/target all failed 3 times in a row.*segmentation fault/);
    expect(saved.at(-1)).toEqual(session);
  });

  it('is an error when it cannot even be described', async () => {
    await expect(simulate({}, { targets: { none: target } })).rejects.toThrow('no simulated target all');
  });
});
