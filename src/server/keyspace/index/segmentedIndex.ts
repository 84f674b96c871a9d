/**
 * Flag `cache-line-index`, baseline: extendible hashing (Fagin et al. 1979) over segments of 512 slots with linear probing.
 *
 *   hash (32 bits)   | directory bits ->            ... | tag (8) | home slot (9) |
 *   directory        2^depth entries -> segment number
 *   segment          512 tags: 0 empty, 1 deleted, 2..255 from the hash; 512 record addresses
 *
 * A full segment splits in two by one more hash bit: at most 448 records are looked at (about 40 us), nothing else moves, and
 * there is never a second table. The directory doubles by copying 4 bytes a segment (128 KiB at 10 million keys).
 *
 * Per key: 5 bytes over a load between 0.44 and 0.875, 8.2 on average.
 *
 * SCAN's cursor is a position in hash order: directory bits, then home slot. A key's position never changes, whatever splits
 * or is rebuilt in between, so nothing present throughout can be passed over.
 */
import { assert } from '../../../base/assert.ts';
import type { GrowthTimer } from '../growthTimer.ts';
import type { Ref } from '../keyspace.ts';
import type { CreateIndexPool, RecordIndex, RecordKeys } from './recordIndex.ts';
import {
  CHUNK_SLOT_BITS,
  CHUNK_SLOT_MASK,
  SEGMENT_BITS,
  SEGMENT_BYTES,
  SEGMENT_SLOT_MASK,
  SEGMENT_SLOTS,
  SegmentPool,
} from './segmentPool.ts';

const EMPTY = 0;
const DELETED = 1;
/** Beyond this many taken slots a segment splits or is rebuilt: linear probing gets long beyond 7/8. */
const USED_MAX = 448;
/** A crowded segment with fewer live slots than this is crowded by deleted ones: rebuilt in place. */
const LIVE_TO_SPLIT = 320;
/** Directory bits: 32 less the home slot's. */
const DEPTH_MAX = 32 - SEGMENT_BITS;
const NONE = -1;

/** Average share of a segment's slots that are live, over a doubling. */
const LOAD_MEAN = 0.62;

const tagOf = (hash: number): number => {
  const tag = (hash >>> SEGMENT_BITS) & 0xff;
  return tag < 2 ? tag + 2 : tag;
};

export class SegmentedIndex implements RecordIndex {
  readonly pool: SegmentPool;
  readonly #keys: RecordKeys;
  readonly #growth: GrowthTimer;
  /** The pool's arrays, kept here so that a lookup reaches them in one step. */
  readonly #tags: Uint8Array[];
  readonly #addresses: Int32Array[];
  /** 2^#depth segment numbers. */
  #directory: Int32Array = Int32Array.of(NONE);
  #depth = 0;
  #segments = 0;
  movedMax = 0;
  readonly bytesPerEntryMean = SEGMENT_BYTES / (SEGMENT_SLOTS * LOAD_MEAN);

  constructor(pool: SegmentPool, keys: RecordKeys, growth: GrowthTimer) {
    this.pool = pool;
    this.#keys = keys;
    this.#growth = growth;
    this.#tags = pool.tags;
    this.#addresses = pool.addresses;
  }

  memoryBytes(): number {
    return this.#segments * SEGMENT_BYTES + (this.#segments > 0 ? this.#directory.length * 4 : 0);
  }

