/**
 * What the arena keyspace asks of an index: key hashes to record addresses. Two implementations, `segmentedIndex.ts` and
 * `cacheLineIndex.ts`; a process holds one.
 *
 * A Ref is the index's own name of a place that holds an address. Records move without changing their Ref (`setAddress`); `insert` and
 * `remove` may change every other Ref.
 */
import type { GrowthTimer } from '../growthTimer.ts';
import type { Ref } from '../keyspace.ts';

/** What an index asks of whoever holds the records. */
export interface RecordKeys {
  /** Hash of the key of the record at `address`. */
  hashOf(address: number): number;
  /** True if that key is the bytes [start, end) of `buffer`. */
  hasKey(address: number, buffer: Uint8Array, start: number, end: number): boolean;
}

export interface RecordIndex {
  /** Most records one insertion or removal has moved so far: what a test of bounded growth looks at. */
  readonly movedMax: number;
  /** Bytes charged: places, taken or not, and the directory. */
  memoryBytes(): number;
  /** Of that, one entry's share, averaged over growth. */
  readonly bytesPerEntryMean: number;

  /** Place of the key [start, end) of `buffer`, whose hash is `hash`; 0 if absent. The index must not be empty. */
  find(hash: number, buffer: Uint8Array, start: number, end: number): Ref;
  /** First place behind `after` (0: from the start) whose record has this hash; 0 if there is none. The index must not be empty. */
  findHash(hash: number, after: Ref): Ref;
  address(ref: Ref): number;
  setAddress(ref: Ref, address: number): void;
  /** Takes in a record whose key is not in the index yet. */
  insert(hash: number, address: number): Ref;
  /** The record must still be readable at its address. */
  remove(ref: Ref): void;

  /** See Keyspace.scan. */
  scan(cursor: number, budget: number, visit: (ref: Ref) => void): number;
  /** Visits all whose hash, as an unsigned number, is from `from` on and below the number returned: one segment or region. */
  walk(from: number, visit: (ref: Ref) => void): number;
  /** Any entry, 0 if there is none; close to uniform. `uniform()` is in [0, 1). */
  random(uniform: () => number): Ref;
  /**
   * Forgets about `budget` entries and gives their memory back to the pool, a few hundred at a time, from `from` on (0 at first), each
   * visited before. Returns where to go on; 0 once all are forgotten, before which the index is good for nothing else.
   */
  dismantle(from: number, budget: number, visit: (ref: Ref) => void): number;
  /** Forgets all at once, where the pool serves no other index: it goes whole. */
  forget(): void;
}

/** Memory for indexes. One pool serves one index, or all those of a shard's collections. */
export interface IndexPool {
  createIndex(keys: RecordKeys): RecordIndex;
}

/** @param growth of the indexes that the pool makes. */
export type CreateIndexPool = (growth: GrowthTimer) => IndexPool;
