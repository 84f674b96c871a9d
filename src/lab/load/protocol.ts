/**
 * What the runner and the generator process say to each other.
 *
 * The runner writes one `LoadJob` as a single JSON line on the generator's stdin and may later write a `RunnerMessage`, also one a line; the
 * generator answers with one `GeneratorMessage` per line on stdout, the last being `result` or `failure`. When stdin ends
 * (the runner died) the generator stops at once. Nothing here has an effect: both sides import these types.
 *
 * Units: times of day are ISO strings; monotonic instants do not cross the process border; latencies are microseconds.
 */
import type { LatencyInterval, PercentilePoint } from '../experiments/result.ts';
import type { Endpoint } from '../targets/target.ts';
import type { Workload } from '../workloads/workload.ts';

/** Send, wait for the whole batch, send again: saturates, and hides stalls (its latency is per batch, from the real send). */
export interface ClosedLoop {
  kind: 'closed';
  /** Requests per batch and connection, 1..1024. */
  pipeline: number;
}

/** Send when it is due, whatever has been answered: latency counts from the intended instant. */
export interface OpenLoop {
  kind: 'open';
  /** Over all connections. */
  rateOpsPerSec: number;
  /** `constant`: evenly spaced, connections staggered. `poisson`: exponential gaps, connection drawn at random. */
  arrivals: 'constant' | 'poisson';
}

export interface WarmUp {
  /** Never shorter than this; 0 with `maxSec` 0 for none. */
  minSec: number;
  /** Ends here even if not steady; the result says so (`warmup.steady` false). */
  maxSec: number;
}

export interface LoadJob {
  /** Free text, given back in the result; the block's id. */
  id: string;
  endpoint: Endpoint;
  workload: Workload;
  /** Same seed and workload: the n-th request of connection c is the same bytes. */
  seed: number;
  connections: number;
  loop: ClosedLoop | OpenLoop;
  warmup: WarmUp;
  /** Length of the measured part, seconds; 0 measures nothing (a preload-only job). */
  measureSec: number;
  /** Cap on requests sent in the measured part, whatever the duration. */
  requestsMax: number;
  /** Length of one recorded interval: 100 for heatmaps of short blocks, 1000 for long ones. */
  intervalMs: number;
  /** Whether to write the workload's preload section before the warm-up. */
  preload: boolean;
  /** Interval log to write (V2, tagged `intended` and `service`), an absolute path; absent for none. */
  hlogPath?: string;
}

/** `stop` ends the job early; `watch` has intervals of the measured part told with its progress, `unwatch` no longer. */
export interface RunnerMessage {
  type: 'stop' | 'watch' | 'unwatch';
}

export type LoadPhase = 'encode' | 'connect' | 'preload' | 'warmup' | 'measure' | 'drain';

/** One interval's figures, also what the steady-state test sees. */
export interface IntervalStats {
  phase: 'warmup' | 'measure';
  /** From the start of the phase. */
  startMs: number;
  durationMs: number;
  answered: number;
  throughputOpsPerSec: number;
  p50Us: number;
  p99Us: number;
  maxUs: number;
}

/** Sent when a phase begins. The runner reads the target's /proc counters at `measure` and at `drain`: the edges of the measured part. */
export interface PhaseMessage {
  type: 'phase';
  phase: LoadPhase;
}

/** Warm-up intervals as they end. Those of the measured part come with the result. */
export interface IntervalMessage {
  type: 'interval';
  interval: IntervalStats;
}

/** Preload's progress, at most ten a second. */
export interface PreloadMessage {
  type: 'preload';
  done: number;
  total: number;
}

/** At most once a second while measuring: cheap, because a statistic computed between two sends would be a late send. */
export interface ProgressMessage {
  type: 'progress';
  phase: LoadPhase;
  elapsedSec: number;
  answered: number;
  /** Only while watched: the intervals that ended and have not been told, in order. */
  intervals?: LatencyInterval[];
}

export interface ResultMessage {
  type: 'result';
  result: LoadResult;
}

/** The job could not be carried out; `text` tells the user what to do. */
export interface FailureMessage {
  type: 'failure';
  code: 'bad-job' | 'connect' | 'connection-lost' | 'protocol' | 'preload' | 'internal';
  text: string;
}

export type GeneratorMessage =
  | PhaseMessage
  | IntervalMessage
  | PreloadMessage
  | ProgressMessage
  | ResultMessage
  | FailureMessage;

