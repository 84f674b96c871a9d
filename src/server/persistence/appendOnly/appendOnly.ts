/**
 * The append-only file as a whole: a base, increments, the manifest that lists them, and the rewriting that makes a new base.
 *
 * A rewrite first makes room for what is to come: an increment that the manifest knows, still empty. Then, in one moment, commands go there and the snapshot
 * that will be the base begins. A crash at any point finds a manifest whose files, one after the other, hold everything.
 */

import { Propagation } from '../../propagation/propagation.ts';
import type { ServerState } from '../../serverState.ts';
import type { Persistence } from '../persistence.ts';
import { AppendOnlyFile, type SyncPolicy } from './appendOnlyFile.ts';
import { AppendOnlyFolder } from './appendOnlyFolder.ts';
import { AppendOnlyError, AppendOnlyLoader, type CommandRunner } from './appendOnlyLoader.ts';
import { EMPTY_MANIFEST, type Manifest, type ManifestFile } from './manifest.ts';

/** After a failure nothing is tried by itself for so long. */
const RETRY_MS = 5000;

export class AppendOnly {
  readonly #server: ServerState;
  readonly #persistence: Persistence;
  readonly #runner: CommandRunner;
  readonly #folder: AppendOnlyFolder;
  #manifest: Manifest = EMPTY_MANIFEST;
  #file: AppendOnlyFile | undefined;
  /** Of the files before the one that is being written. */
  #olderBytes = 0;
  /** Size after the last rewrite, or at the start. */
  #baseBytes = 0;
  #isScheduled = false;
  /** A rewrite prepares its increment. */
  #isPreparing = false;
  /** Switched on while the server ran: with the snapshot that is to be the base writing begins. */
  #needsBase = false;
  #lastOk = true;
  #lastDurationSec = -1;
  #rewrites = 0;
  #failures = 0;
  #lastTryMs = Number.NEGATIVE_INFINITY;

  constructor(server: ServerState, persistence: Persistence, runner: CommandRunner) {
    this.#server = server;
    this.#persistence = persistence;
    this.#runner = runner;
    this.#folder = new AppendOnlyFolder(server, () => persistence.folder);
  }

