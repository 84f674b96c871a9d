/**
 * The part of an append-only file that is being written.
 *
 *   everysec, no   written before the replies of a turn go out, in the turn; made durable off the loop once a second, or whenever the system likes.
 *                  While that is going on a write would wait for it in the kernel: so it waits in memory, for two seconds at most.
 *   always         written and made durable off the loop; replies to whoever wrote are held until that is done (`isHeld`, `hold`). What comes
 *                  meanwhile goes together, next. Others are answered at once.
 *
 * Positions count bytes since the server began to write, over all files.
 */
import type { OutputFile } from '../../../ports/files.ts';
import type { Client } from '../../clients/client.ts';
import type { PropagationSink } from '../../propagation/propagation.ts';
import type { Words } from '../../propagation/words.ts';
import type { ServerState } from '../../serverState.ts';
import { CommandEncoder } from './commandEncoder.ts';

const SYNC_INTERVAL_MS = 1000;
const POSTPONED_MS_MAX = 2000;
const RETRY_MS = 1000;

export type SyncPolicy = 'always' | 'everysec' | 'no';

interface Target {
  readonly path: string;
  readonly output: OutputFile;
  /** Of whole commands. */
  bytes: number;
}

interface Held {
  readonly position: number;
  readonly release: () => void;
}

export class AppendOnlyFile implements PropagationSink {
  readonly #server: ServerState;
  readonly #encoder = new CommandEncoder();
  /** Told when writing begins to fail, with the reason, and when it works again. */
  readonly #judged: () => void;
  #target: Target;
  /** Files before this one that are not durable yet. */
  #former: Target[] = [];
  #policy: SyncPolicy;
  #appended = 0;
  #written = 0;
  #synced = 0;
  #isWriting = false;
  #isSyncing = false;
  #postponedSinceMs: number | undefined;
  #lastSyncMs: number;
  #lastFailureMs = Number.NEGATIVE_INFINITY;
  #held: Held[] = [];
  #afterWriting: (() => void)[] = [];
  #isClosed = false;
  /** The write or sync that was begun last, whatever becomes of it. */
  #underWay: Promise<void> = Promise.resolve();
  #writeFailure: string | undefined;
  #syncFailure: string | undefined;
  delayedSyncs = 0;

  constructor(server: ServerState, path: string, policy: SyncPolicy, judged: () => void) {
    this.#server = server;
    this.#policy = policy;
    this.#judged = judged;
    this.#lastSyncMs = server.clock.nowMs();
    this.#target = this.#open(path);
  }

  /** Why what is written could be lost; undefined as long as all is well. */
  get failure(): string | undefined {
    return this.#writeFailure ?? this.#syncFailure;
  }

  /** Of the present file: bytes of whole commands. */
  get fileBytes(): number {
    return this.#target.bytes;
  }

  get bufferedBytes(): number {
    return this.#encoder.length;
  }

  /** Whether everything that was appended outlives a crash of the machine. */
  get isDurable(): boolean {
    return this.#synced >= this.#appended;
  }

  get isWriting(): boolean {
    return this.#isWriting;
  }

  get isSyncing(): boolean {
    return this.#isSyncing;
  }

  set policy(policy: SyncPolicy) {
    this.#policy = policy;
  }

