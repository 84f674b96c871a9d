/**
 * Both indexes against a model, with hashes of the test's choosing: a real hash never brings the crowded buckets, long detours and deep
 * directories that must work all the same.
 */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { Prng } from '../../../base/prng.ts';
import { UNWATCHED_GROWTH } from '../storageVariants.ts';
import { createBucketPool } from './cacheLineIndex.ts';
import type { IndexPool, RecordIndex, RecordKeys } from './recordIndex.ts';
import { createSegmentPool } from './segmentedIndex.ts';

const SEED = testSeed();

/** Records that are their address only: a key is the address in four bytes, its hash whatever was said. */
class NumberedRecords implements RecordKeys {
  readonly hashes = new Map<number, number>();
  readonly key = new Uint8Array(4);

  hashOf(address: number): number {
    return this.hashes.get(address)!;
  }

  hasKey(address: number, buffer: Uint8Array, start: number, end: number): boolean {
    return end - start === 4 && new DataView(buffer.buffer).getUint32(start) === address;
  }

  keyOf(address: number): Uint8Array {
    new DataView(this.key.buffer).setUint32(0, address);
    return this.key;
  }
}

class Model {
  readonly records = new NumberedRecords();
  readonly index: RecordIndex;
  readonly addresses: number[] = [];
  #next = 1;

  constructor(pool: IndexPool) {
    this.index = pool.createIndex(this.records);
  }

  find(address: number, hash: number): number {
    return this.addresses.length === 0 ? 0 : this.index.find(hash, this.records.keyOf(address), 0, 4);
  }

  add(hash: number): number {
    const address = this.#next++;
    this.records.hashes.set(address, hash);
    expect(this.find(address, hash)).toBe(0);
    expect(this.index.address(this.index.insert(hash, address))).toBe(address);
    this.addresses.push(address);
    return address;
  }

  removeAt(at: number): void {
    const address = this.addresses[at]!;
    this.index.remove(this.find(address, this.records.hashOf(address)));
    this.addresses[at] = this.addresses[this.addresses.length - 1]!;
    this.addresses.pop();
    expect(this.find(address, this.records.hashOf(address))).toBe(0);
  }

  check(): void {
    for (const address of this.addresses) {
      const ref = this.find(address, this.records.hashOf(address));
      expect(ref !== 0 && this.index.address(ref) === address, `seed ${SEED}: lost ${address}`).toBe(true);
    }
    const scanned: number[] = [];
    let cursor = 0;
    do cursor = this.index.scan(cursor, 10, (ref) => scanned.push(this.index.address(ref)));
    while (cursor !== 0);
    expect(scanned.sort((a, b) => a - b)).toEqual([...this.addresses].sort((a, b) => a - b));
  }
}

const hashes: [string, (prng: Prng) => number][] = [
  ['uniform', (prng) => prng.uint32()],
  ['sharing 12 bits of prefix', (prng) => (0xabc0_0000 | (prng.uint32() & 0xf_ffff)) >>> 0],
  ['sharing their low 6 bits', (prng) => ((prng.uint32() & ~63) | 21) >>> 0],
  ['at both ends of the order', (prng) => ((prng.uint32() & ~0x600) | (prng.below(2) * 0x600)) >>> 0],
];

describe.each([
  ['segmented', createSegmentPool],
  ['cache-line', createBucketPool],
] as const)('%s index', (_name, createPool) => {
  it.each(hashes)('agrees with a model, hashes %s', (_hashes, draw) => {
    const prng = new Prng(SEED);
    const model = new Model(createPool(UNWATCHED_GROWTH));
    // Grows, stays (entries come and go), shrinks.
    for (const [steps, removals] of [
      [4000, 10],
      [6000, 50],
      [8000, 80],
    ] as const) {
      for (let step = 0; step < steps; step++) {
        const remove = prng.below(100) < removals && model.addresses.length > 0;
        if (remove) model.removeAt(prng.below(model.addresses.length));
        else model.add(draw(prng));
      }
      model.check();
    }
    while (model.addresses.length > 0) model.removeAt(0);
    model.check();
  });

  it('holds hundreds of entries of one hash, as many as fit without one more bit to tell them apart', () => {
    const model = new Model(createPool(UNWATCHED_GROWTH));
    for (let i = 0; i < 300; i++) model.add(0xdead_beef);
    for (let i = 0; i < 100; i++) model.add(0xdead_beef ^ 1);
    model.check();
    const found = new Set<number>();
    let ref = 0;
    do {
      ref = model.index.findHash(0xdead_beef, ref);
      if (ref !== 0) found.add(model.index.address(ref));
    } while (ref !== 0);
    expect(found).toEqual(new Set(model.addresses.slice(0, 300)));
    expect(model.index.findHash(0xdead_beee ^ 0x20, 0)).toBe(0);
    while (model.addresses.length > 0) model.removeAt(model.addresses.length >> 1);
  });

  it('shares a pool with others and gives back what it held', () => {
    const prng = new Prng(SEED + 1);
    const pool = createPool(UNWATCHED_GROWTH);
    const models = [new Model(pool), new Model(pool), new Model(pool)];
    for (let i = 0; i < 9000; i++) models[i % 3]!.add(prng.uint32());
    const gone: number[] = [];
    let from = 0;
    do {
      const before = gone.length;
      from = models[1]!.index.dismantle(from, 50, (ref) => gone.push(models[1]!.index.address(ref)));
      // A region of the larger kind holds 604 entries at most.
      expect(gone.length - before).toBeLessThan(50 + 604);
    } while (from !== 0);
    expect(gone.sort((a, b) => a - b)).toEqual(models[1]!.addresses.sort((a, b) => a - b));
    models[1]!.addresses.length = 0;
    expect(models[1]!.index.memoryBytes()).toBe(0);
    for (let i = 0; i < 3000; i++) models[2]!.add(prng.uint32());
    for (let i = 0; i < 2000; i++) models[1]!.add(prng.uint32());
    for (const model of models) model.check();
    // All were in the pool: what is cleared is taken again before the pool grows.
    const bytes = models[1]!.index.memoryBytes();
    models[1]!.index.dismantle(0, Number.POSITIVE_INFINITY, () => {});
    for (const address of models[1]!.addresses.splice(0)) models[1]!.add(models[1]!.records.hashOf(address));
    expect(models[1]!.index.memoryBytes()).toBe(bytes);
  });

  it('draws close to uniformly', () => {
    const prng = new Prng(SEED + 2);
    const model = new Model(createPool(UNWATCHED_GROWTH));
    for (let i = 0; i < 3000; i++) model.add(prng.uint32());
    const drawn = new Map<number, number>();
    for (let i = 0; i < 60_000; i++) {
      const address = model.index.address(model.index.random(() => prng.float()));
      drawn.set(address, (drawn.get(address) ?? 0) + 1);
    }
    // 20 draws of each expected; Poisson, so 60 of the same one has a chance below 10^-11.
    expect(Math.max(...drawn.values())).toBeLessThan(60);
    expect(drawn.size).toBe(3000);
  });
});
