/**
 * Flag `cache-line-index`, candidate: extendible hashing (Fagin et al. 1979) over regions of buckets that are one cache line each.
 *
 *   directory        2^depth entries -> region
 *   region           4 to 7 blocks of 8 buckets; fewer in a small index
 *   bucket           64 bytes: 12 one-byte tags, 12 record addresses, and who had to go elsewhere
 *
 * A lookup compares the 12 tags of the key's home bucket in three words and reads a record only where a tag agrees: with 10 entries a
 * bucket at most and 7 to 8 bits of tag in effect, in vain once in 45 hits and once in 20 misses. Crowding sends some entries to the
 * next bucket, which lies in the next line: averaged over a region's growth a hit and a miss read 1.1 lines of buckets, after any
 * number of removals (`bucketRegions.test.ts` measures both).
 *
 * A region that is 85 % full takes one block more and places its entries anew, which tags and buckets suffice for; one with 7 blocks
 * splits by one more hash bit into two of about 4, for which the records are read. So a step moves at most 571 entries, there is
 * never a second table, and capacity grows by a quarter to a seventh at a time instead of doubling: 64 / (12 * 0.85) = 6.3 bytes a
 * key when full, 7.8 after the largest step, 7.1 on average with the headers, and little more or less than that over all regions. The
 * price: 5.5 moves for each entry that comes to stay, 2 of them with a look at the record, where a table that doubles makes 1 to 2; and
 * a removal looks for an entry to move home. Removals give blocks back.
 * The directory doubles by copying 4 bytes a region (256 KiB at 10 million keys).
 *
 * SCAN's cursor is a place in hash order: prefix, then position in the region. Neither growing nor splitting changes the order
 * of entries in it, so nothing present throughout can be passed over. A Ref is the number of the word that holds the address.
 *
 * Credits: buckets with tags after Swiss tables (Abseil) and Valkey's hashtable; marks where an entry passed after Folly's F14.
 * Rejected: tags of 16 bits in buckets of 10, which would let regions split without reading records as well but cost 1.2 bytes a key;
 * counting who passed instead of pulling entries back, which under steady insertions and removals degrades to long searches at this load.
 */
import { assert } from '../../../base/assert.ts';
import type { GrowthTimer } from '../growthTimer.ts';
import type { Ref } from '../keyspace.ts';
import {
  firstMatch,
  firstPosition,
  homeOf,
  markOf,
  matchTags,
  POSITION_BITS,
  POSITION_MASK,
  POSITIONS,
  tagOf,
  tagPattern,
  withoutFirst,
} from './bucket.ts';
import {
  ADDRESSES_AT,
  BLOCK_BUCKET_BITS,
  BLOCK_BUCKETS,
  BLOCK_BYTES,
  BUCKET_WORDS,
  BucketPool,
  CHUNK_WORD_BITS,
  CHUNK_WORD_MASK,
  HEADER,
  HEADER_WORDS,
} from './bucketPool.ts';
import { BucketRegions } from './bucketRegions.ts';
import type { CreateIndexPool, RecordIndex, RecordKeys } from './recordIndex.ts';

/** Directory bits: 32 less the position's. 2^21 regions hold more entries than the record store has room for. */
const DEPTH_MAX = 32 - POSITION_BITS;
const NONE = 0;

export class CacheLineIndex implements RecordIndex {
  readonly #pool: BucketPool;
  readonly #chunks: Int32Array[];
  readonly #keys: RecordKeys;
  readonly #regions: BucketRegions;
  readonly #growth: GrowthTimer;
  readonly bytesPerEntryMean = 7.1;
  /** 2^#depth regions. */
  #directory: Int32Array = Int32Array.of(NONE);
  #depth = 0;

  constructor(pool: BucketPool, keys: RecordKeys, growth: GrowthTimer) {
    this.#pool = pool;
    this.#chunks = pool.chunks;
    this.#keys = keys;
    this.#regions = new BucketRegions(pool, keys);
    this.#growth = growth;
  }

