/**
 * The shape of a finished (or interrupted) session: what `result.json` holds, what the reports draw, what `--resume` continues.
 *
 * Every quantity names its unit, qualifier last. A ratio is always B over A ("candidate over reference"), a plain number
 * (1.07 = 7 % more). Nothing here is computed at render time: a report only draws what stands in the result.
 */

import type { EffectEstimate } from '../statistics/factorialEffects.ts';

/** An estimate with its confidence interval. `low <= estimate <= high`; `confidence` in (0, 1), usually 0.95. */
export interface Interval {
  estimate: number;
  low: number;
  high: number;
  confidence: number;
}

export type TargetKind = 'evenkeel' | 'redis' | 'null' | 'url';

/** One program under test, as it described itself. */
export interface TargetDescription {
  /** Stable inside the session: `all`, `none`, `redis`, `-fast-path`, `aa`. */
  id: string;
  /** What a reader sees: `Evenkeel (all flags)`, `Redis 7.4.1`. Derived from INFO, never assumed. */
  label: string;
  kind: TargetKind;
  /** `redis_version` as its INFO prints it; undefined for the null responder. */
  redisVersion?: string;
  /** `evenkeel_version` where INFO has one. */
  evenkeelVersion?: string;
  /** Flags switched on, for our own server. */
  flags?: string[];
  /** Flags asked for that the server could not use here: it ran without them and said so. */
  flagsRefused?: string[];
  /** The exact command that started it, empty for a URL target. */
  command: string[];
  /** CPUs it was pinned to; empty if it could not be pinned. */
  pinnedCpus: number[];
}

export interface EnvironmentFingerprint {
  cpuModel: string;
  cpuCount: number;
  memoryBytes: number;
  kernel: string;
  node: string;
  v8: string;
  gitSha: string;
  gitDirty: boolean;
  evenkeelVersion: string;
  seed: number;
  /** Steal share over the session, 0..1, from /proc/stat. */
  stealShare: number;
  /** The command line that repeats the session. */
  commandLine: string;
  startedAtIso: string;
  durationSec: number;
}

/** What a metric is called, how it reads, and which direction is good. */
export type MetricId =
  | 'throughput-ops-per-sec'
  | 'cpu-us-per-request'
  | 'cpu-user-us-per-request'
  | 'cpu-system-us-per-request'
  | 'latency-p50-us'
  | 'latency-p90-us'
  | 'latency-p95-us'
  | 'latency-p99-us'
  | 'latency-p999-us'
  | 'latency-p9999-us'
  | 'latency-max-us'
  | 'memory-bytes-per-key-rss'
  | 'memory-bytes-per-key-accounted'
  | 'memory-overhead-bytes-per-key'
  | 'memory-resident-bytes'
  | 'gc-pause-us-per-sec'
  | 'allocated-bytes-per-request'
  | 'gossip-bytes-per-request'
  | 'run-queue-wait-us-per-sec'
  | 'context-switches-per-sec';

/** A scenario is one cell of an experiment's grid: a workload under a load shape. */
export interface ScenarioDescription {
  id: string;
  /** `GET/SET 50/50, 64 B, pipeline 64, closed loop, 50 connections`. */
  label: string;
  loop: 'open' | 'closed' | 'memory';
  pipeline: number;
  connections: number;
  /** Offered rate, open loop only. */
  offeredOpsPerSec?: number;
  /** The workload's declaration, as given to the generator. */
  workload: unknown;
  /** The event declared for its measured part, if there is one. */
  event?: unknown;
  /** Metrics this scenario decides; others in a block are informative. */
  decides: MetricId[];
}

/** What was declared, what was seen, and whether they agree. */
export interface CertificateCheck {
  /** `hit-rate`, `reply-types`, `key-distribution`, `value-size`, `achieved-rate`, `generator-cpu`, `generator-lateness`, `command-mix`, ... */
  id: string;
  declared: string;
  observed: string;
  ok: boolean;
}

export interface PercentilePoint {
  /** Quantile in 0..1. */
  q: number;
  valueUs: number;
}

/** The median over blocks at one quantile. */
export interface CurvePoint extends PercentilePoint {
  /** Its 95 % interval; absent with fewer than six blocks. */
  intervalUs?: { low: number; high: number };
}

/** One second (or shorter interval) of a latency block, for heatmaps. */
export interface LatencyInterval {
  startMs: number;
  durationMs: number;
  count: number;
  /** Counts per log2-spaced bucket; bucket i covers [2^(i/4), 2^((i+1)/4)) microseconds. */
  bucketCounts: number[];
}

export interface BlockResult {
  /** `<experiment>/<scenario>/<pair>/<position>`; unique in the session. */
  id: string;
  experimentId: string;
  scenarioId: string;
  targetId: string;
  /** Pair number from 0; the blocks of a pair are compared with each other only. */
  pair: number;
  /** Order in which it ran in the session, from 0. */
  sequence: number;
  startedAtIso: string;
  durationSec: number;
  warmupSec: number;
  requests: number;
  accepted: boolean;
  /** Why it was rejected, one line a reason; empty if accepted. */
  rejections: string[];
  certificate: CertificateCheck[];
  metrics: Partial<Record<MetricId, number>>;
  /** Generator's own share of its CPU (0..1) and lateness p99 in microseconds. */
  generatorCpuShare: number;
  generatorLatenessP99Us: number;
  stealShare: number;
  percentiles: PercentilePoint[];
  intervals: LatencyInterval[];
  /** Somebody had the session's page open while it ran: a page takes CPU from what is measured. */
  watched?: true;
  /** Path of the raw .hlog relative to result.json. */
  hlog?: string;
  /** Memory scenarios only: what was resident (and what the server itself accounted for) at each key count. */
  memoryPoints?: MemoryPoint[];
}