/** Exact count, extremes and the usual quantiles of one latency table. All zero when count is 0. */
export interface LatencySummary {
  count: number;
  meanUs: number;
  minUs: number;
  p50Us: number;
  p90Us: number;
  p95Us: number;
  p99Us: number;
  p999Us: number;
  p9999Us: number;
  maxUs: number;
  /** The whole curve, q ascending, ending at q = 1. */
  percentiles: PercentilePoint[];
}

/** Replies counted by what they were, top level. `nestedBulk`/`nestedNil` count the elements of arrays. */
export interface ReplyCounts {
  simple: number;
  error: number;
  integer: number;
  bulk: number;
  nil: number;
  array: number;
  emptyArray: number;
  other: number;
  nestedBulk: number;
  nestedNil: number;
}

export interface CommandCounts {
  /** The command's `name` in the workload. */
  name: string;
  /** The declared share of the mix, weights normalised to 1. */
  declaredShare: number;
  answered: number;
  replies: ReplyCounts;
  hits: number;
  misses: number;
}

/** What was really sent, decoded again from sampled bytes on their way into the socket, not taken from the declaration. */
export interface SentSample {
  requests: number;
  /** Count per command name as decoded from the bytes. */
  commands: { name: string; count: number }[];
  /** Sampled keys (one per request that has one). */
  keys: number;
  /** Times each of the most popular ranks was seen, most popular first (at most 64). Rank 0 is the one declared hottest. */
  topRanks: { rank: number; count: number }[];
  /** Share of sampled keys that lie in the declared hot set (hotspot only). */
  hotShare?: number;
  /** Maximum-likelihood zipf exponent of the sampled ranks with its standard error; absent with too few keys. */
  zipfTheta?: { estimate: number; standardError: number };
  /** Sampled value lengths. Bucket i counts lengths in [2^i, 2^(i+1)); bucket 0 also counts empty values. */
  valueBytesLog2Counts: number[];
  valueBytesMean: number;
  values: number;
}

/** The counters a certificate is made of. The runner compares them with the declaration; nothing is judged here. */
export interface LoadCounters {
  sent: number;
  answered: number;
  /** Sent in the measured part and not answered within the drain time (10 s). Any at all distorts the tail: reject. */
  unanswered: number;
  bytesSent: number;
  bytesReceived: number;
  replies: ReplyCounts;
  commands: CommandCounts[];
  hits: number;
  misses: number;
  /** hits / (hits + misses); absent if nothing was looked up. */
  hitRate?: number;
  errors: number;
  /** First distinct error texts, at most 5, each with how often it came (first 32 characters distinguish). */
  firstErrors: { text: string; count: number }[];
  sample: SentSample;
  /** Distinct requests that were encoded; `sent` beyond it is the same sequence again. */
  requestsEncoded: number;
}

export interface GeneratorLoad {
  cpuUserUs: number;
  cpuSystemUs: number;
  /** Over the measured part. */
  wallUs: number;
  /** (user + system) / wall. An open loop spins, so its value is always near 1: see `busyShare`. */
  cpuShare: number;
  /**
   * Share of the wall time spent sending or receiving, idle spinning excluded. This is the figure to hold against the 70 %
   * limit in an open loop; in a closed loop it equals `cpuShare`.
   */
  busyShare: number;
  /** Actual minus intended send instant; open loop only (count 0 otherwise). */
  lateness: LatencySummary;
  /** CPUs it may run on, as /proc says. */
  cpusAllowed: string;
}

export interface LoadResult {
  jobId: string;
  startedAtIso: string;
  /** Seconds measured, first send to the last answered request's interval end. */
  measuredSec: number;
  endedBy: 'duration' | 'requests-max' | 'stopped' | 'overload';
  warmup: { sec: number; requests: number; steady: boolean; reason: string };
  /** Answers per second of the measured part. */
  throughputOpsPerSec: number;
  /** Open loop: what was declared, and what went out. */
  offeredOpsPerSec?: number;
  sentOpsPerSec: number;
  /** Open loop: from the intended instant. Closed loop: equals `service`. */
  intended: LatencySummary;
  /** From the actual send. */
  service: LatencySummary;
  /** For heatmaps: intended-time latency per interval. */
  intervals: LatencyInterval[];
  intervalStats: IntervalStats[];
  counters: LoadCounters;
  generator: GeneratorLoad;
  /** Keys that the preload wrote and seconds it took. */
  preload?: { keys: number; sec: number };
  /** As given in the job, if it was written. */
  hlogPath?: string;
}
