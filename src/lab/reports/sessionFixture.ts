/**
 * A made-up session for the tests of the reports and for looking at their design: seeded, shaped like a real one (heavy tails,
 * stalls, a rejected block, verdicts of every kind). Its numbers are invented and must never be published as a result.
 */
import { Prng } from '../../base/prng.ts';
import type {
  BlockResult,
  Comparison,
  ExperimentResult,
  Interval,
  LatencyInterval,
  MemoryFit,
  MetricId,
  PercentilePoint,
  ScenarioDescription,
  SessionResult,
  TargetDescription,
  VerdictKind,
} from '../experiments/result.ts';

const FLAGS: [
  flag: string,
  claim: string,
  metric: MetricId,
  low: number,
  high: number,
  ratio: number,
  half: number,
  kind: VerdictKind,
][] = [
  ['fast-path', '+10-15 % on GET/SET', 'throughput-ops-per-sec', 1.1, 1.15, 1.13, 0.02, 'confirmed'],
  [
    'bulk-shards',
    '+20-40 % on MGET/MSET with many keys',
    'throughput-ops-per-sec',
    1.2,
    1.4,
    1.09,
    0.03,
    'smaller-than-claimed',
  ],
  [
    'reply-buffers',
    '-5-10 % allocator pressure',
    'allocated-bytes-per-request',
    0.9,
    0.95,
    0.42,
    0.02,
    'larger-than-claimed',
  ],
  [
    'reserve-capacity',
    '+2-5 % on multi-key commands',
    'throughput-ops-per-sec',
    1.02,
    1.05,
    1.004,
    0.012,
    'no-effect',
  ],
  ['arena-storage', '-15-25 % memory', 'memory-bytes-per-key-rss', 0.75, 0.85, 0.78, 0.01, 'confirmed'],
  ['ttl-heap', 'no message storm, smoother tail', 'latency-p99-us', 0, 0.97, 0.93, 0.09, 'undecided'],
  ['fast-hash', 'verify it is used everywhere', 'cpu-us-per-request', 0, 0.97, 1.08, 0.03, 'regression'],
];

export interface FixtureOptions {
  seed: number;
  pairs?: number;
  secondsPerBlock?: number;
  redisVersion?: string;
}

export function fixtureSession({
  seed,
  pairs = 12,
  secondsPerBlock = 12,
  redisVersion = '7.4.1',
}: FixtureOptions): SessionResult {
  const prng = new Prng(seed);
  const whole = wholeExperiment(prng, pairs);
  const experiments = [whole, ...FLAGS.map((row) => flagExperiment(prng, row, pairs))];
  const blocks = blocksOf(prng, whole, pairs, secondsPerBlock);
  blocks[5]!.accepted = false;
  blocks[5]!.rejections = ['steal share 0.061 above 0.02', 'generator lateness p99 412 us above 100 us'];
  blocks[5]!.certificate[1]!.ok = false;
  return {
    schemaVersion: 1,
    effort: 'full',
    complete: true,
    environment: {
      cpuModel: 'Example CPU @ 2.60GHz',
      cpuCount: 2,
      memoryBytes: 8 * 2 ** 30,
      kernel: '6.1.0',
      node: 'v24.21.0',
      v8: '13.6.233.17',
      gitSha: '0efd19733ab1',
      gitDirty: false,
      evenkeelVersion: '0.1.0',
      seed,
      stealShare: 0.0021,
      commandLine: `make experiment EFFORT=full SEED=${seed}`,
      startedAtIso: '2026-01-02T03:04:05.000Z',
      durationSec: 5461,
    },
    targets: targetsOf(redisVersion),
    experiments,
    blocks,
    noiseFloor: (['throughput-ops-per-sec', 'cpu-us-per-request', 'latency-p99-us'] as const).map(
      (metric, i) =>
        comparison(
          'whole',
          i === 2 ? 'open-40k' : 'p64',
          metric,
          'all',
          'aa',
          1 + (i - 1) * 0.004,
          0.011 + i * 0.004,
          'no-effect',
          100,
          pairs,
        ),
    ),
    generatorCeiling: [
      { pipeline: 1, opsPerSec: 98_000 },
      { pipeline: 16, opsPerSec: 2_400_000 },
      { pipeline: 64, opsPerSec: 5_100_000 },
    ],
  };
}