  /** Number of the segment for `hash`. */
  #segmentOf(hash: number): number {
    // Two shifts: a shift by 32 would be one by 0.
    return this.#directory[(hash >>> 1) >>> (31 - this.#depth)]!;
  }

  find(hash: number, buffer: Uint8Array, start: number, end: number): Ref {
    const base = this.#segmentOf(hash) << SEGMENT_BITS;
    const chunk = base >>> CHUNK_SLOT_BITS;
    const tags = this.#tags[chunk]!;
    const first = base & CHUNK_SLOT_MASK;
    const tag = tagOf(hash);
    let home = hash & SEGMENT_SLOT_MASK;
    let seen = tags[first + home]!;
    while (seen !== EMPTY) {
      if (seen === tag && this.#keys.hasKey(this.#addresses[chunk]![first + home]!, buffer, start, end))
        return base + home + 1;
      home = (home + 1) & SEGMENT_SLOT_MASK;
      seen = tags[first + home]!;
    }
    return 0;
  }

  findHash(hash: number, after: Ref): Ref {
    const base = this.#segmentOf(hash) << SEGMENT_BITS;
    const tags = this.#tags[base >>> CHUNK_SLOT_BITS]!;
    const start = base & CHUNK_SLOT_MASK;
    const tag = tagOf(hash);
    // A Ref is a slot plus one: the slot behind that of `after`.
    let home = (after === 0 ? hash : after) & SEGMENT_SLOT_MASK;
    for (let seen = tags[start + home]!; seen !== EMPTY; seen = tags[start + home]!) {
      const ref = base + home + 1;
      if (seen === tag && this.#keys.hashOf(this.address(ref)) === hash) return ref;
      home = (home + 1) & SEGMENT_SLOT_MASK;
    }
    return 0;
  }

  /** Splits or rebuilds the record's segment first if that is crowded. */
  insert(hash: number, address: number): Ref {
    if (this.#segments === 0) this.#makeFirst();
    let segment = this.#segmentOf(hash);
    if (this.pool.used[segment]! >= USED_MAX) segment = this.#makeRoom(segment, hash);
    return this.#place(segment, hash, address) + 1;
  }

  #makeFirst(): void {
    const startUs = this.#growth.start();
    this.#directory[0] = this.#newSegment(0, 0);
    this.#growth.stop(startUs, 0);
  }

  /** Splits or rebuilds the crowded segment for `hash`; returns the one with room that is for it then. */
  #makeRoom(crowded: number, hash: number): number {
    const startUs = this.#growth.start();
    let moved = 0;
    let segment = crowded;
    do {
      const live = this.pool.live[segment]!;
      if (live < LIVE_TO_SPLIT) this.#rebuild(segment);
      else this.#split(segment);
      moved += live;
      segment = this.#segmentOf(hash);
    } while (this.pool.used[segment]! >= USED_MAX);
    this.#growth.stop(startUs, moved);
    return segment;
  }

  #place(segment: number, hash: number, address: number): number {
    const base = segment << SEGMENT_BITS;
    const tags = this.pool.tags[base >>> CHUNK_SLOT_BITS]!;
    const start = base & CHUNK_SLOT_MASK;
    let home = hash & SEGMENT_SLOT_MASK;
    while (tags[start + home]! > DELETED) home = (home + 1) & SEGMENT_SLOT_MASK;
    if (tags[start + home] === EMPTY) this.pool.used[segment]!++;
    this.pool.live[segment]!++;
    tags[start + home] = tagOf(hash);
    this.pool.addresses[base >>> CHUNK_SLOT_BITS]![start + home] = address;
    return base + home;
  }

  address(ref: Ref): number {
    const slot = ref - 1;
    return this.#addresses[slot >>> CHUNK_SLOT_BITS]![slot & CHUNK_SLOT_MASK]!;
  }

  setAddress(ref: Ref, address: number): void {
    const slot = ref - 1;
    this.#addresses[slot >>> CHUNK_SLOT_BITS]![slot & CHUNK_SLOT_MASK] = address;
  }

  remove(ref: Ref): void {
    const slot = ref - 1;
    const tags = this.pool.tags[slot >>> CHUNK_SLOT_BITS]!;
    const segment = slot >>> SEGMENT_BITS;
    const start = slot & CHUNK_SLOT_MASK & ~SEGMENT_SLOT_MASK;
    let home = slot & SEGMENT_SLOT_MASK;
    this.pool.live[segment]!--;
    if (tags[start + ((home + 1) & SEGMENT_SLOT_MASK)] !== EMPTY) {
      tags[start + home] = DELETED;
      return;
    }
    // Nothing probes past an empty slot: this one and the deleted ones before it are empty as well.
    do {
      tags[start + home] = EMPTY;
      this.pool.used[segment]!--;
      home = (home - 1) & SEGMENT_SLOT_MASK;
    } while (tags[start + home] === DELETED);
  }

  #newSegment(depth: number, prefix: number): number {
    this.#segments++;
    return this.pool.allocate(depth, prefix);
  }

  /** Live addresses of a segment into the pool's scratch array; how many. */
  #collect(segment: number): number {
    const base = segment << SEGMENT_BITS;
    const tags = this.pool.tags[base >>> CHUNK_SLOT_BITS]!;
    const addresses = this.pool.addresses[base >>> CHUNK_SLOT_BITS]!;
    const start = base & CHUNK_SLOT_MASK;
    let count = 0;
    for (let i = start; i < start + SEGMENT_SLOTS; i++)
      if (tags[i]! > DELETED) this.pool.scratch[count++] = addresses[i]!;
    if (count > this.movedMax) this.movedMax = count;
    return count;
  }

  #empty(segment: number): void {
    this.pool.clearTags(segment);
    this.pool.used[segment] = 0;
    this.pool.live[segment] = 0;
  }

  #rebuild(segment: number): void {
    const count = this.#collect(segment);
    this.#empty(segment);
    for (let i = 0; i < count; i++) {
      const address = this.pool.scratch[i]!;
      this.#place(segment, this.#keys.hashOf(address), address);
    }
  }

  #split(segment: number): void {
    const depth = this.pool.depth[segment]!;
    assert(depth < DEPTH_MAX, 'hundreds of keys share 23 bits of a secret hash');
    if (depth === this.#depth) this.#double();
    const prefix = this.pool.prefix[segment]!;
    const count = this.#collect(segment);
    this.#empty(segment);
    const sibling = this.#newSegment(depth + 1, prefix * 2 + 1);
    this.pool.depth[segment] = depth + 1;
    this.pool.prefix[segment] = prefix * 2;
    const span = 1 << (this.#depth - depth - 1);
    const first = (prefix * 2 + 1) * span;
    this.#directory.fill(sibling, first, first + span);
    for (let i = 0; i < count; i++) {
      const address = this.pool.scratch[i]!;
      const hash = this.#keys.hashOf(address);
      this.#place((hash >>> (31 - depth)) & 1 ? sibling : segment, hash, address);
    }
  }

  #double(): void {
    const old = this.#directory;
    const doubled = new Int32Array(old.length * 2);
    for (let i = 0; i < old.length; i++) {
      doubled[i * 2] = old[i]!;
      doubled[i * 2 + 1] = old[i]!;
    }
    this.#directory = doubled;
    this.#depth++;
  }

  /** Cursor: 23 bits of hash prefix, then 9 bits of home slot. */
  scan(cursor: number, budget: number, visit: (ref: Ref) => void): number {
    if (this.#segments === 0) return 0;
    let position = Number.isInteger(cursor) && cursor > 0 && cursor < 2 ** 32 ? cursor : 0;
    let visited = 0;
    // Emptied segments cost a step as well, so that a scan over a mostly empty index stays bounded.
    for (let steps = 0; visited < budget && steps < budget + 16; steps++) {
      const prefix = Math.floor(position / SEGMENT_SLOTS);
      const segment = this.#directory[prefix >>> (DEPTH_MAX - this.#depth)]!;
      const result = this.#scanSegment(segment, position % SEGMENT_SLOTS, budget - visited, visit);
      visited += result.visited;
      if (result.next < SEGMENT_SLOTS) {
        position = prefix * SEGMENT_SLOTS + result.next;
      } else {
        const shift = DEPTH_MAX - this.pool.depth[segment]!;
        position = (this.pool.prefix[segment]! + 1) * 2 ** shift * SEGMENT_SLOTS;
        if (position >= 2 ** 32) return 0;
      }
    }
    return position;
  }

  walk(from: number, visit: (ref: Ref) => void): number {
    if (this.#segments === 0) return Number.POSITIVE_INFINITY;
    const segment = this.#directory[Math.floor(from / SEGMENT_SLOTS) >>> (DEPTH_MAX - this.#depth)]!;
    this.#scanSegment(segment, 0, Number.POSITIVE_INFINITY, visit);
    const next = (this.pool.prefix[segment]! + 1) * 2 ** (32 - this.pool.depth[segment]!);
    return next >= 2 ** 32 ? Number.POSITIVE_INFINITY : next;
  }

  /** Visits the slots whose home is `from` or later, up to an empty slot once the budget is used. */
  #scanSegment(
    segment: number,
    from: number,
    budget: number,
    visit: (ref: Ref) => void,
  ): { visited: number; next: number } {
    const base = segment << SEGMENT_BITS;
    const tags = this.pool.tags[base >>> CHUNK_SLOT_BITS]!;
    const start = base & CHUNK_SLOT_MASK;
    let visited = 0;
    for (let i = from; i < SEGMENT_SLOTS; i++) {
      const tag = tags[start + i]!;
      if (tag === EMPTY) {
        if (visited >= budget && i + 1 < SEGMENT_SLOTS) return { visited, next: i + 1 };
      } else if (tag > DELETED) {
        const home = this.#home(base + i);
        if (home < from || home > i) continue;
        visit(base + i + 1);
        visited++;
      }
    }
    // Those whose home is near the end and whose neighbours pushed them round it.
    for (let i = 0; i < SEGMENT_SLOTS && tags[start + i] !== EMPTY; i++) {
      if (tags[start + i] === DELETED) continue;
      const home = this.#home(base + i);
      if (home <= i || home < from) continue;
      visit(base + i + 1);
      visited++;
    }
    return { visited, next: SEGMENT_SLOTS };
  }

  #home(slot: number): number {
    return this.#keys.hashOf(this.address(slot + 1)) & SEGMENT_SLOT_MASK;
  }

  random(uniform: () => number): Ref {
    if (this.#segments === 0) return 0;
    const length = this.#directory.length;
    let at = Math.floor(uniform() * length);
    for (let tried = 0; tried < length; tried++) {
      const segment = this.#directory[at]!;
      if (this.pool.live[segment]! > 0) return this.#randomIn(segment, uniform) + 1;
      at = (at + 1) % length;
    }
    return 0;
  }

  #randomIn(segment: number, uniform: () => number): number {
    const base = segment << SEGMENT_BITS;
    const tags = this.pool.tags[base >>> CHUNK_SLOT_BITS]!;
    const start = base & CHUNK_SLOT_MASK;
    for (let attempt = 0; attempt < 64; attempt++) {
      const slot = Math.floor(uniform() * SEGMENT_SLOTS);
      if (tags[start + slot]! > DELETED) return base + slot;
    }
    let slot = Math.floor(uniform() * SEGMENT_SLOTS);
    while (tags[start + slot]! <= DELETED) slot = (slot + 1) & SEGMENT_SLOT_MASK;
    return base + slot;
  }

  dismantle(from: number, budget: number, visit: (ref: Ref) => void): number {
    let at = from;
    for (let forgotten = 0; this.#segments > 0 && forgotten < budget; ) {
      const segment = this.#directory[at]!;
      const base = segment << SEGMENT_BITS;
      const tags = this.pool.tags[base >>> CHUNK_SLOT_BITS]!;
      const start = base & CHUNK_SLOT_MASK;
      for (let i = 0; i < SEGMENT_SLOTS; i++) if (tags[start + i]! > DELETED) visit(base + i + 1);
      forgotten += 1 + this.pool.live[segment]!;
      at += 1 << (this.#depth - this.pool.depth[segment]!);
      this.pool.release(segment);
      this.#segments--;
    }
    if (this.#segments > 0) return at;
    this.#reset();
    return 0;
  }

  forget(): void {
    this.pool.clear();
    this.#reset();
  }

  #reset(): void {
    this.#directory = Int32Array.of(NONE);
    this.#depth = 0;
    this.#segments = 0;
  }
}

/** The pool behind each index that the keyspaces of one store make. */
export const createSegmentPool: CreateIndexPool = (growth) => {
  const pool = new SegmentPool();
  return { createIndex: (keys) => new SegmentedIndex(pool, keys, growth) };
};
