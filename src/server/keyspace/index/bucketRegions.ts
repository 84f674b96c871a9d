/**
 * The regions of one cache-line index: placing, removing and enumerating the entries of a region, and laying it out anew. Layouts are in
 * `bucketPool.ts`, tags and distances in `bucket.ts`; which region a hash belongs to is `cacheLineIndex.ts`'s matter.
 *
 * Invariants: every bucket that an entry passed on its way from its home bears the entry's mark; a bucket with marks is full. Removing
 * keeps them by filling the hole with an entry that passed it, if there is one, so a region that entries come and go in
 * looks as one filled afresh, and there are no tombstones.
 *
 * The order of home buckets is that of positions, however many buckets there are: what SCAN relies on.
 */
import type { Ref } from '../keyspace.ts';
import {
  bucketOfRef,
  DISTANCE_FAR,
  distanceOf,
  fillSlot,
  firstGuest,
  firstMatch,
  freeSlot,
  guestsOf,
  hasMarks,
  homeOf,
  markOf,
  matchTags,
  POSITION_BITS,
  POSITION_MASK,
  positionFrom,
  slotOfRef,
  tagAt,
  tagOf,
  withoutFirstGuest,
  withoutMarks,
} from './bucket.ts';
import {
  ADDRESSES_AT,
  BLOCK_BUCKET_BITS,
  BLOCK_BUCKETS,
  BLOCKS_MAX,
  BUCKET_SLOTS,
  BUCKET_WORDS,
  type BucketPool,
  CHUNK_WORD_BITS,
  CHUNK_WORD_MASK,
  HEADER,
} from './bucketPool.ts';
import type { RecordKeys } from './recordIndex.ts';

/** Entries a bucket, on average, at which a region grows: 85 % of its slots. At 90 % a miss reads 1.3 lines on average instead of 1.1. */
const ENTRIES_PER_BUCKET_MAX = 10.2;
/** A region made anew leaves this much of its room, so that it does not grow at once; one that shrinks, that much. */
const FILL_WHEN_MADE = 0.93;
const FILL_WHEN_SHRUNK = 0.75;

/** Most entries in a region of so many blocks. */
const entriesMax = (blocks: number): number => Math.floor(blocks * BLOCK_BUCKETS * ENTRIES_PER_BUCKET_MAX);

/** Blocks for a region that is made anew with so many entries. */
function blocksFor(entries: number): number {
  let blocks = 1;
  while (blocks < BLOCKS_MAX && entries > entriesMax(blocks) * FILL_WHEN_MADE) blocks++;
  return blocks;
}

export class BucketRegions {
  readonly #pool: BucketPool;
  readonly #chunks: Int32Array[];
  readonly #keys: RecordKeys;
  /** Regions and blocks held. */
  regions = 0;
  blocks = 0;
  movedMax = 0;

  constructor(pool: BucketPool, keys: RecordKeys) {
    this.#pool = pool;
    this.#chunks = pool.chunks;
    this.#keys = keys;
  }

  /** Word of a region's header: HEADER.buckets, entries, depth or prefix. */
  field(region: number, field: number): number {
    return this.#chunks[region >>> CHUNK_WORD_BITS]![(region & CHUNK_WORD_MASK) + field]!;
  }

  setField(region: number, field: number, value: number): void {
    this.#chunks[region >>> CHUNK_WORD_BITS]![(region & CHUNK_WORD_MASK) + field] = value;
  }

  /** First word of a region's bucket. */
  bucket(region: number, bucket: number): number {
    const block = this.field(region, HEADER.blocks + (bucket >>> BLOCK_BUCKET_BITS));
    return block + (bucket & (BLOCK_BUCKETS - 1)) * BUCKET_WORDS;
  }