function targetsOf(redisVersion: string): TargetDescription[] {
  const ours = (id: string, label: string, flags: string[]): TargetDescription => ({
    id,
    label,
    kind: 'evenkeel',
    redisVersion: '7.4.0',
    evenkeelVersion: '0.1.0',
    flags,
    command: ['node', 'src/main/server.ts', '--port', '21390', '--flags', flags.join(',') || 'none'],
    pinnedCpus: [0],
  });
  const names = FLAGS.map(([flag]) => flag);
  return [
    {
      id: 'redis',
      label: `Redis ${redisVersion}`,
      kind: 'redis',
      redisVersion,
      command: ['redis-server', '--port', '21391', '--save', ''],
      pinnedCpus: [0],
    },
    ours('all', 'Evenkeel (all flags)', names),
    ours('none', 'Evenkeel (no flags)', []),
    ...names.map((flag) =>
      ours(
        `-${flag}`,
        `Evenkeel (without ${flag})`,
        names.filter((name) => name !== flag),
      ),
    ),
    ours('aa', 'Evenkeel (all flags, again)', names),
  ];
}

function interval(estimate: number, half: number): Interval {
  return { estimate, low: estimate / (1 + half), high: estimate * (1 + half), confidence: 0.95 };
}

export function comparison(
  experimentId: string,
  scenarioId: string,
  metric: MetricId,
  a: string,
  b: string,
  estimate: number,
  half: number,
  verdict: VerdictKind,
  medianA: number,
  pairs: number,
): Comparison {
  const decided = verdict !== 'undecided';
  return {
    experimentId,
    scenarioId,
    metric,
    a,
    b,
    medianA,
    medianB: medianA * estimate,
    ratio: interval(estimate, half),
    ratioBootstrap: interval(estimate, half * 0.95),
    pairs,
    pValue: decided ? 0.0005 : 0.09,
    pValueHolm: decided ? 0.004 : 0.21,
    pValueEquivalence: verdict === 'no-effect' ? 0.001 : 0.9,
    minimumDetectableEffect: half * 0.9,
    ...(decided ? {} : { pairsNeeded: pairs + 14 }),
    higherIsBetter: metric === 'throughput-ops-per-sec',
    verdict,
    summary: `${b} is at ${estimate} of ${a}`,
  };
}

function kindOf(metric: MetricId, estimate: number, half: number): VerdictKind {
  if (estimate * (1 + half) < 1.03 && estimate / (1 + half) > 0.97) return 'no-effect';
  if (estimate / (1 + half) < 1 && estimate * (1 + half) > 1) return 'undecided';
  return estimate > 1 === (metric === 'throughput-ops-per-sec') ? 'improvement' : 'regression';
}

const CLOSED: [pipeline: number, redisOps: number, all: number, none: number][] = [
  [64, 1_640_000, 1.32, 0.94],
  [16, 1_020_000, 1.19, 0.9],
  [1, 91_800, 1.002, 0.985],
];