  get isOn(): boolean {
    return this.#file !== undefined || this.#needsBase;
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
    const manifest = this.#folder.readManifest() ?? this.#folder.adoptOldFile();
    if (manifest === undefined) return false;
    this.#manifest = manifest;
    const { base, increments } = this.#manifest;
    const parts = [...(base === undefined ? [] : [base]), ...increments];
    const loader = new AppendOnlyLoader(this.#server, this.#runner, this.#persistence.libraries);
    const sizes = parts.map((part) => this.#folder.sizeOf(part));
    try {
      parts.forEach(({ name }, i) => {
        // A rewrite may have got no further than to make the next increment.
        const isLast = sizes.slice(i + 1).every((bytes) => bytes === 0);
        sizes[i] = loader.load(this.#folder.pathOf(name), isLast);
      });
    } finally {
      loader.finish();
    }
    this.#baseBytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
    this.#olderBytes = this.#baseBytes - (increments.length > 0 ? sizes.at(-1)! : 0);
    const { log } = this.#server;
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
    if (this.#file?.isWriting) throw new AppendOnlyError('the file is just being written: try again');
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
    this.#folder.make();
    const base = this.#folder.nextBase(this.#manifest);
    const output = files.openOutput(this.#folder.pathOf(base.name), 'truncate');
    this.#persistence
      .snapshot((chunk) => output.write(chunk), { isBase: true, goesOn: false })
      .run(() => false);
    output.sync();
    output.close();
    this.#manifest = { ...this.#manifest, base };
  }

  /** CONFIG SET appendonly. */
  #follow(isWanted: boolean): void {
    if (isWanted === this.isOn) return;
    this.#isScheduled = isWanted;
    this.#needsBase = isWanted;
    if (isWanted) return;
    if (this.#persistence.background.kind === 'rewrite') this.#persistence.background.abandon();
    void this.close();
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

  /** No more is written. Resolves when what was is durable. */
  async close(): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    this.#server.propagation = undefined;
    this.#server.keyEvents.closeLanes('propagation', false);
    await file.close();
    // Until now replies may have waited for it.
    if (this.#server.appendOnlyFile === file) this.#server.appendOnlyFile = undefined;
    this.#persistence.judge();
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

  #continueLast(): void {
    let last = this.#manifest.increments.at(-1);
    if (last === undefined) {
      last = this.#folder.nextIncrement(this.#manifest);
      this.#manifest = { ...this.#manifest, increments: [last] };
      this.#folder.makeEmpty(last);
      this.#folder.writeManifest(this.#manifest);
    }
    this.#connect(last);
  }

  /** An increment that no manifest lists before its base, which begins now, is complete. */
  #startNew(): void {
    this.#folder.make();
    this.#manifest = this.#folder.readManifest() ?? EMPTY_MANIFEST;
    this.#olderBytes = 0;
    const increment = this.#folder.nextIncrement(this.#manifest);
    this.#folder.makeEmpty(increment);
    this.#connect(increment);
    this.#snapshot(this.#manifest.increments.length, increment);
  }

  #connect(increment: ManifestFile): void {
    const { configuration } = this.#server;
    const policy = configuration.text('appendfsync') as SyncPolicy;
    this.#file = new AppendOnlyFile(this.#server, this.#folder.pathOf(increment.name), policy, () =>
      this.#persistence.judge(),
    );
    this.#server.propagation = new Propagation(this.#server, this.#file);
    this.#server.appendOnlyFile = this.#file;
    this.#server.keyEvents.closeLanes('propagation', true);
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
    try {
      if (this.#needsBase) return this.#startNew();
      if (this.#file === undefined) return this.#snapshot(this.#manifest.increments.length, undefined);
    } catch (problem) {
      return this.#finished(problem as Error, this.#lastTryMs);
    }
    this.#isPreparing = true;
    this.#prepare(this.#file).catch((problem: Error) => {
      this.#isPreparing = false;
      this.#finished(problem, this.#lastTryMs);
    });
  }

  async #prepare(file: AppendOnlyFile): Promise<void> {
    const increment = this.#folder.nextIncrement(this.#manifest);
    const path = this.#folder.pathOf(increment.name);
    const empty = await this.#server.files.openAppender(path, 'truncate');
    await empty.close();
    const manifest = { ...this.#manifest, increments: [...this.#manifest.increments, increment] };
    await this.#folder.writeManifestLater(manifest);
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
      this.#snapshot(replaced, undefined);
    });
  }

  /**
   * @param replaced increments that the new base makes superfluous.
   * @param added one that the manifest does not know yet.
   */
  #snapshot(replaced: number, added: ManifestFile | undefined): void {
    this.#folder.make();
    const { base: old, increments } = this.#manifest;
    const base = this.#folder.nextBase(this.#manifest);
    const manifest: Manifest = {
      base,
      increments: [...increments.slice(replaced), ...(added === undefined ? [] : [added])],
      history: [...(old === undefined ? [] : [old]), ...increments.slice(0, replaced)],
    };
    const startedMs = this.#server.clock.nowMs();
    const { pid } = this.#server.process;
    this.#persistence.background.start({
      kind: 'rewrite',
      temporary: this.#folder.pathOf(`temp-rewriteaof-bg-${pid}-${base.sequence}.aof`),
      begin: (sink) => this.#persistence.snapshot(sink, { isBase: true, goesOn: true }),
      publish: async (file) => {
        await file.finish(this.#folder.path, this.#folder.pathOf(base.name));
        await this.#folder.writeManifestLater(manifest);
      },
      finished: (problem) => {
        if (problem === undefined) this.#manifest = manifest;
        this.#finished(problem, startedMs);
      },
    });
  }

  #finished(problem: Error | undefined, startedMs: number): void {
    const { clock, log } = this.#server;
    this.#lastOk = problem === undefined;
    this.#lastDurationSec = Math.floor((clock.nowMs() - startedMs) / 1000);
    if (problem !== undefined) {
      this.#failures++;
      if (this.#needsBase) {
        // What was written since it began is of no use without it.
        void this.close();
        this.#isScheduled = true;
      }
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
      this.#olderBytes = this.#folder.sizeOf(base);
      this.#baseBytes = this.#bytes;
    }
    for (const { name } of history) await files.removeLater(this.#folder.pathOf(name)).catch(() => {});
    const manifest = { ...this.#manifest, history: [] };
    this.#manifest = manifest;
    if (!this.#isPreparing) await this.#folder.writeManifestLater(manifest).catch(() => {});
  }
}
