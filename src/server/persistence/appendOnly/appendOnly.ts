/**
 * The append-only file as a whole: a base, increments, the manifest that lists them, and the rewriting that makes a new base.
 *
 * A rewrite first makes room for what is to come: an increment that the manifest knows, still empty. Then, in one moment, commands go there and the snapshot
 * that will be the base begins. A crash at any point finds a manifest whose files, one after the other, hold everything.
 */

import { fromLatin1 } from '../../../base/bytes.ts';
import { Propagation } from '../../propagation/propagation.ts';
import type { ServerState } from '../../serverState.ts';
import type { Persistence } from '../persistence.ts';
import { AppendOnlyFile, type SyncPolicy } from './appendOnlyFile.ts';
import { AppendOnlyError, AppendOnlyLoader, type CommandRunner } from './appendOnlyLoader.ts';
import {
  EMPTY_MANIFEST,
  formatManifest,
  type Manifest,
  type ManifestFile,
  parseManifest,
} from './manifest.ts';

/** After a failure nothing is tried by itself for so long. */
const RETRY_MS = 5000;

export class AppendOnly {
  readonly #server: ServerState;
  readonly #persistence: Persistence;
  readonly #runner: CommandRunner;
  #manifest: Manifest = EMPTY_MANIFEST;
  #file: AppendOnlyFile | undefined;
  /** Of the files before the one that is being written. */
  #olderBytes = 0;
  /** Size after the last rewrite, or at the start. */
  #baseBytes = 0;
  #isScheduled = false;
  /** A rewrite prepares its increment. */
  #isPreparing = false;
  /** On, but what is on disk does not hold the data yet: it was switched on while the server ran. */
  #needsBase = false;
  #lastOk = true;
  #lastDurationSec = -1;
  #rewrites = 0;
  #failures = 0;
  #lastTryMs = Number.NEGATIVE_INFINITY;
  #manifestWritten: Promise<void> = Promise.resolve();

  constructor(server: ServerState, persistence: Persistence, runner: CommandRunner) {
    this.#server = server;
    this.#persistence = persistence;
    this.#runner = runner;
  }

  get isOn(): boolean {
    return this.#file !== undefined;
  }

  /** What writes are answered while they could be lost. */
  get refusal(): string | undefined {
    const failure = this.#file?.failure;
    return failure === undefined ? undefined : `MISCONF Errors writing to the AOF file: ${failure}`;
  }

