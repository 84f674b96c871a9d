/**
 * The one interface behind which keys live: byte-string keys to entries with a type, a value, an expiry and an access word.
 * Implementations are `index/mapKeyspace.ts`, itself made of parts that have variants, and `index/arenaKeyspace.ts`; a process holds
 * one. The same interface holds the fields of a large hash (entries of type string).
 *
 * A `Ref` names an entry between two changes of the keyspace: any put, remove, clear or resize may invalidate refs other than
 * the one it returns. `find` does not look at the expiry: Database does.
 */
import type { Rng } from '../../ports/rng.ts';
import type { Disposal } from './release/disposal.ts';

/** Names an entry; 0 is "no such entry". */
export type Ref = number;

/** No expiry. Expiries are absolute, milliseconds since the Unix epoch, non-negative. */
export const NO_EXPIRY = -1;

/** Value types, as stored in records (3 bits). */
export const ValueType = { string: 0, list: 1, set: 2, zset: 3, hash: 4, stream: 5 } as const;
export type ValueTypeId = (typeof ValueType)[keyof typeof ValueType];
/** By id, as TYPE prints them. */
export const VALUE_TYPE_NAMES = ['string', 'list', 'set', 'zset', 'hash', 'stream'] as const;

/** A value that is not a string: hash, list, ... Lives on the JavaScript heap or in a keyspace of its own. */
export interface Collection {
  readonly type: ValueTypeId;
  /** As OBJECT ENCODING prints it. */
  encoding(): string;
  /** Bytes charged to this value, structure included. */
  memoryBytes(): number;
  /** An independent copy (COPY). */
  duplicate(): Collection;
  /** Called when it comes to stand under a key: from now on its bytes are on the factory's account, at every moment. */
  adopt(): void;
  /** Called when it leaves its key but lives on (RENAME, MOVE): its bytes are on no account until it is adopted again. */
  disown(): void;
  /** Called once when nobody needs it any more: disowns it and frees memory that the garbage collector does not see. */
  release(): void;
}

/**
 * Hears of a change to a keyspace before it happens: whoever needs things as they were (a snapshot in progress). Every method that changes
 * an entry calls it; who changes a collection that it got earlier calls it himself.
 */
export interface KeyspaceWatcher {
  /** The entry's value or expiry is about to change, or the entry to go. */
  changing(ref: Ref): void;
  /** The entry's collection is handed out and may be changed in place. */
  handingOut(ref: Ref): void;
  /** The entry was not there before. Called after its insertion. */
  created(ref: Ref): void;
  /** All entries are about to go. */
  clearing(): void;
}

export interface Keyspace {
  /** Undefined while nobody needs to know: what it costs then is one look for each change. */
  watcher: KeyspaceWatcher | undefined;
  /** Entries held, expired but not yet removed ones included. */
  readonly count: number;
  /** Entries with an expiry. */
  readonly expiringCount: number;
  /** Bytes charged: records, index, slack of their allocation; collections by their own account are not in it. */
  memoryBytes(): number;
  /** Of that, what finds entries and is no part of one. */
  indexBytes(): number;

  find(buffer: Uint8Array, start: number, end: number): Ref;

  /**
   * 32 bits that lead back to the entry as long as it is there, whatever else changes: for those who remember many entries cheaply.
   * Other entries may share it, and after a removal others may get it: what is found must be checked.
   */
  handleOf(ref: Ref): number;
  /** The first entry with this handle behind `after`, or from the start if that is 0; 0 if there is none (any more). */
  findByHandle(handle: number, after: Ref): Ref;

  type(ref: Ref): ValueTypeId;
  keyLength(ref: Ref): number;
  /** Copies the key to `target` at `at`, which must have room. */
  copyKey(ref: Ref, target: Uint8Array, at: number): void;
  /** The key as a fresh array. */
  keyBytes(ref: Ref): Uint8Array;
  /** Absolute ms, or NO_EXPIRY. */
  expireAtMs(ref: Ref): number;
  /** Keeps or drops the expiry in place; the ref stays valid. */
  setExpireAt(ref: Ref, expireAtMs: number): void;
  /** 24-bit access word (LRU clock or LFU counter), meaning given by `access.ts`. */
  access(ref: Ref): number;
  setAccess(ref: Ref, word: number): void;
  /** Bytes charged to this entry: key, value, header, slack, its share of the index; a collection's own bytes included. */
  entryMemoryBytes(ref: Ref): number;

