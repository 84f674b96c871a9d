/**
 * One job from beginning to end: encode, connect, preload, warm up, measure, drain, sum up.
 *
 * Runs in the generator's process and owns it: nothing else may run there while it measures. Effects (clock, CPU counters,
 * where messages go) come in by constructor; sockets are its business.
 */
import { LatencyTable } from '../measurement/latencyTable.ts';
import { RequestEncoder } from '../workloads/requestEncoder.ts';
import { buildRequestRing, type RequestRing } from '../workloads/requestRing.ts';
import { ClosedLoop } from './closedLoop.ts';
import { LoadConnection, type ReplyHandler } from './connection.ts';
import { IntervalRecorder, intervalStats } from './intervalRecorder.ts';
import { assembleResult, type MeasuredPart } from './loadResult.ts';
import { OpenLoopSender } from './openLoop.ts';
import { Preload } from './preload.ts';
import type {
  FailureMessage,
  GeneratorMessage,
  IntervalStats,
  LoadJob,
  LoadPhase,
  LoadResult,
} from './protocol.ts';
import { ReplyFormatError, ReplyTally } from './replyScanner.ts';
import { Schedule } from './schedule.ts';
import { SentPositions } from './sentSample.ts';
import { judgeWarmUp, type WarmUpVerdict, warmUpIntervalMs } from './warmUp.ts';

/** A million requests: with 1M keys drawn uniformly, 63 % of all keys are in it. */
const ringRequestsMax = 1 << 20;
/** Requests an open loop may put into one write. */
const openBatchMax = 1024;
const openBatchBytesMax = 32 * 1024 * 1024;
const readBufferBytes = 256 * 1024;
/** How long answers are waited for when sending has ended. */
const drainSec = 10;
const connectTimeoutMs = 10_000;
const tickMs = 20;

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

export class LoadRun {
  readonly #job: LoadJob;
  readonly #effects: GeneratorEffects;
  readonly #ring: RequestRing;
  /** Requests that one write may carry: the ring's overlap. */
  readonly #batchMax: number;
  readonly #tally: ReplyTally;
  /** Row of the tally for handshake and preload. */
  readonly #asideRow: number;
  readonly #positions = new SentPositions();
  #connections: LoadConnection[] = [];
  #fail: (failure: Error) => void = () => {};
  readonly #failed: Promise<never>;
  #stopRequested = false;

  constructor(job: LoadJob, effects: GeneratorEffects) {
    this.#job = job;
    this.#effects = effects;
    effects.emit({ type: 'phase', phase: 'encode' });
    const requestBytesMax = new RequestEncoder(job.workload, job.seed).requestBytesMax;
    this.#batchMax =
      job.loop.kind === 'closed'
        ? job.loop.pipeline
        : Math.max(1, Math.min(openBatchMax, Math.floor(openBatchBytesMax / requestBytesMax)));
    this.#ring = buildRequestRing(job.workload, job.seed, ringLength(job), this.#batchMax, job.connections);
    this.#asideRow = job.workload.commands.length;
    this.#tally = new ReplyTally(this.#asideRow + 1);
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Nobody may be listening when the failure comes; whoever awaits a phase still sees it.
    this.#failed.catch(() => {});
  }

  /** Ends the run early; the result covers what was measured. */
  stop(): void {
    this.#stopRequested = true;
  }

  /** @throws LoadFailure. */
  async run(): Promise<LoadResult> {
    try {
      await this.#connect();
      const preload = await this.#preload();
      for (const connection of this.#connections) connection.scanner.useRow(-1);
      this.#tally.reset();
      const measured = await Promise.race([
        this.#job.loop.kind === 'closed' ? this.#runClosed() : this.#runOpen(),
        this.#failed,
      ]);
      return await assembleResult({
        job: this.#job,
        ring: this.#ring,
        tally: this.#tally,
        positions: this.#positions.positions,
        connections: this.#connections,
        measured,
        ...(preload ? { preload } : {}),
        cpusAllowed: this.#effects.cpusAllowed(),
      });
    } finally {
      for (const connection of this.#connections) connection.close();
    }
  }

  #phase(phase: LoadPhase): void {
    this.#effects.emit({ type: 'phase', phase });
  }

  async #connect(): Promise<void> {
    this.#phase('connect');
    const { endpoint, connections } = this.#job;
    const readBuffer = Buffer.allocUnsafeSlow(readBufferBytes);
    const idle: ReplyHandler = { onReplies: () => {} };
    this.#connections = Array.from(
      { length: connections },
      (_, index) =>
        new LoadConnection(index, {
          endpoint,
          ring: this.#ring,
          ringStart: (index * this.#ring.length) / connections,
          tally: this.#tally,
          readBuffer,
          handler: idle,
          onLost: (reason) => this.#fail(this.#lost(reason)),
        }),
    );
    await this.#orFail(
      Promise.all(this.#connections.map((connection) => connection.connected())),
      'connect to the target',
    );
    await this.#handshake();
  }

