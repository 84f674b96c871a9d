/**
 * Fills the keyspace before a run: the workload's preload template once for every key of its share, in order, pipelined
 * over a few connections, each reply checked not to be an error.
 */
import { RequestEncoder } from '../workloads/requestEncoder.ts';
import type { Workload } from '../workloads/workload.ts';
import type { LoadConnection, ReplyHandler } from './connection.ts';

/** Bytes encoded per batch: large enough that the round trip is noise, small enough for any query buffer. */
const batchBytes = 64 * 1024;
const batchRequestsMax = 512;
const connectionsMax = 8;

export class Preload implements ReplyHandler {
  /** Keys that are to be written. */
  readonly total: number;
  readonly #encoder: RequestEncoder;
  readonly #buffers = new Map<LoadConnection, Buffer>();
  #next = 0;
  #answered = 0;
  #stopped = false;
  #finish: () => void = () => {};
  readonly #onProgress: (done: number, total: number) => void;

  constructor(workload: Workload, seed: number, onProgress: (done: number, total: number) => void) {
    this.#encoder = new RequestEncoder(workload, seed);
    this.total = Math.round((workload.preload?.share ?? 0) * workload.keys.count);
    this.#onProgress = onProgress;
  }

  /** Resolves when every key was answered, or what was sent before `stop`. The caller looks for errors in the tally. */
  run(connections: readonly LoadConnection[], tallyRow: number): Promise<void> {
    if (this.total === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#finish = resolve;
      for (const connection of connections.slice(0, connectionsMax)) {
        connection.handler = this;
        connection.scanner.useRow(tallyRow);
        const bytes = Math.max(batchBytes, this.#encoder.requestBytesMax);
        this.#buffers.set(connection, Buffer.allocUnsafeSlow(bytes));
        this.#sendBatch(connection);
      }
    });
  }

  /** Keys whose requests were answered. */
  get done(): number {
    return Math.floor(this.#answered / Math.max(1, this.#encoder.preloadRequestsPerKey));
  }

  /** Sends no more; `run` resolves when what was sent is answered. */
  stop(): void {
    this.#stopped = true;
  }

  #outstanding(): number {
    return [...this.#buffers.keys()].reduce((sum, connection) => sum + connection.outstanding, 0);
  }

  onReplies(connection: LoadConnection, completed: number): void {
    connection.outstanding -= completed;
    this.#answered += completed;
    const { done } = this;
    this.#onProgress(done, this.total);
    if (connection.outstanding === 0) this.#sendBatch(connection);
    if (done === this.total || (this.#stopped && this.#outstanding() === 0)) this.#finish();
  }

  #sendBatch(connection: LoadConnection): void {
    if (this.#stopped) return;
    const buffer = this.#buffers.get(connection)!;
    let end = 0;
    let times = 0;
    while (this.#next < this.total && times < batchRequestsMax) {
      const after = this.#encoder.encodePreload(this.#next, buffer, end);
      if (after < 0) break;
      end = after;
      times += this.#encoder.preloadRequestsPerKey;
      this.#next += 1;
    }
    if (times === 0) return;
    connection.outstanding = times;
    connection.sendBytes(buffer.subarray(0, end));
  }
}