  /** String entries and packed collections only, as all below that name strings. */
  stringLength(ref: Ref): number;
  /** Copies value bytes [from, to) to `target` at `at`. */
  copyString(ref: Ref, from: number, to: number, target: Uint8Array, at: number): void;
  /** The value bytes in place or as a copy: read-only, valid until the next change. */
  stringView(ref: Ref): Uint8Array;
  /** True for a string that Redis would hold as `raw` whatever its length (built by APPEND, SETRANGE, SETBIT). */
  isRaw(ref: Ref): boolean;

  /** Inserts or replaces the whole entry by a string of bytes [valueStart, valueEnd) of `value`. Value may alias nothing here. */
  putString(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
    raw: boolean,
  ): Ref;
  /**
   * As putString for a collection in its packed form: the entry has this type, not string, and its value is bytes. `stringLength`,
   * `stringView`, `copyString` and `replaceString` (with `raw`) are for it as for strings; `collection` is not.
   */
  putPacked(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    type: ValueTypeId,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): Ref;
  /** True if the entry is a collection in its packed form. */
  isPacked(ref: Ref): boolean;
  /** Replaces a string entry's value, keeping key, expiry and access word. `value` must not alias storage. */
  replaceString(ref: Ref, value: Uint8Array, valueStart: number, valueEnd: number, raw: boolean): void;
  /** Sets a string entry's length, new bytes zero; marks it raw. */
  resizeString(ref: Ref, length: number): void;
  /** Overwrites value bytes from `at` on; the length must suffice. */
  writeString(ref: Ref, at: number, bytes: Uint8Array, start: number, end: number): void;

  collection(ref: Ref): Collection;
  /** Inserts or replaces the whole entry by a collection, which is adopted. The replaced collection, if any, is released. */
  putCollection(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Collection,
    expireAtMs: number,
  ): Ref;

  /** Removes the entry; a collection is released. */
  remove(ref: Ref): void;
  /** Removes the entry and hands its collection over, disowned but not released (RENAME, MOVE); undefined for a string or packed. */
  detach(ref: Ref): Collection | undefined;

  /**
   * Visits about `budget` entries from `cursor` on and returns the next cursor, 0 at the end. Every entry present from the
   * first call (cursor 0) to the last is visited at least once, however the keyspace grows or shrinks between the calls.
   * The visitor must not change the keyspace. Cursors are integers below 2^53; any other number is taken as 0.
   */
  scan(cursor: number, budget: number, visit: (ref: Ref) => void): number;
  /**
   * Visits all entries whose `walkPosition` is `from` or more and less than the number returned, which is where to go on (infinite at the
   * end): some hundreds. Neither growth nor other entries change a position, so a walk sees each entry exactly once.
   */
  walk(from: number, visit: (ref: Ref) => void): number;
  walkPosition(ref: Ref): number;
  /** A random entry, 0 if empty. Close to uniform. */
  random(rng: Rng): Ref;
  /** Empties it; collections are released. */
  clear(): void;
  /**
   * As clear in steps of about `budget` entries, for when nobody reads it any more: from `cursor` on (0 at first), the next one
   * returned, 0 once it is empty. What can be dropped whole is.
   */
  releaseSome(cursor: number, budget: number): number;
}

/** Makes the keyspaces of one shard, and keeps the account of the collections in them. */
export interface KeyspaceFactory {
  /** For a database: storage of its own, dropped whole by `clear`. */
  createDatabase(): Keyspace;
  /** For the fields of a large hash: storage shared with the other collections. */
  create(): Keyspace;
  /** Bytes held by record storage, of databases and collections, free parts included. */
  reservedBytes(): number;
  /**
   * Bytes of all collections that stand under a key: the sum of their `memoryBytes()`, kept and not computed. Together with the
   * databases' own `memoryBytes()` this is what maxmemory compares.
   */
  collectionsBytes(): number;
  /** Takes over collections that are released; set once, by whoever assembles the shard. */
  disposal: Disposal;
  /** For adopted collections: so many bytes more, or less, are theirs. */
  charge(deltaBytes: number): void;
}
