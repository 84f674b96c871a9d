/**
 * Snapshots of a shard: when they are made, of what, and what is known of the last ones.
 *
 *   SAVE, SHUTDOWN, DEBUG RELOAD    at once, holding the loop until the file is safe
 *   BGSAVE, save points             in slices beside the requests (`snapshot/`), the file written off the loop
 *
 * A save that failed leaves the old file as it was.
 */
import type { ServerState } from '../serverState.ts';
import { AppendOnly } from './appendOnly/appendOnly.ts';
import type { CommandRunner } from './appendOnly/appendOnlyLoader.ts';
import { RestoreWriter } from './appendOnly/restoreWriter.ts';
import { type LibraryStore, librariesOf } from './libraries.ts';
import { type LoadOptions, type LoadSummary, loadRdb } from './rdb/rdbLoader.ts';
import { RdbWriter } from './rdb/rdbWriter.ts';
import { parseSavePoints, type SavePoint } from './savePoints.ts';
import { BackgroundSnapshot } from './snapshot/backgroundSnapshot.ts';
import { Snapshot, type SnapshotPurpose } from './snapshot/snapshot.ts';

/** After a failure nothing is tried by itself for so long. */
const RETRY_MS = 5000;

const DISK_REFUSAL =
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error.";

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
  readonly background: BackgroundSnapshot;
  readonly appendOnly: AppendOnly;
  #isScheduled = false;
  #lastTryMs = Number.NEGATIVE_INFINITY;

  /** @param unavailable why this server keeps nothing. @param runner runs commands that an append-only file holds. */
  constructor(server: ServerState, unavailable: string | undefined, runner: CommandRunner) {
    this.#server = server;
    this.unavailable = unavailable;
    this.background = new BackgroundSnapshot(server);
    this.record = {
      lastSaveMs: server.identity.startedMs,
      lastStatusOk: true,
      lastDurationSec: -1,
      saves: 0,
      loaded: 0,
      expiredAtLoad: 0,
    };
    this.libraries = librariesOf(() => server.functions);
    this.appendOnly = new AppendOnly(server, this, runner);
    const follow = (): void => {
      this.#points = parseSavePoints(server.configuration.text('save'));
      this.judge();
    };
    server.configuration.onChange('save', follow);
    server.configuration.onChange('stop-writes-on-bgsave-error', follow);
    follow();
  }

  /** Whether BGSAVE or a save point is at work. */
  get isSaving(): boolean {
    return this.background.kind === 'snapshot';
  }

  get hasSavePoints(): boolean {
    return this.#points.length > 0 && this.unavailable === undefined;
  }

  /** Where the snapshot lies. */
  get path(): string {
    return `${this.folder}/${this.#server.configuration.text('dbfilename')}`;
  }

  /**
   * Before anybody may connect: loads what the last process left, and begins to write if there is an append-only file.
   * @throws an Error whose text names the file, the reason and the place.
   */
  start(): void {
    const { clock, configuration, files, log } = this.#server;
    if (this.unavailable !== undefined) {
      if (configuration.flag('appendonly')) throw new Error(`an append-only file: ${this.unavailable}`);
      if (files.exists(this.path)) log.write('warning', `${this.path} is not loaded: ${this.unavailable}`);
      configuration.onChange('appendonly', () =>
        configuration.flag('appendonly') ? this.unavailable : undefined,
      );
      return;
    }
    const startMs = clock.nowMs();
    if (configuration.flag('appendonly')) {
      this.appendOnly.start(this.appendOnly.load());
    } else {
      const summary = this.#loadFile();
      if (summary !== undefined)
        log.write(
          'notice',
          `DB loaded from disk: ${summary.loaded} keys in ${((clock.nowMs() - startMs) / 1000).toFixed(3)} seconds`,
        );
    }
    this.#server.dirty = 0;
    this.appendOnly.followConfiguration();
  }

  #loadFile(): LoadSummary | undefined {
    try {
      return this.load({ merges: false, keepsExpired: false });
    } catch (problem) {
      throw new Error(`${this.path}: ${(problem as Error).message}`);
    }
  }

  /** SAVE. False if that failed: the log has why. */
  saveNow(): boolean {
    const { clock, files, log } = this.#server;
    const temporary = this.#temporary();
    this.record.saves++;
    try {
      const output = files.openOutput(temporary, 'truncate');
      try {
        const snapshot = this.snapshot((chunk) => output.write(chunk), { isBase: false, goesOn: false });
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
      files.syncFolder(this.folder);
    } catch (problem) {
      log.write('warning', `Failed saving the DB: ${(problem as Error).message}`);
      removeQuietly(() => files.remove(temporary));
      return false;
    }
    log.write('notice', 'DB saved on disk');
    this.#server.dirty = 0;
    this.record.lastSaveMs = clock.nowMs();
    this.record.lastStatusOk = true;
    this.judge();
    return true;
  }

  /** BGSAVE: the instant is now. Nothing else may be in progress. */
  saveInBackground(): void {
    const { clock, log } = this.#server;
    this.record.saves++;
    this.#isScheduled = false;
    this.#lastTryMs = clock.nowMs();
    const dirtyAtStart = this.#server.dirty;
    const startedMs = clock.nowMs();
    this.background.start({
      kind: 'snapshot',
      temporary: this.#temporary(),
      begin: (sink) => this.snapshot(sink, { isBase: false, goesOn: true }),
      publish: (file) => file.finish(this.folder, this.path),
      finished: (problem) => this.#finished(problem, startedMs, dirtyAtStart),
    });
    log.write('notice', 'Background saving started');
  }

  /** As saveInBackground, as soon as nothing is in the way. */
  schedule(): void {
    this.#isScheduled = true;
  }

  /** Ten times a second: save points, and what was scheduled. */
  tick(nowMs: number): void {
    if (this.unavailable !== undefined) return;
    this.appendOnly.tick(nowMs);
    if (this.background.kind !== undefined) return;
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
    if (this.isSaving) this.background.abandon();
    if (!this.hasSavePoints) return;
    if (this.background.kind === undefined) this.saveInBackground();
    else this.schedule();
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

  /** Once nobody is connected any more. Resolves when everything that was promised is durable. */
  close(): Promise<void> {
    return this.appendOnly.close();
  }

  /** SHUTDOWN and signals: saves if it is wanted. False if that failed. */
  saveAtEnd(isWanted: boolean): boolean {
    if (this.unavailable !== undefined) return true;
    this.background.abandon();
    if (isWanted && !this.saveNow()) return false;
    return true;
  }

  #finished(problem: Error | undefined, startedMs: number, dirtyAtStart: number): void {
    const { clock, log } = this.#server;
    const { record } = this;
    const nowMs = clock.nowMs();
    record.lastStatusOk = problem === undefined;
    record.lastDurationSec = Math.floor((nowMs - startedMs) / 1000);
    if (problem === undefined) {
      this.#server.dirty -= dirtyAtStart;
      record.lastSaveMs = nowMs;
      log.write('notice', 'Background saving terminated with success');
    } else {
      log.write('warning', `Background saving error: ${problem.message}`);
    }
    this.judge();
  }

  /** Whether writes are refused because they could be lost. */
  judge(): void {
    const stops = this.#server.configuration.flag('stop-writes-on-bgsave-error');
    const refuses = stops && this.hasSavePoints && !this.record.lastStatusOk;
    this.#server.refuseWrites(refuses ? DISK_REFUSAL : this.appendOnly.refusal);
  }

  #mayTry(nowMs: number): boolean {
    return this.record.lastStatusOk || nowMs - this.#lastTryMs > RETRY_MS;
  }

  /** All there is now. */
  snapshot(sink: (chunk: Uint8Array) => void, purpose: SnapshotPurpose): Snapshot {
    const { configuration } = this.#server;
    const compresses = configuration.flag('rdbcompression');
    const writer =
      purpose.isBase && !configuration.flag('aof-use-rdb-preamble')
        ? new RestoreWriter(compresses, sink)
        : new RdbWriter({ compresses, hasChecksum: configuration.flag('rdbchecksum') }, sink);
    return new Snapshot(this.#server, writer, this.libraries.sources(), purpose);
  }

  /** Absolute path of the working folder. */
  get folder(): string {
    return this.#server.files.resolve(this.#server.configuration.text('dir'));
  }

  /** Never the same twice: one that was given up may still be being written. */
  #temporary(): string {
    return `${this.folder}/temp-${this.#server.process.pid}-${this.record.saves}.rdb`;
  }
}

function removeQuietly(remove: () => void): void {
  try {
    remove();
  } catch {
    // It was never made.
  }
}