  /**
   * Before anybody may connect: loads what is there. @returns whether there was anything.
   * @throws AppendOnlyError, ManifestError, or the file system's error.
   */
  load(): boolean {
    const { files, log } = this.#server;
    if (files.exists(this.#path(this.#manifestName))) {
      this.#manifest = parseManifest(files.readText(this.#path(this.#manifestName)));
    } else if (!this.#adoptOldFile()) {
      return false;
    }
    const { base, increments } = this.#manifest;
    const parts = [...(base === undefined ? [] : [base]), ...increments];
    const loader = new AppendOnlyLoader(this.#server, this.#runner, this.#persistence.libraries);
    const sizes = parts.map(({ name }) => this.#sizeOf(name));
    try {
      parts.forEach(({ name }, i) => {
        // A rewrite may have got no further than to make the next increment.
        const isLast = sizes.slice(i + 1).every((bytes) => bytes === 0);
        sizes[i] = loader.load(this.#path(name), isLast);
      });
    } finally {
      loader.finish();
    }
    this.#baseBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
    this.#olderBytes = this.#baseBytes - (increments.length > 0 ? sizes.at(-1)! : 0);
    log.write('notice', `DB loaded from append only file: ${parts.length} files, ${this.#baseBytes} bytes`);
    return parts.length > 0;
  }

  /** After loading: from now on changes are written. @param hasFiles whether there was anything to load. */
  start(hasFiles: boolean): void {
    if (!hasFiles) this.#makeEmptyBase();
    this.#continueLast();
  }

  /** From now on CONFIG SET is obeyed. */
  followConfiguration(): void {
    const { configuration } = this.#server;
    configuration.onChange('appendonly', () => this.#follow(configuration.flag('appendonly')));
    configuration.onChange('appendfsync', () => {
      if (this.#file !== undefined) this.#file.policy = configuration.text('appendfsync') as SyncPolicy;
    });
  }

  /** DEBUG LOADAOF: the databases are empty. @throws as load. */
  loadAgain(): void {
    const { propagation } = this.#server;
    this.#file?.flush();
    this.#server.propagation = undefined;
    const olderBytes = this.#olderBytes;
    try {
      this.load();
    } finally {
      this.#server.propagation = propagation;
      this.#olderBytes = olderBytes;
    }
  }

  #makeEmptyBase(): void {
    const { files } = this.#server;
    files.makeFolder(this.#folder);
    const base = this.#nextBase();
    const output = files.openOutput(this.#path(base.name), 'truncate');
    this.#persistence.snapshot((chunk) => output.write(chunk), true).run(() => false);
    output.sync();
    output.close();
    this.#manifest = { ...this.#manifest, base };
  }

  /** CONFIG SET appendonly. @returns why it cannot be. */
  #follow(isWanted: boolean): string | undefined {
    if (isWanted === this.isOn) return undefined;
    if (isWanted) {
      try {
        this.#startNew();
      } catch (problem) {
        this.#server.log.write('warning', `appendonly yes: ${(problem as Error).message}`);
        return 'Unable to turn on AOF. Check server logs.';
      }
      this.#needsBase = true;
      this.#isScheduled = true;
    } else {
      this.#isScheduled = false;
      if (this.#persistence.background.kind === 'rewrite') this.#persistence.background.abandon();
      this.#disconnect();
    }
    return undefined;
  }

  /** BGREWRITEAOF. */
  askRewrite(isInTransaction: boolean): 'running' | 'scheduled' | 'started' {
    const { kind } = this.#persistence.background;
    if (kind === 'rewrite' || this.#isPreparing) return 'running';
    this.#failures = 0;
    if (kind !== undefined || isInTransaction) {
      this.#isScheduled = true;
      return 'scheduled';
    }
    this.#rewrite();
    return 'started';
  }

  /** Before the replies of a turn go out. */
  flush(): void {
    this.#file?.flush();
  }

  tick(nowMs: number): void {
    this.#file?.tick(nowMs);
    if (this.#persistence.background.kind !== undefined || this.#isPreparing) return;
    if (this.#failures > 0 && nowMs - this.#lastTryMs < RETRY_MS) return;
    if (this.#isScheduled) return this.#rewrite();
    if (this.#file !== undefined && this.#hasGrown()) {
      this.#server.log.write('notice', 'Starting automatic rewriting of AOF');
      this.#rewrite();
    }
  }

  /** The end of the server. */
  close(): void {
    this.#disconnect();
  }

  infoLines(): string[] {
    const { background } = this.#persistence;
    const isRewriting = background.kind === 'rewrite';
    return [
      `aof_enabled:${this.isOn ? 1 : 0}`,
      `aof_rewrite_in_progress:${isRewriting || this.#isPreparing ? 1 : 0}`,
      `aof_rewrite_scheduled:${this.#isScheduled ? 1 : 0}`,
      `aof_last_rewrite_time_sec:${this.#lastDurationSec}`,
      `aof_current_rewrite_time_sec:${isRewriting ? Math.floor(background.progress!.elapsedMs / 1000) : -1}`,
      `aof_last_bgrewrite_status:${this.#lastOk ? 'ok' : 'err'}`,
      `aof_rewrites:${this.#rewrites}`,
      `aof_rewrites_consecutive_failures:${this.#failures}`,
      `aof_last_write_status:${this.#file?.failure === undefined ? 'ok' : 'err'}`,
      'aof_last_cow_size:0',
    ];
  }

  infoLinesWhenOn(): string[] {
    const file = this.#file;
    if (file === undefined) return [];
    return [
      `aof_current_size:${this.#bytes}`,
      `aof_base_size:${this.#baseBytes}`,
      `aof_pending_rewrite:${this.#isScheduled ? 1 : 0}`,
      `aof_buffer_length:${file.bufferedBytes}`,
      `aof_pending_bio_fsync:${file.isSyncing ? 1 : 0}`,
      `aof_delayed_fsync:${file.delayedSyncs}`,
    ];
  }

  get #bytes(): number {
    return this.#olderBytes + (this.#file?.fileBytes ?? 0);
  }

  get #folder(): string {
    return `${this.#persistence.folder}/${this.#server.configuration.text('appenddirname')}`;
  }

  get #baseName(): string {
    return this.#server.configuration.text('appendfilename');
  }

  get #manifestName(): string {
    return `${this.#baseName}.manifest`;
  }

  /** @throws AppendOnlyError if the file is not there. */
  #sizeOf(name: string): number {
    const { files } = this.#server;
    const path = this.#path(name);
    if (!files.exists(path)) throw new AppendOnlyError(`${path}, which the manifest lists, is not there`);
    const input = files.openInput(path);
    input.close();
    return input.sizeBytes;
  }

  #path(name: string): string {
    return `${this.#folder}/${name}`;
  }

  #nextBase(): ManifestFile {
    const sequence = (this.#manifest.base?.sequence ?? 0) + 1;
    const form = this.#server.configuration.flag('aof-use-rdb-preamble') ? 'rdb' : 'aof';
    return { name: `${this.#baseName}.${sequence}.base.${form}`, sequence };
  }

  #nextIncrement(): ManifestFile {
    const sequence = (this.#manifest.increments.at(-1)?.sequence ?? 0) + 1;
    return { name: `${this.#baseName}.${sequence}.incr.aof`, sequence };
  }

  /** A file of Redis before 7.0 becomes the base. */
  #adoptOldFile(): boolean {
    const { files, log } = this.#server;
    const old = `${this.#persistence.folder}/${this.#baseName}`;
    if (!files.exists(old)) return false;
    files.makeFolder(this.#folder);
    this.#manifest = { ...EMPTY_MANIFEST, base: { name: this.#baseName, sequence: 1 } };
    this.#writeManifest(this.#manifest);
    files.rename(old, this.#path(this.#baseName));
    files.syncFolder(this.#folder);
    files.syncFolder(this.#persistence.folder);
    log.write('notice', `Moved the append-only file ${old} into ${this.#folder}`);
    return true;
  }

  #continueLast(): void {
    let last = this.#manifest.increments.at(-1);
    if (last === undefined) {
      last = this.#nextIncrement();
      this.#manifest = { ...this.#manifest, increments: [last] };
      this.#server.files.openOutput(this.#path(last.name), 'truncate').close();
      this.#writeManifest(this.#manifest);
    }
    this.#connect(last);
  }

  /** An increment that no manifest lists before its base is complete. */
  #startNew(): void {
    const { files } = this.#server;
    files.makeFolder(this.#folder);
    const path = this.#path(this.#manifestName);
    this.#manifest = EMPTY_MANIFEST;
    if (files.exists(path)) this.#manifest = parseManifest(files.readText(path));
    const increment = this.#nextIncrement();
    files.openOutput(this.#path(increment.name), 'truncate').close();
    this.#connect(increment);
  }

  #connect(increment: ManifestFile): void {
    const { configuration } = this.#server;
    const policy = configuration.text('appendfsync') as SyncPolicy;
    this.#file = new AppendOnlyFile(this.#server, this.#path(increment.name), policy, () =>
      this.#persistence.judge(),
    );
    this.#server.propagation = new Propagation(this.#server, this.#file);
    this.#server.appendOnlyFile = this.#file;
    this.#server.keyEvents.closeLanes('propagation', true);
    this.#persistence.judge();
  }

  #disconnect(): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    this.#server.propagation = undefined;
    file.close();
    this.#server.appendOnlyFile = undefined;
    this.#server.keyEvents.closeLanes('propagation', false);
    this.#persistence.judge();
  }

  #hasGrown(): boolean {
    const { configuration } = this.#server;
    const percentage = configuration.number('auto-aof-rewrite-percentage');
    const bytes = this.#bytes;
    if (percentage === 0 || bytes <= configuration.number('auto-aof-rewrite-min-size')) return false;
    const base = this.#baseBytes === 0 ? 1 : this.#baseBytes;
    return (bytes * 100) / base - 100 >= percentage;
  }

  #rewrite(): void {
    this.#isScheduled = false;
    this.#lastTryMs = this.#server.clock.nowMs();
    this.#server.log.write('notice', 'Background append only file rewriting started');
    const file = this.#file;
    if (file === undefined || this.#needsBase) return this.#snapshot(this.#manifest.increments.length);
    this.#isPreparing = true;
    this.#prepare(file).catch((problem: Error) => {
      this.#isPreparing = false;
      this.#finished(problem, this.#lastTryMs);
    });
  }

  async #prepare(file: AppendOnlyFile): Promise<void> {
    const increment = this.#nextIncrement();
    const path = this.#path(increment.name);
    const empty = await this.#server.files.openAppender(path, 'truncate');
    await empty.close();
    const manifest = { ...this.#manifest, increments: [...this.#manifest.increments, increment] };
    await this.#writeManifestLater(manifest);
    if (this.#file !== file) {
      this.#isPreparing = false;
      return;
    }
    file.switchTo(path, (problem, formerBytes) => {
      this.#isPreparing = false;
      if (problem !== undefined) return this.#finished(problem, this.#lastTryMs);
      if (this.#file !== file) return;
      this.#olderBytes += formerBytes;
      const replaced = this.#manifest.increments.length;
      this.#manifest = manifest;
      this.#snapshot(replaced);
    });
  }

  /** @param replaced increments that the new base makes superfluous. */
  #snapshot(replaced: number): void {
    this.#server.files.makeFolder(this.#folder);
    const base = this.#nextBase();
    const startedMs = this.#server.clock.nowMs();
    let manifest = this.#manifest;
    this.#persistence.background.start({
      kind: 'rewrite',
      temporary: `${this.#folder}/temp-rewriteaof-bg-${this.#server.process.pid}-${base.sequence}.aof`,
      begin: (sink) => this.#persistence.snapshot(sink, true),
      publish: async (file) => {
        await file.finish(this.#folder, this.#path(base.name));
        const { increments } = this.#manifest;
        const old = this.#manifest.base;
        const kept =
          this.#needsBase && this.#file !== undefined
            ? [this.#present(increments)]
            : increments.slice(replaced);
        const history = [...(old === undefined ? [] : [old]), ...increments.slice(0, replaced)];
        manifest = { base, increments: kept, history };
        await this.#writeManifestLater(manifest);
      },
      finished: (problem) => {
        if (problem === undefined) this.#manifest = manifest;
        this.#finished(problem, startedMs);
      },
    });
  }

  /** The increment that was begun when this was switched on. */
  #present(increments: readonly ManifestFile[]): ManifestFile {
    const sequence = (increments.at(-1)?.sequence ?? 0) + 1;
    return { name: `${this.#baseName}.${sequence}.incr.aof`, sequence };
  }

  #finished(problem: Error | undefined, startedMs: number): void {
    const { clock, log } = this.#server;
    this.#lastOk = problem === undefined;
    this.#lastDurationSec = Math.floor((clock.nowMs() - startedMs) / 1000);
    if (problem !== undefined) {
      this.#failures++;
      if (this.#needsBase) this.#isScheduled = true;
      log.write('warning', `Background AOF rewrite error: ${problem.message}`);
      return;
    }
    this.#rewrites++;
    this.#failures = 0;
    this.#needsBase = false;
    void this.#removeHistory();
    log.write('notice', 'Background AOF rewrite finished successfully');
  }

  async #removeHistory(): Promise<void> {
    const { files } = this.#server;
    const { base, history } = this.#manifest;
    if (base !== undefined) {
      this.#olderBytes = this.#sizeOf(base.name);
      this.#baseBytes = this.#bytes;
    }
    for (const { name } of history) await files.removeLater(this.#path(name)).catch(() => {});
    const manifest = { ...this.#manifest, history: [] };
    this.#manifest = manifest;
    if (!this.#isPreparing) await this.#writeManifestLater(manifest).catch(() => {});
  }

  #writeManifest(manifest: Manifest): void {
    const { files } = this.#server;
    const temporary = this.#path(`temp-${this.#manifestName}`);
    const output = files.openOutput(temporary, 'truncate');
    output.write(fromLatin1(formatManifest(manifest)));
    output.sync();
    output.close();
    files.rename(temporary, this.#path(this.#manifestName));
    files.syncFolder(this.#folder);
  }

  /** One after the other, in the order of the calls. */
  #writeManifestLater(manifest: Manifest): Promise<void> {
    const written = this.#manifestWritten.then(() => this.#replaceManifest(manifest));
    this.#manifestWritten = written.catch(() => {});
    return written;
  }

  async #replaceManifest(manifest: Manifest): Promise<void> {
    const { files } = this.#server;
    const temporary = this.#path(`temp-${this.#manifestName}`);
    const output = await files.openAppender(temporary, 'truncate');
    try {
      await output.write(fromLatin1(formatManifest(manifest)));
      await output.sync();
    } finally {
      await output.close();
    }
    await files.renameLater(temporary, this.#path(this.#manifestName));
    await files.syncFolderLater(this.#folder);
  }
}
