/** Made-up experiments of the fixture session: the whole against Redis, and one for each of a few flags. */
import type { Prng } from '../../base/prng.ts';
import type {
  Comparison,
  ExperimentResult,
  Interval,
  MetricId,
  ScenarioDescription,
  VerdictKind,
} from '../experiments/result.ts';
import { memoryFit, rateCurve, tail } from './measurementFixture.ts';

export const FLAGS: [
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

export function wholeExperiment(prng: Prng, pairs: number): ExperimentResult {
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
    percentileCurves: ['p64', 'open-40k', 'open-60k'].flatMap((scenarioId) =>
      ['redis', 'all', 'none'].map((targetId) => ({
        scenarioId,
        targetId,
        points: tail(prng, targetId, scenarioId === 'open-60k'),
      })),
    ),
  };
}

export function flagExperiment(
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
      comparison(flag, 'main', metric, 'redis', 'all', 1.21, 0.03, 'improvement', medianA, pairs),
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
    percentileCurves:
      loop === 'open'
        ? [`-${flag}`, 'all'].map((targetId) => ({
            scenarioId: 'main',
            targetId,
            points: tail(prng, targetId, false),
          }))
        : [],
  };
}
