/** What is deleted gives all its memory back, on the spot or in steps, and its account says so at every moment. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { Prng } from '../../../base/prng.ts';
import { type Argument, CommandHarness, type HarnessOptions } from '../../commands/commandHarness.ts';
import { createDeadlines } from '../../expiry/deadlineVariants.ts';
import { ByteWiseHash } from '../hashing.ts';
import { createStorage, STORAGE_NAMES, type StorageName } from '../storageVariants.ts';
import { ImmediateDisposal } from './immediateDisposal.ts';
import { ReleaseQueue } from './releaseQueue.ts';

const SEED = testSeed();

const harnessOptions = (lazy: boolean, storage: StorageName): HarnessOptions => ({
  variants: {
    createStorage: (rng) => createStorage(storage, new ByteWiseHash(rng)),
    // The sweep keeps no memory of its own that would come between.
    createDeadlines: (keyspace) => createDeadlines('sweep', keyspace),
    createDisposal: (...parts) => (lazy ? new ReleaseQueue(...parts) : new ImmediateDisposal()),
  },
});
const arenas = STORAGE_NAMES.filter((name) => name.startsWith('arena'));

const infoNumber = (harness: CommandHarness, field: string): number =>
  Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(String(harness.run('INFO', 'memory')))![1]);
const used = (harness: CommandHarness): number => harness.server.usedMemoryBytes();

/** The memory of a server that held something once: its index keeps a segment. */
function usedOnceEmpty(harness: CommandHarness): number {
  harness.run('SET', 'key:1', 'v');
  harness.run('DEL', 'key:1');
  return used(harness);
}

function fillHash(harness: CommandHarness, key: string, fields: number): void {
  const batch = 500;
  for (let first = 0; first < fields; first += batch) {
    const pairs: Argument[] = [];
    for (let i = first; i < Math.min(first + batch, fields); i++) pairs.push(`field:${i}`, `value:${i}`);
    harness.run('HSET', key, ...pairs);
  }
}

/** Slices until nothing waits; the memory used after each. */
function releaseAll(harness: CommandHarness): number[] {
  const bytes: number[] = [];
  while (harness.server.disposal.pendingObjects > 0) {
    harness.shard.workSlice();
    bytes.push(used(harness));
  }
  return bytes;
}

/** Every look at the clock takes 50 us: a slice has room for three steps. */
function slowClock(harness: CommandHarness): void {
  const { clock } = harness;
  const monotonicUs = clock.monotonicUs.bind(clock);
  let looks = 0;
  clock.monotonicUs = () => monotonicUs() + ++looks * 50;
}

describe.each(arenas)('lazy release of fields: %s', (storage) => {
  it('gives a large hash back in many small steps, charged until it is gone', () => {
    const harness = new CommandHarness(harnessOptions(true, storage));
    slowClock(harness);
    const before = usedOnceEmpty(harness);
    fillHash(harness, 'large', 30_000);
    const full = used(harness);
    expect(harness.run('DEL', 'large')).toBe(1);
    expect(harness.run('EXISTS', 'large')).toBe(0);
    expect(infoNumber(harness, 'lazyfree_pending_objects')).toBe(1);
    expect(full - used(harness)).toBeLessThan((full - before) * 0.01);
    const bytes = releaseAll(harness);
    expect(bytes.length).toBeGreaterThan(10);
    const steps = bytes.map((now, i) => (i === 0 ? full : bytes[i - 1]!) - now);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(bytes.at(-1)).toBe(before);
    expect(infoNumber(harness, 'lazyfree_pending_objects')).toBe(0);
    expect(infoNumber(harness, 'lazyfreed_objects')).toBe(1);
    harness.run('CONFIG', 'RESETSTAT');
    expect(infoNumber(harness, 'lazyfreed_objects')).toBe(0);
  });

  it('does not keep small values waiting', () => {
    const harness = new CommandHarness(harnessOptions(true, storage));
    fillHash(harness, 'small', 60);
    harness.run('HSET', 'small', 'long', 'v'.repeat(200));
    harness.run('DEL', 'small');
    expect(infoNumber(harness, 'lazyfree_pending_objects')).toBe(0);
  });

  it('frees waiting memory before it evicts anything', () => {
    const harness = new CommandHarness(harnessOptions(true, storage));
    for (let i = 0; i < 500; i++) harness.run('SET', `key:${i}`, 'v');
    const limit = used(harness) + 100_000;
    fillHash(harness, 'large', 20_000);
    harness.run('DEL', 'large');
    slowClock(harness);
    harness.run('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-random');
    harness.run('CONFIG', 'SET', 'maxmemory', limit);
    for (let i = 0; i < 500; i++) expect(harness.run('SET', `key:${i}`, 'w')).toBe('OK');
    expect(used(harness)).toBeLessThanOrEqual(limit);
    expect(harness.server.stats.evictedKeys).toBe(0);
  });
});

