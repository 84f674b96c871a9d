/** The one snapshot that may be in progress: what it is walked by, and what happens when its file is complete. */
import type { ServerState } from '../../serverState.ts';
import { SLICE_US } from '../../slice.ts';
import { BackgroundFile } from './backgroundFile.ts';
import type { Snapshot } from './snapshot.ts';

/** The walk waits while so much has not been written yet: what a slow disk may cost in memory, beside what clients change meanwhile. */
const PENDING_BYTES_MAX = 8 * 1024 * 1024;

export interface SnapshotOrder {
  readonly kind: 'snapshot' | 'rewrite';
  /** Path of the file until it is complete. */
  readonly temporary: string;
  /** Makes the snapshot, whose instant that is. */
  readonly begin: (sink: (chunk: Uint8Array) => void) => Snapshot;
  /** Gives the complete file its place. */
  readonly publish: (file: BackgroundFile) => Promise<void>;
  /** Told at the end, unless the snapshot was abandoned. */
  readonly finished: (problem: Error | undefined) => void;
}

interface Running {
  readonly order: SnapshotOrder;
  readonly snapshot: Snapshot;
  readonly file: BackgroundFile;
  readonly startedMs: number;
  /** False once all of it is in the queue to the file. */
  isWalking: boolean;
}

export class BackgroundSnapshot {
  readonly #server: ServerState;
  #running: Running | undefined;

  constructor(server: ServerState) {
    this.#server = server;
  }

  /** What is in progress, if anything. */
  get kind(): SnapshotOrder['kind'] | undefined {
    return this.#running?.order.kind;
  }

  /** Of what is in progress: milliseconds it has taken, keys written and to be written. */
  get progress(): { elapsedMs: number; keysWritten: number; keysTotal: number } | undefined {
    if (this.#running === undefined) return undefined;
    const { snapshot, startedMs } = this.#running;
    const { keysTotal, keysWritten } = snapshot;
    return { elapsedMs: this.#server.clock.nowMs() - startedMs, keysTotal, keysWritten };
  }

  /** Nothing may be in progress. */
  start(order: SnapshotOrder): void {
    const { clock, files } = this.#server;
    const file = new BackgroundFile(files, order.temporary, (problem) => {
      file.abandon();
      this.#finished(running, problem);
    });
    const running: Running = {
      order,
      snapshot: order.begin((chunk) => file.push(chunk)),
      file,
      startedMs: clock.nowMs(),
      isWalking: true,
    };
    this.#running = running;
  }

  /** Whether a slice has something to do. */
  get isSliceDue(): boolean {
    return this.#running?.isWalking === true && this.#running.file.pendingBytes < PENDING_BYTES_MAX;
  }

  slice(): void {
    const { clock } = this.#server;
    const running = this.#running!;
    const deadlineUs = clock.monotonicUs() + SLICE_US;
    const isTimeUp = (): boolean =>
      clock.monotonicUs() >= deadlineUs || running.file.pendingBytes >= PENDING_BYTES_MAX;
    if (!running.snapshot.run(isTimeUp)) return;
    running.isWalking = false;
    running.order.publish(running.file).then(
      () => this.#finished(running, undefined),
      (problem: Error) => this.#finished(running, problem),
    );
  }

  /** Ends what is in progress without a file. */
  abandon(): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    running.snapshot.abandon();
    running.file.abandon();
  }

  #finished(running: Running, problem: Error | undefined): void {
    if (this.#running !== running) return;
    this.#running = undefined;
    running.snapshot.abandon();
    running.order.finished(problem);
  }
}