  get movedMax(): number {
    return this.#regions.movedMax;
  }

  memoryBytes(): number {
    const { regions, blocks } = this.#regions;
    return regions === 0 ? 0 : blocks * BLOCK_BYTES + regions * HEADER_WORDS * 4 + this.#directory.length * 4;
  }

  #regionOf(hash: number): number {
    // Two shifts: a shift by 32 would be one by 0.
    return this.#directory[(hash >>> 1) >>> (31 - this.#depth)]!;
  }

  find(hash: number, buffer: Uint8Array, start: number, end: number): Ref {
    const region = this.#regionOf(hash);
    const header = this.#chunks[region >>> CHUNK_WORD_BITS]!;
    const headerAt = region & CHUNK_WORD_MASK;
    const buckets = header[headerAt + HEADER.buckets]!;
    const home = homeOf(hash, buckets);
    const tag = tagOf(hash);
    const pattern = tagPattern(tag);
    const mark = markOf(tag);
    let bucket = home;
    for (;;) {
      const first =
        header[headerAt + HEADER.blocks + (bucket >>> BLOCK_BUCKET_BITS)]! +
        (bucket & (BLOCK_BUCKETS - 1)) * BUCKET_WORDS;
      const words = this.#chunks[first >>> CHUNK_WORD_BITS]!;
      const at = first & CHUNK_WORD_MASK;
      for (let match = matchTags(words, at, pattern); match !== 0; match = withoutFirst(match)) {
        const slot = firstMatch(match);
        if (this.#keys.hasKey(words[at + ADDRESSES_AT + slot]!, buffer, start, end))
          return first + ADDRESSES_AT + slot;
      }
      if ((words[at]! & mark) === 0) return 0;
      bucket = bucket + 1 === buckets ? 0 : bucket + 1;
      if (bucket === home) return 0;
    }
  }

  findHash(hash: number, after: Ref): Ref {
    const regions = this.#regions;
    const region = this.#regionOf(hash);
    const buckets = regions.field(region, HEADER.buckets);
    const tag = tagOf(hash);
    let isBehind = after === 0;
    for (let ahead = 0; ahead < buckets; ahead++) {
      const first = regions.bucket(region, (homeOf(hash, buckets) + ahead) % buckets);
      const words = this.#chunks[first >>> CHUNK_WORD_BITS]!;
      const at = first & CHUNK_WORD_MASK;
      let match = matchTags(words, at, tagPattern(tag));
      for (; match !== 0; match = withoutFirst(match)) {
        const ref = first + ADDRESSES_AT + firstMatch(match);
        if (isBehind && this.#keys.hashOf(this.address(ref)) === hash) return ref;
        if (ref === after) isBehind = true;
      }
      if ((words[at]! & markOf(tag)) === 0) break;
    }
    return 0;
  }

  address(ref: Ref): number {
    return this.#chunks[ref >>> CHUNK_WORD_BITS]![ref & CHUNK_WORD_MASK]!;
  }

  setAddress(ref: Ref, address: number): void {
    this.#chunks[ref >>> CHUNK_WORD_BITS]![ref & CHUNK_WORD_MASK] = address;
  }

  insert(hash: number, address: number): Ref {
    const regions = this.#regions;
    if (regions.regions === 0) this.#makeFirst();
    let region = this.#regionOf(hash);
    if (regions.isFull(region)) region = this.#makeRoom(region, hash);
    return regions.insert(region, hash, address);
  }

  #makeFirst(): void {
    const startUs = this.#growth.start();
    this.#directory[0] = this.#regions.create(0, 0);
    this.#growth.stop(startUs, 0);
  }

  /** Grows or splits the full region for `hash`; returns the one with room that is for it then. */
  #makeRoom(full: number, hash: number): number {
    const regions = this.#regions;
    const startUs = this.#growth.start();
    let moved = 0;
    let region = full;
    do {
      moved += regions.field(region, HEADER.entries);
      if (regions.canGrow(region)) {
        regions.grow(region);
      } else {
        this.#split(region);
        region = this.#regionOf(hash);
      }
    } while (regions.isFull(region));
    this.#growth.stop(startUs, moved);
    return region;
  }

  remove(ref: Ref): void {
    const hash = this.#keys.hashOf(this.address(ref));
    this.#regions.remove(this.#regionOf(hash), hash, ref);
  }

  #split(region: number): void {
    const depth = this.#regions.field(region, HEADER.depth);
    assert(depth < DEPTH_MAX, 'hundreds of keys share 21 bits of a secret hash');
    if (depth === this.#depth) this.#double();
    const sibling = this.#regions.split(region);
    const span = 1 << (this.#depth - depth - 1);
    const from = this.#regions.field(sibling, HEADER.prefix) * span;
    this.#directory.fill(sibling, from, from + span);
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

  /** Cursor: 21 bits of hash prefix, then 11 bits of position. */
  scan(cursor: number, budget: number, visit: (ref: Ref) => void): number {
    const regions = this.#regions;
    if (regions.regions === 0) return 0;
    let place = Number.isInteger(cursor) && cursor > 0 && cursor < 2 ** 32 ? cursor : 0;
    let visited = 0;
    // Empty buckets cost a step as well, so that a scan over a mostly empty index stays bounded.
    for (let steps = 0; visited < budget && steps < budget + 64; steps++) {
      const prefix = Math.floor(place / POSITIONS);
      const region = this.#directory[prefix >>> (DEPTH_MAX - this.#depth)]!;
      const buckets = regions.field(region, HEADER.buckets);
      const bucket = homeOf(place & POSITION_MASK, buckets);
      visited += regions.visitHome(region, bucket, visit);
      if (bucket + 1 < buckets) {
        place = prefix * POSITIONS + firstPosition(bucket + 1, buckets);
      } else {
        const shift = DEPTH_MAX - regions.field(region, HEADER.depth);
        place = (regions.field(region, HEADER.prefix) + 1) * 2 ** shift * POSITIONS;
        if (place >= 2 ** 32) return 0;
      }
    }
    return place;
  }

  walk(from: number, visit: (ref: Ref) => void): number {
    const regions = this.#regions;
    if (regions.regions === 0) return Number.POSITIVE_INFINITY;
    const region = this.#regionOf(from);
    regions.visit(region, visit);
    const next = (regions.field(region, HEADER.prefix) + 1) * 2 ** (32 - regions.field(region, HEADER.depth));
    return next >= 2 ** 32 ? Number.POSITIVE_INFINITY : next;
  }

  random(uniform: () => number): Ref {
    if (this.#regions.regions === 0) return 0;
    const length = this.#directory.length;
    let at = Math.floor(uniform() * length);
    for (let tried = 0; tried < length; tried++) {
      const region = this.#directory[at]!;
      if (this.#regions.field(region, HEADER.entries) > 0) return this.#regions.random(region, uniform);
      at = (at + 1) % length;
    }
    return 0;
  }

  dismantle(from: number, budget: number, visit: (ref: Ref) => void): number {
    const regions = this.#regions;
    let at = from;
    for (let forgotten = 0; regions.regions > 0 && forgotten < budget; ) {
      const region = this.#directory[at]!;
      at += 1 << (this.#depth - regions.field(region, HEADER.depth));
      forgotten += 1 + regions.field(region, HEADER.entries);
      regions.visit(region, visit);
      regions.release(region);
    }
    if (regions.regions > 0) return at;
    this.#reset();
    return 0;
  }

  forget(): void {
    this.#pool.clear();
    this.#reset();
  }

  #reset(): void {
    this.#directory = Int32Array.of(NONE);
    this.#depth = 0;
    this.#regions.regions = 0;
    this.#regions.blocks = 0;
  }
}

/** The pool behind each index that the keyspaces of one store make. */
export const createBucketPool: CreateIndexPool = (growth) => {
  const pool = new BucketPool();
  return { createIndex: (keys) => new CacheLineIndex(pool, keys, growth) };
};