  append(database: number, words: Words): void {
    const before = this.#encoder.length;
    this.#encoder.append(database, words);
    this.#appended += this.#encoder.length - before;
    if (this.#policy === 'always') this.#server.context.client.writtenUpTo = this.#appended;
  }

  /** Whether replies to this client have to wait until what it wrote is durable. */
  isHeld({ writtenUpTo }: Client): boolean {
    return writtenUpTo > this.#synced;
  }

  /** `release` is called when what the client wrote is durable. */
  hold({ writtenUpTo }: Client, release: () => void): void {
    this.#held.push({ position: writtenUpTo, release });
  }

  /** Before the replies of a turn go out, and after work beside requests. */
  flush(): void {
    if (this.#encoder.length === 0 || this.#isClosed) return;
    if (this.#policy === 'always') return this.#writeLater();
    if (this.#isWriting) return;
    const nowMs = this.#server.clock.nowMs();
    if (this.#writeFailure !== undefined && nowMs - this.#lastFailureMs < RETRY_MS) return;
    if (this.#isSyncing) {
      this.#postponedSinceMs ??= nowMs;
      if (nowMs - this.#postponedSinceMs < POSTPONED_MS_MAX) return;
      this.delayedSyncs++;
    }
    this.#postponedSinceMs = undefined;
    this.#writeNow();
  }

  /** Ten times a second. */
  tick(nowMs: number): void {
    this.flush();
    if (this.#policy !== 'everysec' || this.#isSyncing || this.#isClosed) return;
    if (nowMs - this.#lastSyncMs < SYNC_INTERVAL_MS || this.#synced >= this.#written) return;
    this.#lastSyncMs = nowMs;
    void this.#sync();
  }

  /**
   * What comes from now on goes to another file. Calls `done` once that is so, at once or when a write that is under way is over; with an error if what
   * came before cannot be written. It is told the bytes of the file before.
   */
  switchTo(path: string, done: (problem: Error | undefined, formerBytes: number) => void): void {
    if (this.#isWriting) {
      this.#afterWriting.push(() => this.switchTo(path, done));
      return;
    }
    if (this.#encoder.length > 0) this.#writeNow();
    if (this.#writeFailure !== undefined) return done(new Error(this.#writeFailure), 0);
    const former = this.#target;
    this.#former.push(former);
    this.#target = this.#open(path);
    this.#encoder.startFile();
    if (this.#policy === 'always' || this.#synced < this.#written) void this.#sync();
    done(undefined, former.bytes);
  }

  /** Writes and makes durable what there is, and lets everybody go. Nothing may be appended any more. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    while (this.#isWriting || this.#isSyncing) await this.#underWay;
    if (this.#isClosed) return;
    if (this.#encoder.length > 0) this.#writeNow();
    this.#isClosed = true;
    try {
      for (const { output } of [...this.#former, this.#target]) {
        await output.syncLater();
        output.close();
      }
    } catch (problem) {
      this.#server.log.write('warning', `Error closing the append-only file: ${(problem as Error).message}`);
      return;
    }
    if (this.#writeFailure === undefined) this.#nowSynced(this.#written);
  }

  #open(path: string): Target {
    const { files } = this.#server;
    const output = files.openOutput(path, 'append');
    const input = files.openInput(path);
    const bytes = input.sizeBytes;
    input.close();
    return { path, output, bytes };
  }

  #writeNow(): void {
    const target = this.#target;
    const bytes = this.#encoder.take();
    const upTo = this.#appended;
    try {
      target.output.write(bytes);
    } catch (problem) {
      this.#encoder.putBack(bytes);
      this.#cutOff(target);
      this.#lastFailureMs = this.#server.clock.nowMs();
      this.#judge((problem as Error).message, this.#syncFailure);
      return;
    }
    target.bytes += bytes.length;
    this.#written = upTo;
    this.#judge(undefined, this.#syncFailure);
  }

  /** Half a command must not stay: what comes later would be read as a part of it. */
  #cutOff({ bytes, path }: Target): void {
    try {
      this.#server.files.truncate(path, bytes);
    } catch (problem) {
      this.#server.log.write(
        'warning',
        `Could not remove half a command from ${path}: ${(problem as Error).message}`,
      );
    }
  }

  #writeLater(): void {
    if (this.#isWriting || this.#isSyncing) return;
    this.#isWriting = true;
    const target = this.#target;
    const bytes = this.#encoder.take();
    const upTo = this.#appended;
    this.#underWay = target.output
      .writeLater(bytes)
      .then(() => {
        target.bytes += bytes.length;
        this.#written = upTo;
        this.#isWriting = false;
        for (const next of this.#afterWriting.splice(0)) next();
        return this.#sync();
      })
      .catch((problem: Error) => {
        this.#cutOff(target);
        this.#giveUp(problem);
      });
  }

  /** Makes durable what is written. */
  #sync(): Promise<void> {
    if (!this.#isSyncing && !this.#isClosed) this.#underWay = this.#syncNow();
    return this.#underWay;
  }

  async #syncNow(): Promise<void> {
    this.#isSyncing = true;
    const upTo = this.#written;
    const former = this.#former;
    this.#former = [];
    const { output } = this.#target;
    try {
      for (const file of former) {
        await file.output.syncLater();
        file.output.close();
      }
      await output.syncLater();
    } catch (problem) {
      this.#former.unshift(...former);
      this.#isSyncing = false;
      if (this.#isClosed) return;
      if (this.#policy === 'always') this.#giveUp(problem as Error);
      else this.#judge(this.#writeFailure, (problem as Error).message);
      return;
    }
    this.#isSyncing = false;
    if (this.#isClosed) return;
    this.#judge(this.#writeFailure, undefined);
    this.#nowSynced(upTo);
    this.flush();
    // What was written meanwhile, and somebody waits for.
    if (this.#policy === 'always' && !this.#isWriting && this.#synced < this.#written) void this.#sync();
  }

  #nowSynced(position: number): void {
    this.#synced = Math.max(this.#synced, position);
    while (this.#held.length > 0 && this.#held[0]!.position <= this.#synced) this.#held.shift()!.release();
  }

  /** With `always` a reply is a promise: none can be given any more. */
  #giveUp(problem: Error): void {
    this.#isClosed = true;
    this.#server.abort(
      `the append-only file cannot be written and appendfsync is 'always': ${problem.message}`,
    );
  }

  #judge(writeFailure: string | undefined, syncFailure: string | undefined): void {
    const before = this.failure;
    this.#writeFailure = writeFailure;
    this.#syncFailure = syncFailure;
    const { failure } = this;
    if (failure === before) return;
    const { log } = this.#server;
    if (failure === undefined) log.write('warning', 'The append-only file can be written again');
    else log.write('warning', `Error writing to the append-only file: ${failure}`);
    this.#judged();
  }
}