export interface MemoryPoint {
  keys: number;
  rssBytes: number;
  accountedBytes?: number;
}

/** What the planner decided before the first block; `--resume` walks the same schedule from it. */
export interface SessionPlan {
  /** Wall-clock limit of the session, seconds. */
  limitSec: number;
  /** What the planner expected the blocks to take, seconds. */
  expectedSec: number;
  /** Arms and pairs of every cell, `aa` cells included; a cell the budget could not hold has 0 pairs. */
  cells: { experimentId: string; scenarioId: string; arms: string[]; pairs: number; pairSec: number }[];
  /** The rule of rejection as it was declared, one line each. */
  rejectionRules: string[];
  /** How many pairs a verdict gets and why, in one sentence. */
  stoppingRule: string;
  /** What a reader must know: cells left out, CPUs that could not be pinned, time that ran out. */
  notes: string[];
}

export type VerdictKind =
  | 'confirmed'
  | 'smaller-than-claimed'
  | 'larger-than-claimed'
  | 'no-effect'
  | 'improvement'
  | 'regression'
  | 'undecided';

/** One metric of one scenario, B against A. */
export interface Comparison {
  experimentId: string;
  scenarioId: string;
  metric: MetricId;
  /** Reference target id (denominator) and candidate target id (numerator). */
  a: string;
  b: string;
  /** Medians over accepted blocks, in the metric's unit. */
  medianA: number;
  medianB: number;
  /** B over A: Hodges-Lehmann of paired log-ratios with the exact Wilcoxon signed-rank interval. */
  ratio: Interval;
  /** Cross-check: percentile bootstrap over pairs. */
  ratioBootstrap: Interval;
  pairs: number;
  pValue: number;
  /** Holm-adjusted over the scorecard. */
  pValueHolm: number;
  /** TOST p-value for |ratio - 1| <= 3 %. */
  pValueEquivalence: number;
  /** Smallest |ratio - 1| this many pairs would have seen, from the A/A arm's spread and the pairs' own. */
  minimumDetectableEffect: number;
  /** Pairs it would take to decide, if undecided. */
  pairsNeeded?: number;
  higherIsBetter: boolean;
  verdict: VerdictKind;
  /** `B is 7 % faster (3..11 %)`: the sentence a reader takes home. */
  summary: string;
}

/** A plan's claim on one metric: the ratio range B/A that would confirm it. */
export interface Claim {
  text: string;
  source: string;
  metric: MetricId;
  scenarioId: string;
  ratioMin: number;
  ratioMax: number;
}

/** A budget held against the baseline: `B/A` must be at least / at most `ratio`, or the value itself `absolute`. */
export interface BudgetRow {
  label: string;
  scenarioId: string;
  metric: MetricId;
  a?: string;
  b: string;
  bound: 'at-least' | 'at-most';
  limit: number;
  unit: 'ratio' | 'ops/s' | 'bytes' | 'us';
  measured?: Interval;
  met?: boolean;
}

export interface MemoryFit {
  experimentId: string;
  targetId: string;
  /** `8 B values, no TTL`. */
  label: string;
  keyBytes: number;
  valueBytes: number;
  ttl: boolean;
  points: MemoryPoint[];
  slopeRssBytesPerKey: number;
  slopeAccountedBytesPerKey?: number;
  /** Slope minus key and value bytes. */
  overheadBytesPerKey: number;
  interceptRssBytes: number;
}

/** One point of the throughput-latency curve. */
export interface RateLatencyPoint {
  experimentId: string;
  targetId: string;
  offeredOpsPerSec: number;
  achievedOpsPerSec: number;
  p50Us: number;
  p99Us: number;
  p999Us: number;
}

/** Effects of single flags and of pairs on one metric, from all runs of a factorial design. */
export interface FactorialResult {
  scenarioId: string;
  metric: MetricId;
  higherIsBetter: boolean;
  runs: number;
  replicates: number;
  blocks: number;
  degreesOfFreedom: number;
  /** The metric with the flag on over the metric with it off, averaged over all settings of the others. */
  main: EffectEstimate[];
  /** What two flags do together over the product of what each does; aliases share an entry. */
  interactions: EffectEstimate[];
}

export interface ExperimentResult {
  id: string;
  title: string;
  question: string;
  /** Flag it judges, if it judges one. */
  flag?: string;
  claim?: Claim;
  scenarios: ScenarioDescription[];
  comparisons: Comparison[];
  /** The claim's own verdict, where there is a claim. */
  verdict?: { kind: VerdictKind; text: string };
  budgets: BudgetRow[];
  memory: MemoryFit[];
  curve: RateLatencyPoint[];
  /** Median percentile curve per scenario and target, merged over accepted blocks. */
  percentileCurves: { scenarioId: string; targetId: string; points: CurvePoint[] }[];
  /** Of scenarios that run a factorial design. */
  factorials?: FactorialResult[];
}

export interface SessionResult {
  schemaVersion: 1;
  effort: 'smoke' | 'quick' | 'full';
  /** False while running or after an interruption: the report says so in its first lines. */
  complete: boolean;
  interruption?: string;
  /** Set where no Redis could be had: the report's first line, with how to get one. */
  baselineMissing?: string;
  environment: EnvironmentFingerprint;
  targets: TargetDescription[];
  experiments: ExperimentResult[];
  blocks: BlockResult[];
  /** The A/A arm: two fresh processes of the same target, the noise floor. */
  noiseFloor: Comparison[];
  /** Generator's ceiling against the null responder, ops/s by pipeline depth. */
  generatorCeiling: { pipeline: number; opsPerSec: number }[];
  /** Absent in a result that ended before planning. */
  plan?: SessionPlan;
}
