/**
 * A session by script, for the tests of its feed and of its page: the calls that a runner and a generator make, in their order, with
 * made-up figures. Nothing is started and no time passes.
 */
import { Prng } from '../../base/prng.ts';
import type { ExperimentDefinition } from '../experiments/definition.ts';
import type { BlockResult, Comparison, LatencyInterval, SessionResult } from '../experiments/result.ts';
import { sessionCells } from '../experiments/sessionCells.ts';
import type { LoadPhase } from '../load/protocol.ts';
import { latencyInterval } from '../reports/measurementFixture.ts';
import { emptySession } from '../reports/sessionFixture.ts';
import { presetWorkload } from '../workloads/presets.ts';
import { SessionFeed } from './sessionFeed.ts';

const workload = presetWorkload('get-set');

export const scriptedDefinition: ExperimentDefinition = {
  id: 'scripted',
  title: 'All flags against none, and both against Redis',
  question: 'What is shown?',
  arms: {
    smoke: ['redis', 'none', 'all'],
    quick: ['redis', 'none', 'all'],
    full: ['redis', 'none', 'all'],
  },
  comparisons: [
    { a: 'none', b: 'all', primary: true },
    { a: 'redis', b: 'all', primary: false },
  ],
  scenarios: [
    {
      kind: 'load',
      id: 'open-40k',
      label: 'GET/SET 50/50, 40,000 requests/s, open loop, 50 connections',
      workload,
      connections: 50,
      loop: { kind: 'open', rateOpsPerSec: 40_000, arrivals: 'poisson' },
      decides: ['latency-p99-us'],
      tier: 1,
    },
    {
      kind: 'load',
      id: 'p16',
      label: 'GET/SET 50/50, pipeline 16, closed loop, 50 connections',
      workload,
      connections: 50,
      loop: { kind: 'closed', pipeline: 16 },
      decides: ['throughput-ops-per-sec', 'cpu-us-per-request'],
      tier: 1,
    },
    {
      kind: 'memory',
      id: 'memory-64',
      label: '64-byte values, no TTL',
      keyBytes: 16,
      valueBytes: 64,
      ttl: false,
      decides: ['memory-bytes-per-key-rss'],
      tier: 1,
    },
  ],
  budgets: [],
};

const LABELS: Record<string, string> = {
  redis: 'Redis 7.4.1',
  none: 'Evenkeel (no flags)',
  all: 'Evenkeel (all flags)',
};
const MEDIANS_US: Record<string, number> = { redis: 80, none: 110, all: 60 };
const PAIRS = 4;

export class ScriptedSession {
  readonly session: SessionResult = {
    ...emptySession(),
    complete: false,
    targets: [],
    blocks: [],
    experiments: [],
  };
  readonly feed = new SessionFeed({
    definitions: [scriptedDefinition],
    cells: sessionCells([scriptedDefinition], 'quick', false),
    effort: 'quick',
    seed: 7,
  });
  readonly #prng = new Prng(7);
  #pairsDone = 0;

  /** Plans the session and has the targets say who they are. */
  plan(): void {
    this.feed.note("generator's ceiling at pipeline 16: 3,000,000 requests/s");
    this.session.plan = {
      limitSec: 600,
      expectedSec: 120,
      cells: scriptedDefinition.scenarios.map(({ id }) => ({
        experimentId: 'scripted',
        scenarioId: id,
        arms: scriptedDefinition.arms.quick,
        pairs: PAIRS,
        pairSec: 10,
      })),
      rejectionRules: [],
      stoppingRule: '',
      notes: [],
    };
    this.feed.planned(this.session.plan, this.session);
    for (const [id, label] of Object.entries(LABELS))
      this.session.targets.push({
        id,
        label,
        kind: id === 'redis' ? 'redis' : 'evenkeel',
        command: [],
        pinnedCpus: [],
      });
  }

  begin(scenarioId: string, targetId: string, pair: number): void {
    this.feed.blockStarted(
      { experimentId: 'scripted', scenarioId, targetId, pair, position: 0 },
      { pairsDone: this.#pairsDone, pairsTotal: 12, leftSec: 125 - 10 * this.#pairsDone },
    );
  }

  phase(phase: LoadPhase): void {
    this.feed.hear({ type: 'phase', phase });
  }

  intervals(targetId: string, count: number): LatencyInterval[] {
    return Array.from({ length: count }, (_, index) => ({
      ...latencyInterval(this.#prng, targetId, index),
      durationMs: 500,
    }));
  }

  /** A second of the running block, as the generator tells it. */
  measure(intervals: LatencyInterval[]): void {
    this.feed.hear({ type: 'progress', phase: 'measure', elapsedSec: 1, answered: 40_000, intervals });
  }

  end(scenarioId: string, targetId: string, pair: number, isAccepted = true): void {
    const { blocks } = this.session;
    const isMemory = scenarioId.startsWith('memory');
    const block: BlockResult = {
      id: `scripted/${scenarioId}/${pair}/${blocks.length}`,
      experimentId: 'scripted',
      scenarioId,
      targetId,
      pair,
      sequence: blocks.length,
      startedAtIso: '2026-01-02T03:04:05.000Z',
      durationSec: 2,
      warmupSec: 2,
      requests: 80_000,
      accepted: isAccepted,
      rejections: isAccepted ? [] : ['generator late by 700 us at p99, limit 500 us'],
      certificate: [],
      metrics: isMemory
        ? { 'memory-bytes-per-key-rss': 120 }
        : {
            'throughput-ops-per-sec': 40_000,
            'latency-p99-us': MEDIANS_US[targetId]! * 3,
            'cpu-us-per-request': 8,
          },
      generatorCpuShare: 0.4,
      generatorLatenessP99Us: 20,
      stealShare: 0,
      percentiles: [],
      intervals: isMemory ? [] : this.intervals(targetId, 4),
    };
    blocks.push(block);
    this.feed.blockEnded(block);
  }

  /** The session's own analysis; the next block that ends has it told. */
  analyse(ratios: readonly Comparison[]): void {
    this.session.experiments = [
      {
        id: 'scripted',
        title: scriptedDefinition.title,
        question: scriptedDefinition.question,
        scenarios: scriptedDefinition.scenarios.map(({ id, label, decides }) => ({
          id,
          label,
          loop: 'open',
          pipeline: 1,
          connections: 50,
          workload: undefined,
          decides,
        })),
        comparisons: [...ratios],
        budgets: [],
        memory: [],
        curve: [],
        percentileCurves: [],
      },
    ];
  }

  /** All blocks of so many pairs of both load scenarios. */
  pairs(count: number): void {
    for (let pair = 0; pair < count; pair++)
      for (const scenarioId of ['open-40k', 'p16']) {
        for (const targetId of ['none', 'all', 'redis']) {
          this.begin(scenarioId, targetId, pair);
          this.phase('warmup');
          this.phase('measure');
          this.end(scenarioId, targetId, pair);
        }
        this.#pairsDone += 1;
      }
  }
}

export function ratioOf(metric: Comparison['metric'], scenarioId: string): Comparison {
  const ratio = { estimate: 0.82, low: 0.78, high: 0.87, confidence: 0.875 };
  return {
    experimentId: 'scripted',
    scenarioId,
    metric,
    a: 'none',
    b: 'all',
    medianA: 330,
    medianB: 180,
    ratio,
    ratioBootstrap: ratio,
    pairs: 4,
    pValue: 0.125,
    pValueHolm: 0.25,
    pValueEquivalence: 1,
    minimumDetectableEffect: 0.1,
    higherIsBetter: false,
    verdict: 'undecided',
    summary: '',
  };
}
