/**
 * All databases of a shard as they were when this was made, written in slices. `keyspaceSnapshot.ts` has how one database
 * stays what it was. SWAPDB needs no care: a snapshot belongs to a keyspace, wherever that goes.
 */
import { idleSec, lfuDecayed } from '../../keyspace/access.ts';
import type { Keyspace, Ref } from '../../keyspace/keyspace.ts';
import { REDIS_VERSION_COMPATIBLE, type ServerState } from '../../serverState.ts';
import type { EntryAccess } from '../rdb/rdbWriter.ts';
import type { EntryWriter } from './entryWriter.ts';
import { KeyspaceSnapshot } from './keyspaceSnapshot.ts';

export interface SnapshotPurpose {
  /** It is to be the base of an append-only file. */
  readonly isBase: boolean;
  /** Changes may come before it is complete. Where nothing can, another one may be in progress. */
  readonly goesOn: boolean;
}

export class Snapshot {
  readonly #server: ServerState;
  readonly #writer: EntryWriter;
  readonly #parts: KeyspaceSnapshot[] = [];
  readonly keysTotal: number;
  keysWritten = 0;

  /**
   * The instant is now.
   * @param libraries sources of functions.
   */
  constructor(
    server: ServerState,
    writer: EntryWriter,
    libraries: readonly Uint8Array[],
    { goesOn, isBase }: SnapshotPurpose,
  ) {
    this.#server = server;
    this.#writer = writer;
    const filled = server.databases.filter(({ keyspace }) => keyspace.count > 0);
    this.keysTotal = filled.reduce((sum, { keyspace }) => sum + keyspace.count, 0);
    writer.header([
      ['redis-ver', REDIS_VERSION_COMPATIBLE],
      ['redis-bits', '64'],
      ['ctime', String(Math.floor(server.clock.nowMs() / 1000))],
      ['used-mem', String(server.usedMemoryBytes())],
      ['aof-base', isBase ? '1' : '0'],
    ]);
    for (const library of libraries) writer.library(library);
    for (const { index, keyspace } of filled) writer.sizes(index, keyspace.count, keyspace.expiringCount);
    const isReading = goesOn ? (): boolean => server.context.entry?.isReadonly ?? false : undefined;
    for (const { index, keyspace } of filled)
      this.#parts.push(
        new KeyspaceSnapshot(keyspace, (from, ref) => this.#write(index, from, ref), isReading),
      );
  }

  /** Goes on until `isTimeUp`, which is asked every few entries. Returns true once everything is with the writer. */
  run(isTimeUp: () => boolean): boolean {
    for (const part of this.#parts) if (!part.run(isTimeUp)) return false;
    this.#writer.end();
    return true;
  }

  /** What has not been written yet never will be. */
  abandon(): void {
    for (const part of this.#parts) part.stop();
  }

  #write(database: number, keyspace: Keyspace, ref: Ref): void {
    this.keysWritten++;
    this.#writer.entry(database, keyspace, ref, this.#access(keyspace, ref));
  }

  /** What the eviction policy wants to know after a restart. */
  #access(keyspace: Keyspace, ref: Ref): EntryAccess | undefined {
    const { clock, configuration, lfu, lfuDecayMinutes } = this.#server;
    if (lfu) return { frequency: lfuDecayed(keyspace.access(ref), clock.nowMs(), lfuDecayMinutes) & 0xff };
    if (configuration.text('maxmemory-policy').includes('lru'))
      return { idleSec: idleSec(keyspace.access(ref), clock.nowMs()) };
    return undefined;
  }
}
