/**
 * Snapshots of a shard: when they are made, of what, and what is known of the last ones.
 *
 *   SAVE, SHUTDOWN, DEBUG RELOAD    at once, holding the loop until the file is safe
 *   BGSAVE, save points             in slices beside the requests (`snapshot/`), the file written off the loop
 *
 * A save that failed leaves the old file as it was.
 */
import type { ServerState } from '../serverState.ts';
import { SLICE_US } from '../slice.ts';
import { KeptLibraries, type LibraryStore } from './libraries.ts';
import { type LoadOptions, type LoadSummary, loadRdb } from './rdb/rdbLoader.ts';
import { RdbWriter } from './rdb/rdbWriter.ts';
import { parseSavePoints, type SavePoint } from './savePoints.ts';
import { BackgroundFile } from './snapshot/backgroundFile.ts';
import { Snapshot } from './snapshot/snapshot.ts';

/** The walk waits while so much has not been written yet: what a slow disk may cost in memory, beside what clients change meanwhile. */
const PENDING_BYTES_MAX = 8 * 1024 * 1024;
/** After a failure nothing is tried by itself for so long. */
const RETRY_MS = 5000;

const DISK_REFUSAL =
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.";

/** A snapshot in progress. */
interface Saving {
  readonly snapshot: Snapshot;
  readonly file: BackgroundFile;
  readonly startedMs: number;
  readonly dirtyAtStart: number;
  /** False once all of it is in the queue to the file. */
  isWalking: boolean;
}

/** What is known of snapshots, for INFO and LASTSAVE. */
export interface SaveRecord {
  lastSaveMs: number;
  lastStatusOk: boolean;
  /** -1 if there was none. */
  lastDurationSec: number;
  saves: number;
  loaded: number;
  expiredAtLoad: number;
}

export class Persistence {
  /** Why this server keeps nothing, if so. */
  readonly unavailable: string | undefined;
  readonly record: SaveRecord;
  libraries: LibraryStore;
  readonly #server: ServerState;
  #points: SavePoint[] = [];
  #saving: Saving | undefined;
  #isScheduled = false;
  #lastTryMs = Number.NEGATIVE_INFINITY;

  constructor(server: ServerState, unavailable: string | undefined) {
    this.#server = server;
    this.unavailable = unavailable;
    this.record = {
      lastSaveMs: server.identity.startedMs,
      lastStatusOk: true,
      lastDurationSec: -1,
      saves: 0,
      loaded: 0,
      expiredAtLoad: 0,
    };
    this.libraries = new KeptLibraries((line) => server.log.write('warning', line));
    const follow = (): void => {
      this.#points = parseSavePoints(server.configuration.text('save'));
      this.#judge();
    };
    server.configuration.onChange('save', follow);
    server.configuration.onChange('stop-writes-on-bgsave-error', follow);
    follow();
  }

  get isSaving(): boolean {
    return this.#saving !== undefined;
  }

  get hasSavePoints(): boolean {
    return this.#points.length > 0 && this.unavailable === undefined;
  }

