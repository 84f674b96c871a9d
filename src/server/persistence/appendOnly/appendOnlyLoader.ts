/**
 * Runs what an append-only file holds: its base, then its increments.
 *
 * Nothing expires meanwhile, or a command would find less than it found when it was written: the clock of the databases stands at 0. But for commands of
 * streams, which keep times: they have the real one.
 */
import type { InputFile } from '../../../ports/files.ts';
import type { Client } from '../../clients/client.ts';
import { NO_LINK } from '../../clients/noLink.ts';
import type { Arguments } from '../../commands/arguments.ts';
import type { CommandEntry } from '../../commands/commandTable.ts';
import { lruClock } from '../../keyspace/access.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import type { ServerState } from '../../serverState.ts';
import type { LibraryStore } from '../libraries.ts';
import { loadRdb } from '../rdb/rdbLoader.ts';
import { isRdb, RdbError } from '../rdb/rdbReader.ts';
import { CommandReader } from './commandReader.ts';

/** The file cannot be loaded; the text says where and what to do. */
export class AppendOnlyError extends Error {
  readonly code = 'AOF';
}

/** What the reading of one part needs of the shard. */
export interface CommandRunner {
  find(args: Arguments): CommandEntry | undefined;
  /** Runs it; what it answers is dropped. */
  run(client: Client, entry: CommandEntry, args: Arguments): void;
}

export class AppendOnlyLoader {
  readonly #server: ServerState;
  readonly #runner: CommandRunner;
  readonly #libraries: LibraryStore;
  readonly #client: Client;
  readonly #nowMs: number;

  constructor(server: ServerState, runner: CommandRunner, libraries: LibraryStore) {
    this.#server = server;
    this.#runner = runner;
    this.#libraries = libraries;
    this.#nowMs = server.clock.nowMs();
    this.#client = server.clients.outsider(NO_LINK, this.#nowMs);
    this.#client.isObeyed = true;
  }

  /**
   * Loads one part.
   * @param isLast whether it may end within a command (aof-load-truncated): it is cut off there. @returns its bytes.
   * @throws AppendOnlyError
   */
  load(path: string, isLast: boolean): number {
    const { configuration, files, log } = this.#server;
    const file = files.openInput(path);
    this.#client.dbIndex = 0;
    let truncateTo: number | undefined;
    try {
      truncateTo = this.#run(path, file);
    } finally {
      file.close();
    }
    if (truncateTo === undefined) return file.sizeBytes;
    if (!isLast || !configuration.flag('aof-load-truncated'))
      throw new AppendOnlyError(
        `${path} ends within a command (at byte ${truncateTo}); ${isLast ? "set 'aof-load-truncated yes' to start with what is before it" : 'only the last part may'}`,
      );
    log.write('warning', `${path} ends within a command: cut off at byte ${truncateTo}`);
    files.truncate(path, truncateTo);
    return truncateTo;
  }

  /** After the last part: what was loaded is as new. */
  finish(): void {
    const { databases, lfu } = this.#server;
    this.#server.context.nowMs = this.#nowMs;
    if (lfu) return;
    const word = lruClock(this.#nowMs);
    for (const { keyspace } of databases) {
      let cursor = 0;
      do cursor = keyspace.scan(cursor, 1000, (ref) => keyspace.setAccess(ref, word));
      while (cursor !== 0);
    }
  }

  /** Where the file is to be cut off, undefined if it is whole. */
  #run(path: string, file: InputFile): number | undefined {
    const reader = new CommandReader(file, this.#preamble(path, file));
    let queue: { entry: CommandEntry; args: Arguments }[] | undefined;
    /** Before the MULTI that has no EXEC yet. */
    let validUpTo = reader.offset;
    for (;;) {
      const offset = reader.offset;
      if (queue === undefined) validUpTo = offset;
      const next = reader.next();
      if (next === 'end' && queue === undefined) return undefined;
      if (next === 'end' || next === 'truncated') return validUpTo;
      if (next === 'damaged')
        throw new AppendOnlyError(
          `${path} is damaged at byte ${offset}: no command begins there; make a copy, then see what 'evenkeel check aof' says of it`,
        );
      const { args } = reader;
      const entry = this.#runner.find(args);
      if (entry?.execute === undefined || args.count < entry.arityMin || args.count > entry.arityMax)
        throw new AppendOnlyError(
          `${path} has a command at byte ${offset} that cannot be run here: '${args.text(0).slice(0, 64)}'`,
        );
      if (entry.fullName === 'multi') {
        queue = [];
      } else if (entry.fullName === 'exec') {
        for (const each of queue ?? []) this.#execute(each.entry, each.args);
        queue = undefined;
      } else if (queue !== undefined) queue.push({ entry, args: args.detached() });
      else this.#execute(entry, args);
    }
  }

  #execute(entry: CommandEntry, args: Arguments): void {
    this.#server.context.nowMs = this.#clockFor(entry, args);
    this.#runner.run(this.#client, entry, args);
  }

  #clockFor(entry: CommandEntry, args: Arguments): number {
    if (!entry.spec.categories.includes('stream') || args.count < 3) return 0;
    const key = entry.parent === undefined ? 1 : 2;
    const { keyspace } = this.#server.databases[this.#client.dbIndex]!;
    const ref = keyspace.find(args.buffer, args.starts[key]!, args.ends[key]!);
    const expireAtMs = ref === 0 ? NO_EXPIRY : keyspace.expireAtMs(ref);
    return expireAtMs === NO_EXPIRY || expireAtMs > this.#nowMs ? this.#nowMs : 0;
  }

  /** Loads the snapshot that the file begins with, if it does; where commands begin. */
  #preamble(path: string, file: InputFile): number {
    const start = new Uint8Array(5);
    if (file.read(start, 0) < start.length || !isRdb(start)) return 0;
    try {
      return loadRdb(this.#server, file, this.#libraries, { merges: false, keepsExpired: true }).bytes;
    } catch (problem) {
      if (problem instanceof RdbError) throw new AppendOnlyError(`${path}: ${problem.message}`);
      throw problem;
    }
  }
}