  #words(first: number): Int32Array {
    return this.#chunks[first >>> CHUNK_WORD_BITS]!;
  }

  address(ref: Ref): number {
    return this.#words(ref)[ref & CHUNK_WORD_MASK]!;
  }

  #blockCount(region: number): number {
    return this.field(region, HEADER.buckets) >>> BLOCK_BUCKET_BITS;
  }

  /** An empty region of one block. */
  create(depth: number, prefix: number): number {
    const region = this.#pool.allocateHeader();
    this.regions++;
    this.setField(region, HEADER.buckets, 0);
    this.setField(region, HEADER.depth, depth);
    this.setField(region, HEADER.prefix, prefix);
    this.#setBlocks(region, 1);
    return region;
  }

  release(region: number): void {
    this.#setBlocks(region, 0);
    this.#pool.releaseHeader(region);
    this.regions--;
  }

  /** Gives the region so many blocks, all empty. */
  #setBlocks(region: number, blocks: number): void {
    const before = this.#blockCount(region);
    for (let i = 0; i < before; i++) {
      const block = this.field(region, HEADER.blocks + i);
      if (i < blocks) this.#pool.emptyBlock(block);
      else this.#pool.releaseBlock(block);
    }
    for (let i = before; i < blocks; i++)
      this.setField(region, HEADER.blocks + i, this.#pool.allocateBlock());
    this.blocks += blocks - before;
    this.setField(region, HEADER.buckets, blocks * BLOCK_BUCKETS);
    this.setField(region, HEADER.entries, 0);
  }

  isFull(region: number): boolean {
    return this.field(region, HEADER.entries) >= entriesMax(this.#blockCount(region));
  }

  /** True if a full region can take another block. */
  canGrow(region: number): boolean {
    return this.#blockCount(region) < BLOCKS_MAX;
  }

  grow(region: number): void {
    this.#resize(region, this.#blockCount(region) + 1);
  }

  #resize(region: number, blocks: number): void {
    const moved = this.#collect(region);
    const { movedAddresses, movedPositions, movedTags } = this.#pool;
    this.#setBlocks(region, blocks);
    for (let i = 0; i < moved; i++)
      this.#place(region, movedPositions[i]!, movedTags[i]!, movedAddresses[i]!);
    this.setField(region, HEADER.entries, moved);
  }

  /** Addresses, positions and tags of a region's entries into the pool's arrays; how many. */
  #collect(region: number): number {
    const { movedAddresses, movedPositions, movedTags } = this.#pool;
    const buckets = this.field(region, HEADER.buckets);
    let moved = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const first = this.bucket(region, bucket);
      const words = this.#words(first);
      const at = first & CHUNK_WORD_MASK;
      for (let slot = 0; slot < BUCKET_SLOTS; slot++) {
        const address = words[at + ADDRESSES_AT + slot]!;
        if (address === 0) continue;
        const tag = tagAt(words, at, slot);
        const distance = distanceOf(words[at]!, slot);
        const home = bucket < distance ? bucket - distance + buckets : bucket - distance;
        const known = distance === DISTANCE_FAR ? -1 : positionFrom(tag, home, buckets);
        movedAddresses[moved] = address;
        movedTags[moved] = tag;
        movedPositions[moved++] = known >= 0 ? known : this.#keys.hashOf(address) & POSITION_MASK;
      }
    }
    if (moved > this.movedMax) this.movedMax = moved;
    return moved;
  }

  /** Moves the entries whose hash has the bit below the region's prefix to a new region, which is returned. */
  split(region: number): number {
    const depth = this.field(region, HEADER.depth);
    const prefix = this.field(region, HEADER.prefix);
    const { movedAddresses, movedPositions, movedTags } = this.#pool;
    const moved = this.#collect(region);
    const shift = 31 - depth;
    let ones = 0;
    for (let i = 0; i < moved; i++) {
      const side = (this.#keys.hashOf(movedAddresses[i]!) >>> shift) & 1;
      movedPositions[i]! |= side << POSITION_BITS;
      ones += side;
    }
    const sibling = this.create(depth + 1, prefix * 2 + 1);
    this.#setBlocks(sibling, blocksFor(ones));
    this.#setBlocks(region, blocksFor(moved - ones));
    this.setField(region, HEADER.depth, depth + 1);
    this.setField(region, HEADER.prefix, prefix * 2);
    for (let i = 0; i < moved; i++) {
      const position = movedPositions[i]!;
      const target = position >>> POSITION_BITS === 1 ? sibling : region;
      this.#place(target, position & POSITION_MASK, movedTags[i]!, movedAddresses[i]!);
    }
    this.setField(region, HEADER.entries, moved - ones);
    this.setField(sibling, HEADER.entries, ones);
    return sibling;
  }

  insert(region: number, hash: number, address: number): Ref {
    this.setField(region, HEADER.entries, this.field(region, HEADER.entries) + 1);
    return this.#place(region, hash & POSITION_MASK, tagOf(hash), address);
  }

  /** Puts an entry into the first bucket from its home on with a free slot: there must be one. */
  #place(region: number, position: number, tag: number, address: number): Ref {
    const buckets = this.field(region, HEADER.buckets);
    let bucket = homeOf(position, buckets);
    for (let distance = 0; ; distance++) {
      const first = this.bucket(region, bucket);
      const words = this.#words(first);
      const at = first & CHUNK_WORD_MASK;
      const free = matchTags(words, at, 0);
      if (free !== 0) {
        const slot = firstMatch(free);
        fillSlot(words, at, slot, tag, address, distance);
        return first + ADDRESSES_AT + slot;
      }
      words[at]! |= markOf(tag);
      bucket = bucket + 1 === buckets ? 0 : bucket + 1;
    }
  }

  /** Removes the entry of this hash at `ref`, closes the hole, and gives back a block that is without use now. */
  remove(region: number, hash: number, ref: Ref): void {
    const buckets = this.field(region, HEADER.buckets);
    const home = homeOf(hash, buckets);
    let distance = 0;
    while (this.bucket(region, (home + distance) % buckets) !== bucketOfRef(ref)) distance++;
    freeSlot(this.#words(ref), bucketOfRef(ref) & CHUNK_WORD_MASK, slotOfRef(ref));
    let hole = ref;
    for (;;) {
      const ahead = this.#bucketsToPasser(region, (home + distance) % buckets);
      if (ahead === 0) break;
      distance += ahead;
      hole = this.#pullBack(region, (home + distance) % buckets, ahead, hole);
    }
    for (let passed = 0; passed <= distance; passed++) this.#refreshMarks(region, (home + passed) % buckets);
    const entries = this.field(region, HEADER.entries) - 1;
    this.setField(region, HEADER.entries, entries);
    const blocks = this.#blockCount(region) - 1;
    if (blocks > 0 && entries < entriesMax(blocks) * FILL_WHEN_SHRUNK) this.#resize(region, blocks);
  }

  /** Takes away the marks of those that do not pass the bucket any more. */
  #refreshMarks(region: number, bucket: number): void {
    const buckets = this.field(region, HEADER.buckets);
    const first = this.bucket(region, bucket);
    let marks = 0;
    let bounded = first;
    for (let ahead = 1; hasMarks(this.#meta(bounded)) && ahead < buckets; ahead++) {
      const at = (bucket + ahead) % buckets;
      bounded = this.bucket(region, at);
      let guests = guestsOf(this.#meta(bounded));
      for (; guests !== 0; guests = withoutFirstGuest(guests)) {
        const ref = bounded + ADDRESSES_AT + firstGuest(guests);
        if (this.#isFrom(region, at, ref, ahead)) marks |= markOf(this.#tag(ref));
      }
    }
    this.#words(first)[first & CHUNK_WORD_MASK] = withoutMarks(this.#meta(first)) | marks;
  }

  /** How many buckets behind `bucket` the first entry is that passed it; 0 if there is none. */
  #bucketsToPasser(region: number, bucket: number): number {
    const buckets = this.field(region, HEADER.buckets);
    let before = this.bucket(region, bucket);
    for (let ahead = 1; hasMarks(this.#meta(before)) && ahead < buckets; ahead++) {
      before = this.bucket(region, (bucket + ahead) % buckets);
      if (this.#passer(region, (bucket + ahead) % buckets, ahead) !== 0) return ahead;
    }
    return 0;
  }

  /** An entry of the bucket that is `distanceMin` (1 or more) or more from its home; 0 if there is none. */
  #passer(region: number, bucket: number, distanceMin: number): Ref {
    const first = this.bucket(region, bucket);
    let guests = guestsOf(this.#meta(first));
    for (; guests !== 0; guests = withoutFirstGuest(guests)) {
      const ref = first + ADDRESSES_AT + firstGuest(guests);
      if (this.#isFrom(region, bucket, ref, distanceMin)) return ref;
    }
    return 0;
  }

  #meta(first: number): number {
    return this.#words(first)[first & CHUNK_WORD_MASK]!;
  }

  #tag(ref: Ref): number {
    return tagAt(this.#words(ref), bucketOfRef(ref) & CHUNK_WORD_MASK, slotOfRef(ref));
  }

  /** Exact distance of an entry in `bucket` from its home. */
  #distance(region: number, bucket: number, ref: Ref): number {
    const distance = distanceOf(this.#meta(bucketOfRef(ref)), slotOfRef(ref));
    if (distance < DISTANCE_FAR) return distance;
    const buckets = this.field(region, HEADER.buckets);
    return (bucket - homeOf(this.#keys.hashOf(this.address(ref)), buckets) + buckets) % buckets;
  }

  /** True if an entry in `bucket` is so many buckets or more from its home; reads its record only where the slot does not say. */
  #isFrom(region: number, bucket: number, ref: Ref, distanceMin: number): boolean {
    const distance = distanceOf(this.#meta(bucketOfRef(ref)), slotOfRef(ref));
    if (distance < DISTANCE_FAR || distanceMin <= DISTANCE_FAR) return distance >= distanceMin;
    return this.#distance(region, bucket, ref) >= distanceMin;
  }

  /** Moves a passer of `bucket` to the hole `ahead` buckets before it; returns the new hole. */
  #pullBack(region: number, bucket: number, ahead: number, hole: Ref): Ref {
    const ref = this.#passer(region, bucket, ahead);
    const distance = this.#distance(region, bucket, ref) - ahead;
    const target = bucketOfRef(hole) & CHUNK_WORD_MASK;
    fillSlot(this.#words(hole), target, slotOfRef(hole), this.#tag(ref), this.address(ref), distance);
    freeSlot(this.#words(ref), bucketOfRef(ref) & CHUNK_WORD_MASK, slotOfRef(ref));
    return ref;
  }

  /** Calls `visit` with every entry of a region. */
  visit(region: number, visit: (ref: Ref) => void): void {
    const buckets = this.field(region, HEADER.buckets);
    for (let bucket = 0; bucket < buckets; bucket++) {
      const first = this.bucket(region, bucket) + ADDRESSES_AT;
      for (let ref = first; ref < first + BUCKET_SLOTS; ref++) if (this.address(ref) !== 0) visit(ref);
    }
  }

  /** Visits the entries whose home is this bucket, wherever they are; how many. */
  visitHome(region: number, home: number, visit: (ref: Ref) => void): number {
    const buckets = this.field(region, HEADER.buckets);
    let visited = 0;
    for (let ahead = 0; ahead < buckets; ahead++) {
      const bucket = (home + ahead) % buckets;
      const first = this.bucket(region, bucket);
      for (let ref = first + ADDRESSES_AT; ref < first + BUCKET_WORDS; ref++) {
        if (this.address(ref) === 0 || this.#distance(region, bucket, ref) !== ahead) continue;
        visit(ref);
        visited++;
      }
      if (!hasMarks(this.#meta(first))) break;
    }
    return visited;
  }

  /** Any entry of a region that has one. */
  random(region: number, uniform: () => number): Ref {
    const slots = this.field(region, HEADER.buckets) * BUCKET_SLOTS;
    for (let slot = Math.floor(uniform() * slots), tried = 0; ; tried++) {
      const ref = this.bucket(region, Math.floor(slot / BUCKET_SLOTS)) + ADDRESSES_AT + (slot % BUCKET_SLOTS);
      if (this.address(ref) !== 0) return ref;
      // Independent draws first, which are uniform; a nearly empty region is searched from the last of them on.
      slot = tried < 64 ? Math.floor(uniform() * slots) : (slot + 1) % slots;
    }
  }
}