  /** Of the snapshot in progress: milliseconds it has taken, keys written and to be written. Undefined if there is none. */
  get progress(): { elapsedMs: number; keysWritten: number; keysTotal: number } | undefined {
    if (this.#saving === undefined) return undefined;
    const { snapshot, startedMs } = this.#saving;
    const { keysTotal, keysWritten } = snapshot;
    return { elapsedMs: this.#server.clock.nowMs() - startedMs, keysTotal, keysWritten };
  }

  /** Where the snapshot lies. */
  get path(): string {
    return `${this.#folder()}/${this.#server.configuration.text('dbfilename')}`;
  }

  /** SAVE. False if that failed: the log has why. */
  saveNow(): boolean {
    const { clock, files, log } = this.#server;
    const temporary = this.#temporary();
    this.record.saves++;
    try {
      const output = files.openOutput(temporary, 'truncate');
      try {
        const snapshot = this.#snapshot((chunk) => output.write(chunk));
        try {
          snapshot.run(() => false);
        } finally {
          snapshot.abandon();
        }
        output.sync();
      } finally {
        output.close();
      }
      files.rename(temporary, this.path);
      files.syncFolder(this.#folder());
    } catch (problem) {
      log.write('warning', `Failed saving the DB: ${(problem as Error).message}`);
      removeQuietly(() => files.remove(temporary));
      return false;
    }
    log.write('notice', 'DB saved on disk');
    this.#server.dirty = 0;
    this.record.lastSaveMs = clock.nowMs();
    this.record.lastStatusOk = true;
    this.#judge();
    return true;
  }

  /** BGSAVE: the instant is now. No other may be in progress. */
  saveInBackground(): void {
    const { clock, files, log } = this.#server;
    const file = new BackgroundFile(files, this.#temporary(), (problem) => {
      file.abandon();
      this.#finished(saving, problem);
    });
    this.record.saves++;
    this.#isScheduled = false;
    this.#lastTryMs = clock.nowMs();
    const saving: Saving = {
      snapshot: this.#snapshot((chunk) => file.push(chunk)),
      file,
      startedMs: clock.nowMs(),
      dirtyAtStart: this.#server.dirty,
      isWalking: true,
    };
    this.#saving = saving;
    log.write('notice', 'Background saving started');
  }

  /** As saveInBackground, as soon as nothing is in the way. */
  schedule(): void {
    this.#isScheduled = true;
  }

  /** Whether a slice has something to do. */
  get isSliceDue(): boolean {
    return this.#saving?.isWalking === true && this.#saving.file.pendingBytes < PENDING_BYTES_MAX;
  }

  /** A slice of the snapshot in progress. */
  slice(): void {
    const { clock } = this.#server;
    const saving = this.#saving!;
    const deadlineUs = clock.monotonicUs() + SLICE_US;
    const isTimeUp = (): boolean =>
      clock.monotonicUs() >= deadlineUs || saving.file.pendingBytes >= PENDING_BYTES_MAX;
    if (!saving.snapshot.run(isTimeUp)) return;
    saving.isWalking = false;
    saving.file.finish(this.#folder(), this.path).then(
      () => this.#finished(saving, undefined),
      (problem: Error) => this.#finished(saving, problem),
    );
  }

  /** Ten times a second: save points, and what was scheduled. */
  tick(nowMs: number): void {
    if (this.#saving !== undefined || this.unavailable !== undefined) return;
    if (this.#isScheduled && this.#mayTry(nowMs)) return this.saveInBackground();
    if (!this.#mayTry(nowMs)) return;
    const { dirty, log } = this.#server;
    const elapsedMs = nowMs - this.record.lastSaveMs;
    const due = this.#points.find(({ changes, seconds }) => dirty >= changes && elapsedMs > seconds * 1000);
    if (due === undefined) return;
    log.write('notice', `${due.changes} changes in ${due.seconds} seconds. Saving...`);
    this.saveInBackground();
  }

  /** FLUSHALL: what is being saved is no longer wanted; with save points the file becomes empty as well. */
  flushedAll(): void {
    this.abandon();
    if (this.hasSavePoints) this.saveInBackground();
  }

  /** Ends a snapshot in progress without a file. */
  abandon(): void {
    const saving = this.#saving;
    if (saving === undefined) return;
    this.#saving = undefined;
    saving.snapshot.abandon();
    saving.file.abandon();
  }

  /**
   * Puts what the snapshot file holds into the databases; undefined if there is no such file.
   * @throws RdbError, or the file system's error.
   */
  load(options: LoadOptions): LoadSummary | undefined {
    const { files } = this.#server;
    if (!files.exists(this.path)) return undefined;
    const file = files.openInput(this.path);
    try {
      const summary = loadRdb(this.#server, file, this.libraries, options);
      this.record.loaded = summary.loaded;
      this.record.expiredAtLoad = summary.expired;
      return summary;
    } finally {
      file.close();
    }
  }

  /** SHUTDOWN and signals: saves if it is wanted. False if that failed. */
  saveAtEnd(isWanted: boolean): boolean {
    this.abandon();
    return !isWanted || this.unavailable !== undefined || this.saveNow();
  }

  #finished(saving: Saving, problem: Error | undefined): void {
    if (this.#saving !== saving) return;
    const { clock, log } = this.#server;
    const { record } = this;
    const nowMs = clock.nowMs();
    this.#saving = undefined;
    record.lastStatusOk = problem === undefined;
    record.lastDurationSec = Math.floor((nowMs - saving.startedMs) / 1000);
    if (problem === undefined) {
      this.#server.dirty -= saving.dirtyAtStart;
      record.lastSaveMs = nowMs;
      log.write('notice', 'Background saving terminated with success');
    } else {
      saving.snapshot.abandon();
      log.write('warning', `Background saving error: ${problem.message}`);
    }
    this.#judge();
  }

  /** Whether writes are refused because they could be lost. */
  #judge(): void {
    const stops = this.#server.configuration.flag('stop-writes-on-bgsave-error');
    const refuses = stops && this.hasSavePoints && !this.record.lastStatusOk;
    this.#server.refuseWrites(refuses ? DISK_REFUSAL : undefined);
  }

  #mayTry(nowMs: number): boolean {
    return this.record.lastStatusOk || nowMs - this.#lastTryMs > RETRY_MS;
  }

  #snapshot(sink: (chunk: Uint8Array) => void): Snapshot {
    const { configuration } = this.#server;
    const writer = new RdbWriter(
      {
        compresses: configuration.flag('rdbcompression'),
        hasChecksum: configuration.flag('rdbchecksum'),
      },
      sink,
    );
    return new Snapshot(this.#server, writer, this.libraries.sources(), false);
  }

  #folder(): string {
    return this.#server.files.resolve(this.#server.configuration.text('dir'));
  }

  /** Never the same twice: one that was given up may still be being written. */
  #temporary(): string {
    return `${this.#folder()}/temp-${this.#server.process.pid}-${this.record.saves}.rdb`;
  }
}

function removeQuietly(remove: () => void): void {
  try {
    remove();
  } catch {
    // It was never made.
  }
}