function wholeExperiment(prng: Prng, pairs: number): ExperimentResult {
  const scenarios: ScenarioDescription[] = [
    ...CLOSED.map(
      ([pipeline]): ScenarioDescription => ({
        id: `p${pipeline}`,
        label: `GET/SET 50/50, 64 B, ${pipeline === 1 ? 'no pipeline' : `pipeline ${pipeline}`}, closed loop, 50 connections`,
        loop: 'closed',
        pipeline,
        connections: 50,
        workload: {},
        decides: ['throughput-ops-per-sec', 'cpu-us-per-request'],
      }),
    ),
    ...[40_000, 60_000].map(
      (rate): ScenarioDescription => ({
        id: `open-${rate / 1000}k`,
        label: `GET/SET 50/50, 64 B, open loop at ${rate / 1000}k ops/s, 50 connections`,
        loop: 'open',
        pipeline: 1,
        connections: 50,
        offeredOpsPerSec: rate,
        workload: {},
        decides: ['latency-p99-us', 'latency-p999-us'],
      }),
    ),
    {
      id: 'memory-64',
      label: '16 B keys, 64 B values, no TTL',
      loop: 'memory',
      pipeline: 1,
      connections: 1,
      workload: {},
      decides: ['memory-overhead-bytes-per-key'],
    },
  ];
  const comparisons: Comparison[] = [];
  const three = (
    scenarioId: string,
    metric: MetricId,
    redis: number,
    all: number,
    none: number,
    half: number,
  ) => {
    const jitter = () => half * (0.8 + 0.4 * prng.float());
    for (const [a, b, median, estimate] of [
      ['redis', 'all', redis, all],
      ['redis', 'none', redis, none],
      ['none', 'all', redis * none, all / none],
    ] as const) {
      const spread = jitter();
      comparisons.push(
        comparison(
          'whole',
          scenarioId,
          metric,
          a,
          b,
          estimate,
          spread,
          kindOf(metric, estimate, spread),
          median,
          pairs,
        ),
      );
    }
  };
  for (const [pipeline, ops, all, none] of CLOSED) {
    three(`p${pipeline}`, 'throughput-ops-per-sec', ops, all, none, 0.022);
    three(`p${pipeline}`, 'cpu-us-per-request', 1e6 / ops, 0.95 / all, 1.02 / none, 0.015);
    three(`p${pipeline}`, 'context-switches-per-sec', 8210, 0.91, 1.06, 0.08);
  }
  for (const rate of ['open-40k', 'open-60k']) {
    three(rate, 'latency-p99-us', rate === 'open-40k' ? 312 : 655, 0.87, 1.12, 0.045);
    three(rate, 'latency-p999-us', rate === 'open-40k' ? 1240 : 3120, 0.96, 1.44, 0.09);
    three(rate, 'latency-p50-us', 88, 0.97, 1.01, 0.02);
  }
  three('memory-64', 'memory-overhead-bytes-per-key', 71.8, 0.201, 1.38, 0.004);
  return {
    id: 'whole',
    title: 'The whole against Redis',
    question: 'Does Evenkeel with every flag hold its budgets against Redis?',
    scenarios,
    comparisons,
    budgets: [
      {
        label: 'throughput, pipeline 64',
        scenarioId: 'p64',
        metric: 'throughput-ops-per-sec',
        a: 'redis',
        b: 'all',
        bound: 'at-least',
        limit: 1.5,
        unit: 'ratio',
        measured: interval(1.32, 0.02),
        met: false,
      },
      {
        label: 'throughput, pipeline 64, absolute',
        scenarioId: 'p64',
        metric: 'throughput-ops-per-sec',
        b: 'all',
        bound: 'at-least',
        limit: 1.2e6,
        unit: 'ops/s',
        measured: interval(2.16e6, 0.02),
        met: true,
      },
      {
        label: 'p99 at 40k ops/s, open loop',
        scenarioId: 'open-40k',
        metric: 'latency-p99-us',
        a: 'redis',
        b: 'all',
        bound: 'at-most',
        limit: 1,
        unit: 'ratio',
        measured: interval(0.87, 0.045),
        met: true,
      },
      {
        label: 'overhead per key, no TTL',
        scenarioId: 'memory-64',
        metric: 'memory-overhead-bytes-per-key',
        b: 'all',
        bound: 'at-most',
        limit: 16,
        unit: 'bytes',
        measured: interval(14.4, 0.004),
        met: true,
      },
      {
        label: 'overhead per key, TTL',
        scenarioId: 'memory-ttl',
        metric: 'memory-overhead-bytes-per-key',
        b: 'all',
        bound: 'at-most',
        limit: 24,
        unit: 'bytes',
      },
    ],
    memory: [8, 64].flatMap((valueBytes) =>
      ['redis', 'all', 'none'].map((id) => memoryFit(prng, id, valueBytes)),
    ),
    curve: ['redis', 'all', 'none'].flatMap((targetId) => rateCurve(targetId)),
    percentileCurves: ['open-40k', 'open-60k'].flatMap((scenarioId) =>
      ['redis', 'all', 'none'].map((targetId) => ({
        scenarioId,
        targetId,
        points: tail(prng, targetId, scenarioId === 'open-60k'),
      })),
    ),
  };
}