describe.each(STORAGE_NAMES)('lazy release over %s', (storage) => {
  it('empties a database at once and releases what was in it by and by', () => {
    const harness = new CommandHarness(harnessOptions(true, storage));
    slowClock(harness);
    const before = usedOnceEmpty(harness);
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 1000; i++) {
        fillHash(harness, `hash:${i}`, 3);
        harness.run('SET', `key:${i}`, 'v', 'EX', 1000);
      }
      fillHash(harness, 'large', 5000);
      expect(harness.run('FLUSHALL', 'ASYNC')).toBe('OK');
      expect(harness.run('DBSIZE')).toBe(0);
      expect(harness.run('SET', 'key:1', 'new', 'PX', 1000)).toBe('OK');
      // Keys count, as in Redis.
      expect(infoNumber(harness, 'lazyfree_pending_objects')).toBe(2001);
      expect(releaseAll(harness).length).toBeGreaterThan(3);
      expect(harness.run('GET', 'key:1')).toBe('new');
      harness.advance(1000);
      expect(harness.run('DBSIZE')).toBe(0);
      expect(used(harness)).toBe(before);
    }
  });

  it('waits for nothing after FLUSHDB SYNC', () => {
    const harness = new CommandHarness(harnessOptions(true, storage));
    const before = used(harness);
    fillHash(harness, 'large', 5000);
    harness.run('DEL', 'large');
    fillHash(harness, 'large', 5000);
    expect(harness.run('FLUSHDB', 'SYNC')).toBe('OK');
    expect(harness.server.disposal.pendingObjects).toBe(0);
    expect(used(harness)).toBe(before);
  });

  it('ends up where immediate release is, whatever is deleted and how', () => {
    const prng = new Prng(SEED);
    const [lazy, immediate] = [true, false].map(
      (each) => new CommandHarness(harnessOptions(each, storage)),
    ) as [CommandHarness, CommandHarness];
    for (let step = 0; step < 1500; step++) {
      const [key, other] = [`key:${prng.below(20)}`, `key:${prng.below(20)}`];
      const fields = 1 + prng.below(prng.below(10) === 0 ? 900 : 150);
      const pairs = Array.from({ length: fields }, (_, i) => [`f:${i}`, 'v'.repeat(prng.below(80))]).flat();
      const command = [
        ['HSET', key, ...pairs],
        ['HSET', key, ...pairs],
        ['SET', key, 'v'.repeat(prng.below(6000))],
        ['DEL', key, other],
        ['UNLINK', key],
        ['RENAME', key, other],
        ['COPY', key, other, 'REPLACE'],
        ['PEXPIRE', key, '150'],
        ['MOVE', key, '1'],
        prng.below(10) === 0 ? ['FLUSHDB'] : ['SWAPDB', '0', '1'],
      ][prng.below(10)]!;
      const replies = [lazy, immediate].map((harness) => harness.raw(...command).toString('latin1'));
      expect(replies[0], `SEED=${SEED} step ${step}: ${command[0]}`).toBe(replies[1]);
      if (prng.below(20) === 0) for (const harness of [lazy, immediate]) harness.advance(100);
      if (prng.below(50) === 0) {
        releaseAll(lazy);
        expect(used(lazy), `SEED=${SEED} step ${step}`).toBe(used(immediate));
      }
    }
    expect(lazy.server.stats.lazyfreedObjects).toBeGreaterThan(0);
  });
});
