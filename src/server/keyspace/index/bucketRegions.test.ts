/** The buckets themselves: what tags tell, the invariants of marks and distances, and how many lines a search reads. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { Prng } from '../../../base/prng.ts';
import {
  distanceOf,
  firstMatch,
  hasMarks,
  homeOf,
  markOf,
  matchTags,
  POSITIONS,
  positionFrom,
  tagAt,
  tagOf,
  tagPattern,
  withoutFirst,
} from './bucket.ts';
import {
  ADDRESSES_AT,
  BLOCK_BUCKETS,
  BLOCKS_MAX,
  BUCKET_SLOTS,
  BUCKET_WORDS,
  BucketPool,
  CHUNK_WORD_BITS,
  CHUNK_WORD_MASK,
  HEADER,
} from './bucketPool.ts';
import { BucketRegions } from './bucketRegions.ts';

const SEED = testSeed();

/** One region whose records' hashes are given; address a has hash hashes[a - 1]. */
class Region {
  readonly hashes: number[] = [];
  readonly live: { address: number; hash: number }[] = [];
  readonly pool = new BucketPool();
  readonly regions = new BucketRegions(this.pool, {
    hashOf: (address) => this.hashes[address - 1]!,
    hasKey: () => false,
  });
  readonly region = this.regions.create(0, 0);

  get buckets(): number {
    return this.regions.field(this.region, HEADER.buckets);
  }

  add(hash: number): void {
    const address = this.hashes.push(hash);
    if (this.regions.isFull(this.region)) this.regions.grow(this.region);
    this.regions.insert(this.region, hash, address);
    this.live.push({ address, hash });
  }

  removeAt(at: number): void {
    const { address, hash } = this.live[at]!;
    this.live[at] = this.live[this.live.length - 1]!;
    this.live.pop();
    let found = 0;
    this.regions.visit(this.region, (ref) => {
      if (this.regions.address(ref) === address) found = ref;
    });
    this.regions.remove(this.region, hash, found);
  }

  /** Chunk and word of a bucket. */
  bucket(bucket: number): { words: Int32Array; at: number } {
    const first = this.regions.bucket(this.region, bucket);
    return { words: this.pool.chunks[first >>> CHUNK_WORD_BITS]!, at: first & CHUNK_WORD_MASK };
  }

  /** Checks every entry's way from its home, and returns the lines that finding it reads, on average. */
  checkedLinesPerHit(): number {
    let lines = 0;
    let entries = 0;
    for (let bucket = 0; bucket < this.buckets; bucket++) {
      const { words, at } = this.bucket(bucket);
      const addresses = words.subarray(at + ADDRESSES_AT, at + BUCKET_WORDS);
      if (hasMarks(words[at]!)) expect(addresses).not.toContain(0);
      for (let slot = 0; slot < BUCKET_SLOTS; slot++) {
        expect(tagAt(words, at, slot) === 0).toBe(addresses[slot] === 0);
        if (addresses[slot] === 0) continue;
        const hash = this.hashes[addresses[slot]! - 1]!;
        const home = homeOf(hash, this.buckets);
        const distance = (bucket - home + this.buckets) % this.buckets;
        expect(tagAt(words, at, slot)).toBe(tagOf(hash));
        expect(distanceOf(words[at]!, slot)).toBe(Math.min(distance, 3));
        for (let passed = 0; passed < distance; passed++) {
          const { words, at } = this.bucket((home + passed) % this.buckets);
          expect(words[at]! & markOf(tagOf(hash))).not.toBe(0);
        }
        lines += distance + 1;
        entries++;
      }
    }
    expect(entries).toBe(this.live.length);
    return lines / entries;
  }

  linesPerMiss(prng: Prng): number {
    let lines = 0;
    for (let i = 0; i < 2000; i++) {
      const hash = prng.uint32();
      let bucket = homeOf(hash, this.buckets);
      for (let more = true; more; bucket = (bucket + 1) % this.buckets) {
        const { words, at } = this.bucket(bucket);
        more = (words[at]! & markOf(tagOf(hash))) !== 0;
        lines++;
      }
    }
    return lines / 2000;
  }
}

describe('tags', () => {
  it('tell the position in a region of 32 buckets or more, and never pretend to in a smaller one', () => {
    for (let blocks = 1; blocks <= BLOCKS_MAX; blocks++) {
      const buckets = blocks * BLOCK_BUCKETS;
      for (let hash = 0; hash < 4 * POSITIONS; hash++) {
        const position = positionFrom(tagOf(hash), homeOf(hash, buckets), buckets);
        expect(position).toBe(buckets < 32 ? -1 : hash % POSITIONS);
      }
    }
  });

  it('match exactly the slots that have them', () => {
    const prng = new Prng(SEED);
    const words = new Int32Array(BUCKET_WORDS);
    for (let round = 0; round < 5000; round++) {
      // Few different values, so that matches and neighbours one apart are frequent.
      const tags = Array.from({ length: BUCKET_SLOTS }, () => [0, 1, 0x7f, 0x80, 0x81, 0xff][prng.below(6)]!);
      for (let word = 0; word < 3; word++)
        words[1 + word] = new DataView(Uint8Array.from(tags.slice(word * 4)).buffer).getInt32(0, true);
      const wanted = tags[prng.below(BUCKET_SLOTS)]!;
      const slots: number[] = [];
      for (let match = matchTags(words, 0, tagPattern(wanted)); match !== 0; match = withoutFirst(match))
        slots.push(firstMatch(match));
      expect(slots.sort((a, b) => a - b)).toEqual(
        tags.map((tag, slot) => (tag === wanted ? slot : -1)).filter((slot) => slot >= 0),
      );
    }
  });
});

describe('a region', () => {
  it('keeps its invariants and reads few lines, filled afresh or after many have come and gone', () => {
    const prng = new Prng(SEED + 1);
    const figures = { hit: 0, miss: 0 };
    const sizes = [330, 380, 420, 470, 510, 560, 600];
    for (const size of sizes) {
      const region = new Region();
      while (region.live.length < size) region.add(prng.uint32());
      const fresh = region.checkedLinesPerHit();
      figures.hit += fresh / sizes.length;
      figures.miss += region.linesPerMiss(prng) / sizes.length;
      for (let i = 0; i < 4 * size; i++) {
        region.removeAt(prng.below(size));
        region.add(prng.uint32());
      }
      // One region may be unlucky; the mean below is what a lookup costs.
      expect(region.checkedLinesPerHit(), `seed ${SEED}, ${size} entries`).toBeLessThan(1.6);
      expect(region.linesPerMiss(prng), `seed ${SEED}, ${size} entries`).toBeLessThan(3);
    }
    console.log(`lines read: ${figures.hit.toFixed(2)} a hit, ${figures.miss.toFixed(2)} a miss`);
    expect(figures.hit).toBeLessThan(1.15);
    expect(figures.miss).toBeLessThan(1.3);
  });

  it('keeps its invariants where hashes crowd together', () => {
    const prng = new Prng(SEED + 2);
    const region = new Region();
    // Three homes, the last bucket among them: detours of many buckets, round the end.
    const draw = (): number => ((prng.uint32() & ~2047) | [0, 1000, 2047][prng.below(3)]!) >>> 0;
    for (let i = 0; i < 300; i++) region.add(draw());
    region.checkedLinesPerHit();
    for (let i = 0; i < 1500; i++) {
      region.removeAt(prng.below(region.live.length));
      if (prng.below(3) > 0) region.add(draw());
      if (region.live.length === 0) break;
      if (i % 50 === 0) region.checkedLinesPerHit();
    }
  });
});
