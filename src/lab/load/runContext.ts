/**
 * What both loops share while they run: the job, the effects, the counters, and the edges of the measured part.
 */
import type { LatencyInterval } from '../experiments/result.ts';
import type { LatencyTable } from '../measurement/latencyTable.ts';
import type { LoadConnection } from './connection.ts';
import { IntervalRecorder, intervalStats, latencyInterval } from './intervalRecorder.ts';
import type { MeasuredPart } from './loadResult.ts';
import type { FailureMessage, GeneratorMessage, IntervalStats, LoadJob } from './protocol.ts';
import type { ReplyTally } from './replyScanner.ts';
import type { SentPositions } from './sentSample.ts';
import { judgeWarmUp, type WarmUpVerdict, warmUpIntervalMs } from './warmUp.ts';

/** How long answers are waited for when sending has ended. */
const drainSec = 10;
const progressIntervalNs = 1e9;

export interface GeneratorEffects {
  /** Monotonic, nanoseconds with a fraction, arbitrary origin. */
  monotonicNs(): number;
  /** CPU time of this process so far, microseconds. */
  cpuUs(): { user: number; system: number };
  nowUnixMs(): number;
  /** `Cpus_allowed_list` of this process, or `unknown`. */
  cpusAllowed(): string;
  emit(message: GeneratorMessage): void;
}

export class LoadFailure extends Error {
  override readonly name = 'LoadFailure';
  readonly code: FailureMessage['code'];
  constructor(code: FailureMessage['code'], text: string) {
    super(text);
    this.code = code;
  }
}

export function sleepMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export interface RunContext {
  readonly job: LoadJob;
  readonly effects: GeneratorEffects;
  readonly connections: readonly LoadConnection[];
  readonly tally: ReplyTally;
  readonly positions: SentPositions;
  /** Requests that one write may carry. */
  readonly batchMax: number;
  stopRequested(): boolean;
  /** Whether somebody follows the measured part while it runs. */
  isWatched(): boolean;
}

/** The warm-up of a run: hands out a fresh recorder per window and judges them. */
export class WarmUpWindows {
  verdict: WarmUpVerdict = { done: true, steady: false, reason: 'no warm-up was asked for' };
  readonly startNs: number;
  readonly windowMs: number;
  readonly #context: RunContext;
  readonly #withIntended: boolean;
  readonly #stats: IntervalStats[] = [];

  constructor(context: RunContext, withIntended: boolean) {
    this.#context = context;
    this.#withIntended = withIntended;
    this.windowMs = warmUpIntervalMs(context.job.warmup);
    this.startNs = context.effects.monotonicNs();
  }

  get wanted(): boolean {
    return this.#context.job.warmup.maxSec > 0;
  }

  newRecorder(): IntervalRecorder {
    return new IntervalRecorder(this.windowMs * 1e6, 1, this.#withIntended);
  }

  /** Ends a window: tells of it, and judges all so far. */
  judge(recorder: IntervalRecorder, nowNs: number): WarmUpVerdict {
    const stats = intervalStats('warmup', this.#stats.length, recorder.intervalNs, recorder.intervals[0]!);
    this.#stats.push(stats);
    this.#context.effects.emit({ type: 'interval', interval: stats });
    // So that the first interval told in the measured part is not the one that has it compiled, between two sends.
    if (this.#context.isWatched()) latencyInterval(0, recorder.intervalNs, recorder.intervals[0]!.intended);
    this.verdict = judgeWarmUp(this.#context.job.warmup, (nowNs - this.startNs) / 1e9, this.#stats);
    return this.verdict;
  }

  /** @param endNs where the measured part began. */
  summary(endNs: number, requests: number): MeasuredPart['warmup'] {
    return { ...this.verdict, sec: (endNs - this.startNs) / 1e9, requests };
  }
}

/** The measured part, from its first edge to its last. */
export class MeasuredWindow {
  readonly startNs: number;
  readonly endNs: number;
  readonly recorder: IntervalRecorder;
  readonly #context: RunContext;
  readonly #startedAtUnixMs: number;
  readonly #cpuAtStart: { user: number; system: number };
  #toldNs: number;
  #toldIntervals = 0;

  /** Begins it: tells the runner, empties the counters, notes clock and CPU. The recorder is made before. */
  constructor(context: RunContext, recorder: IntervalRecorder) {
    const { job, effects } = context;
    this.#context = context;
    this.recorder = recorder;
    effects.emit({ type: 'phase', phase: 'measure' });
    context.tally.reset();
    context.positions.reset();
    for (const connection of context.connections) {
      connection.bytesSent = 0;
      connection.bytesReceived = 0;
    }
    this.#startedAtUnixMs = effects.nowUnixMs();
    this.#cpuAtStart = effects.cpuUs();
    this.startNs = effects.monotonicNs();
    this.endNs = this.startNs + job.measureSec * 1e9;
    this.#toldNs = this.startNs;
    recorder.begin(this.startNs);
  }

  /** A recorder with all the intervals the measured part will need. */
  static recorderFor(job: LoadJob, withIntended: boolean): IntervalRecorder {
    const count = Math.ceil((job.measureSec * 1000) / job.intervalMs);
    return new IntervalRecorder(job.intervalMs * 1e6, count, withIntended);
  }

  /**
   * Progress, at most once a second. What is told to who watches is made here too, and not as intervals end: a turn is compiled
   * code, and a branch that it takes for the first time while it measures has it compiled anew, on the core that sends.
   */
  tell(nowNs: number, answered: number): void {
    if (nowNs - this.#toldNs < progressIntervalNs) return;
    this.#toldNs = nowNs;
    const elapsedSec = (nowNs - this.startNs) / 1e9;
    const intervals = this.#context.isWatched() ? { intervals: this.#untoldIntervals() } : {};
    this.#context.effects.emit({ type: 'progress', phase: 'measure', elapsedSec, answered, ...intervals });
  }

  /** Those that have ended: some tens of microseconds each, and in an open loop two a second. */
  #untoldIntervals(): LatencyInterval[] {
    const { index, intervals, intervalNs } = this.recorder;
    const first = this.#toldIntervals;
    this.#toldIntervals = Math.min(index, intervals.length);
    return intervals
      .slice(first, this.#toldIntervals)
      .map(({ intended }, i) => latencyInterval(first + i, intervalNs, intended));
  }

  /** Ends it. */
  close(
    sent: number,
    lateness: LatencyTable,
  ): Omit<MeasuredPart, 'endedBy' | 'answered' | 'answeredInTime' | 'unanswered' | 'busyNs' | 'warmup'> {
    const { effects } = this.#context;
    const wallNs = effects.monotonicNs() - this.startNs;
    const cpu = effects.cpuUs();
    effects.emit({ type: 'phase', phase: 'drain' });
    return {
      startedAtUnixMs: this.#startedAtUnixMs,
      wallNs,
      cpuUserUs: cpu.user - this.#cpuAtStart.user,
      cpuSystemUs: cpu.system - this.#cpuAtStart.system,
      recorder: this.recorder,
      sent,
      lateness,
    };
  }
}

/** Waits until `empty()` or until answers have had their time. */
export async function drain(effects: GeneratorEffects, empty: () => boolean): Promise<void> {
  const endNs = effects.monotonicNs() + drainSec * 1e9;
  while (!empty() && effects.monotonicNs() < endNs) await sleepMs(1);
}
