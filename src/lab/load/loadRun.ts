/**
 * One job from beginning to end: encode, connect, preload, warm up, measure, drain, sum up.
 *
 * Runs in the generator's process and owns it: nothing else may run there while it measures. Effects (clock, CPU counters,
 * where messages go) come in by constructor; sockets are its business.
 */
import { RequestEncoder } from '../workloads/requestEncoder.ts';
import { buildRequestRing, type RequestRing } from '../workloads/requestRing.ts';
import { runClosed } from './closedRun.ts';
import { LoadConnection, type ReplyHandler } from './connection.ts';
import { assembleResult, type MeasuredPart } from './loadResult.ts';
import { runOpen } from './openRun.ts';
import { Preload } from './preload.ts';
import type { FailureMessage, LoadJob, LoadPhase, LoadResult } from './protocol.ts';
import { ReplyFormatError, ReplyTally } from './replyScanner.ts';
import { type GeneratorEffects, LoadFailure, type RunContext } from './runContext.ts';
import { SentPositions } from './sentSample.ts';

/** A million requests: with 1M keys drawn uniformly, 63 % of all keys are in it. */
const ringRequestsMax = 1 << 20;
/** Requests an open loop may put into one write. */
const openBatchMax = 1024;
const openBatchBytesMax = 32 * 1024 * 1024;
const readBufferBytes = 256 * 1024;
const connectTimeoutMs = 10_000;

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
  /** Whether the measured part's intervals are told with its progress. */
  isWatched = false;
  #preloading: Preload | undefined;

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
    this.#preloading?.stop();
  }

  /** @throws LoadFailure. */
  async run(): Promise<LoadResult> {
    try {
      await this.#connect();
      const preload = await this.#preload();
      for (const connection of this.#connections) connection.scanner.useRow(-1);
      this.#tally.reset();
      const measured = await Promise.race([this.#loop(), this.#failed]);
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

  #loop(): Promise<MeasuredPart> {
    const { loop } = this.#job;
    const context: RunContext = {
      job: this.#job,
      effects: this.#effects,
      connections: this.#connections,
      tally: this.#tally,
      positions: this.#positions,
      batchMax: this.#batchMax,
      stopRequested: () => this.#stopRequested,
      isWatched: () => this.isWatched,
    };
    return loop.kind === 'closed' ? runClosed(context, loop.pipeline) : runOpen(context, loop);
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
    this.#preloading = preload;
    if (this.#stopRequested) return undefined;
    await Promise.race([preload.run(this.#connections, this.#asideRow), this.#failed]);
    this.#refuseErrors('preload', 'refused a preload command');
    return { keys: preload.done, sec: (this.#effects.monotonicNs() - startNs) / 1e9 };
  }
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