function memoryFit(prng: Prng, targetId: string, valueBytes: number): MemoryFit {
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

function rateCurve(targetId: string) {
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

function tail(prng: Prng, targetId: string, busy: boolean): PercentilePoint[] {
  const scale = (busy ? 2 : 1) * { redis: 1, all: 0.88, none: 1.15 }[targetId]!;
  let jitter = 1;
  return [
    0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9998, 0.9999, 0.99995,
    0.99999, 1,
  ].map((q) => {
    jitter *= 1 + 0.06 * prng.float();
    return { q, valueUs: Math.min(60_000, scale * jitter * 70 * (1 / Math.max(1e-6, 1 - q)) ** 0.36) };
  });
}

function flagExperiment(
  prng: Prng,
  [flag, text, metric, ratioMin, ratioMax, estimate, half, kind]: (typeof FLAGS)[number],
  pairs: number,
): ExperimentResult {
  const loop = metric.startsWith('latency') ? 'open' : metric.startsWith('memory') ? 'memory' : 'closed';
  const medianA = metric === 'throughput-ops-per-sec' ? 1_910_000 : metric === 'latency-p99-us' ? 290 : 94;
  const alone = comparison(
    flag,
    'main',
    metric,
    'none',
    `+${flag}`,
    estimate * (0.98 + 0.04 * prng.float()),
    half * 1.3,
    kind,
    medianA,
    6,
  );
  return {
    id: flag,
    title: `What ${flag} brings`,
    question: `Is the plan right that ${flag} gives ${text}?`,
    flag,
    claim: { text, source: 'the optimisation plan', metric, scenarioId: 'main', ratioMin, ratioMax },
    scenarios: [
      {
        id: 'main',
        label: `The workload ${flag} was made for`,
        loop,
        pipeline: 64,
        connections: 50,
        ...(loop === 'open' ? { offeredOpsPerSec: 40_000 } : {}),
        workload: {},
        decides: [metric],
      },
    ],
    comparisons: [
      comparison(flag, 'main', metric, `-${flag}`, 'all', estimate, half, kind, medianA, pairs),
      alone,
      comparison(
        flag,
        'main',
        'context-switches-per-sec',
        `-${flag}`,
        'all',
        1.01,
        0.015,
        'no-effect',
        8210,
        pairs,
      ),
    ],
    verdict: { kind, text: `The plan says ${text}; measured ${estimate} of the reference` },
    budgets: [],
    memory: [],
    curve: [],
    percentileCurves: [],
  };
}

function blocksOf(prng: Prng, experiment: ExperimentResult, pairs: number, seconds: number): BlockResult[] {
  const blocks: BlockResult[] = [];
  for (const scenario of experiment.scenarios)
    for (let pair = 0; pair < pairs; pair++)
      for (const targetId of ['redis', 'all', 'none']) {
        const id = `whole/${scenario.id}/${pair}/${targetId}`;
        const open = scenario.loop === 'open';
        const cpu = { redis: [0.25, 0.75], all: [0.3, 0.4], none: [0.75, 0.5] }[targetId]!;
        const perRequest = scenario.pipeline === 1 ? 8.3 : 16 / scenario.pipeline;
        blocks.push({
          id,
          experimentId: 'whole',
          scenarioId: scenario.id,
          targetId,
          pair,
          sequence: blocks.length,
          startedAtIso: '2026-01-02T03:04:05.000Z',
          durationSec: seconds,
          warmupSec: 3,
          requests: 480_000,
          accepted: true,
          rejections: [],
          certificate: [
            { id: 'hit-rate', declared: '1.00', observed: '1.00', ok: true },
            { id: 'generator-lateness', declared: 'p99 <= 100 us', observed: 'p99 31 us', ok: true },
          ],
          metrics:
            scenario.loop === 'memory'
              ? {}
              : {
                  'cpu-user-us-per-request': cpu[0]! * perRequest * (0.97 + 0.06 * prng.float()),
                  'cpu-system-us-per-request': cpu[1]! * perRequest * (0.97 + 0.06 * prng.float()),
                },
          generatorCpuShare: 0.42,
          generatorLatenessP99Us: 31,
          stealShare: 0.002,
          percentiles: [],
          intervals: open
            ? Array.from({ length: seconds }, (_, second) => latencyInterval(prng, targetId, second))
            : [],
          ...(scenario.loop === 'memory'
            ? {}
            : { hlog: `hlog/whole/${scenario.id}/${pair}-${targetId}.hlog` }),
        });
      }
  return blocks;
}

function latencyInterval(prng: Prng, targetId: string, second: number): LatencyInterval {
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

/** A session interrupted before its first block. */
export function emptySession(): SessionResult {
  const { environment } = fixtureSession({ seed: 0, pairs: 2, secondsPerBlock: 1 });
  return {
    schemaVersion: 1,
    effort: 'smoke',
    complete: false,
    environment,
    targets: [],
    experiments: [],
    blocks: [],
    noiseFloor: [],
    generatorCeiling: [],
  };
}
