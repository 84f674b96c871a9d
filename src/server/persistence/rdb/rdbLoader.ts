/** Puts what a snapshot file holds into the databases. */
import type { InputFile } from '../../../ports/files.ts';
import { Arguments } from '../../commands/arguments.ts';
import { placeValue } from '../../commands/generic/keyTransfer.ts';
import { LRU_CLOCK_MAX, lfuInitial, lruClock } from '../../keyspace/access.ts';
import { NO_EXPIRY, type Ref } from '../../keyspace/keyspace.ts';
import type { ServerState } from '../../serverState.ts';
import type { LibraryStore } from '../libraries.ts';
import { type RdbEntry, RdbError, RdbReader } from './rdbReader.ts';
import type { EntryAccess } from './rdbWriter.ts';

export interface LoadOptions {
  /** What is in the databases already may be overwritten; otherwise a key that is there is an error. */
  readonly merges: boolean;
  /** For the base of an append-only file: a key whose time has come stays, because what follows may name it. */
  readonly keepsExpired: boolean;
}

export interface LoadSummary {
  /** Bytes of the file that the snapshot took. */
  readonly bytes: number;
  readonly loaded: number;
  readonly expired: number;
}

/**
 * Loads keys of this shard; those of others are passed over.
 * @throws RdbError; what came before the damage is in the databases then.
 */
export function loadRdb(
  server: ServerState,
  file: InputFile,
  libraries: LibraryStore,
  { merges, keepsExpired }: LoadOptions,
): LoadSummary {
  const args = new Arguments(1);
  args.push(0, 0);
  const nowMs = server.clock.nowMs();
  // At 0 nothing has expired.
  server.context.nowMs = keepsExpired ? 0 : nowMs;
  let loaded = 0;
  let expired = 0;
  const entry = ({ database, key, value, expireAtMs, access }: RdbEntry): void => {
    if (!server.shard.owns(key, 0, key.length)) return value.collection?.release();
    if (!keepsExpired && expireAtMs !== NO_EXPIRY && expireAtMs < nowMs) {
      value.collection?.release();
      expired++;
      return;
    }
    const db = server.databases[database]!;
    if (!merges && db.holds(key)) {
      value.collection?.release();
      throw new RdbError(-1, `the key '${printable(key)}' is there twice`);
    }
    args.buffer = key;
    args.ends[0] = key.length;
    setAccess(
      server,
      db.keyspace.setAccess.bind(db.keyspace),
      placeValue(db, args, 0, value, expireAtMs),
      access,
    );
    loaded++;
  };
  const bytes = new RdbReader(file, {
    environment: server,
    databases: server.databases.length,
    checks: server.configuration.flag('rdbchecksum'),
  }).read({ entry, library: (source) => libraries.load(source) });
  return { bytes, loaded, expired };
}

/** Idle times count under an LRU policy, frequencies under an LFU one. */
function setAccess(
  server: ServerState,
  set: (ref: Ref, word: number) => void,
  ref: Ref,
  { idleSec, frequency }: EntryAccess,
): void {
  const { nowMs } = server.context;
  if (server.lfu) {
    if (frequency !== undefined) set(ref, (lfuInitial(nowMs) & ~0xff) | frequency);
  } else if (idleSec !== undefined) {
    const word = lruClock(nowMs) - (idleSec % (LRU_CLOCK_MAX + 1));
    set(ref, word < 0 ? word + LRU_CLOCK_MAX + 1 : word);
  }
}

const printable = (key: Uint8Array): string =>
  Buffer.from(key.subarray(0, 64))
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '?');