  #lost(reason: Error): LoadFailure {
    const where = `${this.#job.endpoint.host}:${this.#job.endpoint.port}`;
    if (reason instanceof ReplyFormatError) return new LoadFailure('protocol', reason.message);
    return new LoadFailure('connection-lost', `${where}: ${reason.message}. Is the target running there?`);
  }

  /** AUTH and SELECT where the URL asks for them, PING always, on every connection. */
  async #handshake(): Promise<void> {
    const { username, password, db } = this.#job.endpoint;
    const commands: string[][] = [];
    if (password !== undefined) commands.push(['AUTH', ...(username ? [username] : []), password]);
    if (db) commands.push(['SELECT', String(db)]);
    commands.push(['PING']);
    const bytes = Buffer.concat(commands.map(encodeCommand));
    let owed = commands.length * this.#connections.length;
    const answered = new Promise<void>((resolve) => {
      const handler: ReplyHandler = {
        onReplies: (_, completed) => {
          owed -= completed;
          if (owed === 0) resolve();
        },
      };
      for (const connection of this.#connections) {
        connection.scanner.useRow(this.#asideRow);
        connection.handler = handler;
        connection.sendBytes(bytes);
      }
    });
    await this.#orFail(answered, 'get PING answered');
    this.#refuseErrors('connect', 'refused the handshake');
  }

  #refuseErrors(code: FailureMessage['code'], what: string): void {
    const first = this.#tally.errors[0];
    if (first) throw new LoadFailure(code, `the target ${what}: ${first.text}`);
  }

  async #orFail<T>(work: Promise<T>, what: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new LoadFailure('connect', `could not ${what} within ${connectTimeoutMs / 1000} s`)),
        connectTimeoutMs,
      );
    });
    try {
      return await Promise.race([work, this.#failed, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #preload(): Promise<{ keys: number; sec: number } | undefined> {
    if (!this.#job.preload || !this.#job.workload.preload) return undefined;
    this.#phase('preload');
    const startNs = this.#effects.monotonicNs();
    let toldNs = startNs;
    const preload = new Preload(this.#job.workload, this.#job.seed, (done, total) => {
      const nowNs = this.#effects.monotonicNs();
      if (nowNs - toldNs < 1e8 && done < total) return;
      toldNs = nowNs;
      this.#effects.emit({ type: 'preload', done, total });
    });
    await Promise.race([preload.run(this.#connections, this.#asideRow), this.#failed]);
    this.#refuseErrors('preload', 'refused a preload command');
    return { keys: preload.total, sec: (this.#effects.monotonicNs() - startNs) / 1e9 };
  }

  /** Ends the warm-up's current interval; tells and judges. */
  #judge(
    intervals: IntervalStats[],
    recorder: IntervalRecorder,
    startNs: number,
    nowNs: number,
  ): WarmUpVerdict {
    const stats = intervalStats('warmup', intervals.length, recorder.intervalNs, recorder.intervals[0]!);
    intervals.push(stats);
    this.#effects.emit({ type: 'interval', interval: stats });
    return judgeWarmUp(this.#job.warmup, (nowNs - startNs) / 1e9, intervals);
  }

  #measureRecorder(withIntended: boolean): IntervalRecorder {
    const { measureSec, intervalMs } = this.#job;
    return new IntervalRecorder(intervalMs * 1e6, Math.ceil((measureSec * 1000) / intervalMs), withIntended);
  }

  async #runClosed(): Promise<MeasuredPart> {
    const job = this.#job;
    const { monotonicNs } = this.#effects;
    const pipeline = job.loop.kind === 'closed' ? job.loop.pipeline : 1;
    const newWarm = (): IntervalRecorder =>
      new IntervalRecorder(warmUpIntervalMs(job.warmup) * 1e6, 1, false);
    const measure = this.#measureRecorder(false);
    const loop = new ClosedLoop(monotonicNs, pipeline, newWarm(), this.#positions);
    const warmStartNs = monotonicNs();
    const stats: IntervalStats[] = [];
    let verdict = noWarmUp;
    if (job.warmup.maxSec > 0) {
      this.#phase('warmup');
      loop.start(this.#connections);
      for (let done = false; !done && !this.#stopRequested; ) {
        await sleepMs(warmUpIntervalMs(job.warmup));
        const nowNs = monotonicNs();
        verdict = this.#judge(stats, loop.recorder, warmStartNs, nowNs);
        loop.recorder = newWarm();
        done = verdict.done;
      }
    }
    const warmupRequests = loop.sent;
    const edges = this.#beginMeasure();
    measure.begin(edges.startNs);
    loop.recorder = measure;
    loop.sent = 0;
    loop.sentMax = job.requestsMax;
    if (job.warmup.maxSec === 0 && job.measureSec > 0) loop.start(this.#connections);
    const endNs = edges.startNs + job.measureSec * 1e9;
    let endedBy: LoadResult['endedBy'] = 'duration';
    let toldNs = edges.startNs;
    for (;;) {
      const nowNs = monotonicNs();
      if (nowNs >= endNs) break;
      if (this.#stopRequested || loop.sent >= loop.sentMax) {
        endedBy = this.#stopRequested ? 'stopped' : 'requests-max';
        // A counted run ends with its last answer, not at the next tick.
        if (endedBy === 'stopped' || this.#connections.every((connection) => connection.outstanding === 0))
          break;
      }
      if (nowNs - toldNs >= 1e9) {
        toldNs = nowNs;
        this.#effects.emit({
          type: 'progress',
          phase: 'measure',
          elapsedSec: (nowNs - edges.startNs) / 1e9,
          answered: loop.sent,
        });
      }
      await sleepMs(Math.min(tickMs, Math.max(0, (endNs - nowNs) / 1e6)));
    }
    loop.sending = false;
    loop.recording = false;
    const part = this.#endMeasure(edges, measure, loop.sent, new LatencyTable());
    if (endedBy === 'requests-max') part.wallNs = loop.answeredNs - edges.startNs;
    const answered = measure.intervals.reduce((sum, interval) => sum + interval.answered, 0);
    await this.#drain(() => this.#connections.every((connection) => connection.outstanding === 0));
    return {
      ...part,
      endedBy,
      answered,
      // A batch still out when the time was up is normal; one that never comes is not.
      unanswered: this.#connections.reduce((sum, connection) => sum + connection.outstanding, 0),
      busyNs: (part.cpuUserUs + part.cpuSystemUs) * 1000,
      warmup: { ...verdict, sec: (edges.startNs - warmStartNs) / 1e9, requests: warmupRequests },
    };
  }

  async #runOpen(): Promise<MeasuredPart> {
    const job = this.#job;
    if (job.loop.kind !== 'open') throw new LoadFailure('bad-job', 'not an open loop');
    const { monotonicNs } = this.#effects;
    const measure = this.#measureRecorder(true);
    const newWarm = (): IntervalRecorder => new IntervalRecorder(warmUpIntervalMs(job.warmup) * 1e6, 1, true);
    const warmStartNs = monotonicNs();
    const lateness = new LatencyTable();
    const stats: IntervalStats[] = [];
    let verdict = noWarmUp;
    let warmupRequests = 0;
    let warmIntervalEndNs = warmStartNs + warmUpIntervalMs(job.warmup) * 1e6;
    let edges: MeasureEdges | undefined;
    let toldNs = 0;
    let endedBy: LoadResult['endedBy'] = 'duration';
    return new Promise((resolve, reject) => {
      const beginMeasure = (): void => {
        warmupRequests = loop.sent;
        edges = this.#beginMeasure();
        toldNs = edges.startNs;
        measure.begin(edges.startNs);
        loop.recorder = measure;
        loop.lateness = lateness;
        loop.sent = 0;
        loop.answered = 0;
        loop.busyNs = 0;
        loop.sentMax = job.requestsMax;
        loop.countFromNs = edges.startNs;
        loop.endNs = edges.startNs + job.measureSec * 1e9;
      };
      const onTurn = (nowNs: number): void => {
        if (!edges) {
          if (nowNs < warmIntervalEndNs) return;
          warmIntervalEndNs = nowNs + warmUpIntervalMs(job.warmup) * 1e6;
          verdict = this.#judge(stats, loop.recorder, warmStartNs, nowNs);
          loop.recorder = newWarm();
          if (verdict.done || this.#stopRequested || loop.overloaded) beginMeasure();
          return;
        }
        const counted = loop.sent >= loop.sentMax;
        if (nowNs < loop.endNs && !this.#stopRequested && !loop.overloaded && !counted) {
          if (nowNs - toldNs < 1e9) return;
          toldNs = nowNs;
          this.#effects.emit({
            type: 'progress',
            phase: 'measure',
            elapsedSec: (nowNs - edges.startNs) / 1e9,
            answered: loop.answered,
          });
          return;
        }
        if (counted) endedBy = 'requests-max';
        if (this.#stopRequested) endedBy = 'stopped';
        if (loop.overloaded) endedBy = 'overload';
        loop.stop();
        const { busyNs } = loop;
        const part = this.#endMeasure(edges, measure, loop.sent, lateness);
        const warmup = { ...verdict, sec: (edges.startNs - warmStartNs) / 1e9, requests: warmupRequests };
        this.#drain(() => loop.inFlight === 0).then(
          () =>
            resolve({ ...part, endedBy, answered: loop.answered, unanswered: loop.inFlight, busyNs, warmup }),
          reject,
        );
      };
      const loop = new OpenLoopSender({
        monotonicNs,
        connections: this.#connections,
        schedule: new Schedule(
          job.loop as Extract<LoadJob['loop'], { kind: 'open' }>,
          job.connections,
          warmStartNs,
          job.seed,
        ),
        recorder: newWarm(),
        lateness: new LatencyTable(),
        positions: this.#positions,
        batchMax: this.#batchMax,
        onTurn,
      });
      if (job.warmup.maxSec > 0) this.#phase('warmup');
      else beginMeasure();
      loop.start();
    });
  }

  #beginMeasure(): MeasureEdges {
    this.#phase('measure');
    this.#tally.reset();
    this.#positions.reset();
    for (const connection of this.#connections) {
      connection.bytesSent = 0;
      connection.bytesReceived = 0;
    }
    return {
      startedAtUnixMs: this.#effects.nowUnixMs(),
      cpu: this.#effects.cpuUs(),
      startNs: this.#effects.monotonicNs(),
    };
  }

  #endMeasure(
    edges: MeasureEdges,
    recorder: IntervalRecorder,
    sent: number,
    lateness: LatencyTable,
  ): Omit<MeasuredPart, 'endedBy' | 'answered' | 'unanswered' | 'busyNs' | 'warmup'> {
    const endNs = this.#effects.monotonicNs();
    const cpu = this.#effects.cpuUs();
    this.#phase('drain');
    return {
      startedAtUnixMs: edges.startedAtUnixMs,
      wallNs: endNs - edges.startNs,
      cpuUserUs: cpu.user - edges.cpu.user,
      cpuSystemUs: cpu.system - edges.cpu.system,
      recorder,
      sent,
      lateness,
    };
  }

  async #drain(empty: () => boolean): Promise<void> {
    const endNs = this.#effects.monotonicNs() + drainSec * 1e9;
    while (!empty() && this.#effects.monotonicNs() < endNs) await sleepMs(1);
  }
}

interface MeasureEdges {
  startedAtUnixMs: number;
  startNs: number;
  cpu: { user: number; system: number };
}

const noWarmUp: WarmUpVerdict = { done: true, steady: false, reason: 'no warm-up was asked for' };

function sleepMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function encodeCommand(words: readonly string[]): Buffer {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`);
}

/** Requests to encode: as many as an open loop or a counted run will send, a million at most. */
function ringLength(job: LoadJob): number {
  const seconds = job.warmup.maxSec + job.measureSec;
  const planned =
    job.loop.kind === 'open' ? Math.ceil(job.loop.rateOpsPerSec * seconds * 1.05) : ringRequestsMax;
  const counted = job.warmup.maxSec === 0 ? job.requestsMax : ringRequestsMax;
  return Math.max(1024, job.connections, Math.min(planned, counted, ringRequestsMax));
}
