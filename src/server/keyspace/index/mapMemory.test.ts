/** What the Map keyspace charges against what V8 says it holds, for each combination of its parts. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { SeededRng } from '../../../ports/sim/seededRng.ts';
import { ByteWiseHash } from '../hashing.ts';
import { type Keyspace, NO_EXPIRY } from '../keyspace.ts';
import { createStorage, type StorageName } from '../storageVariants.ts';

/** Each partition's Map holds about 45 entries of the 64 it has room for: the mean between two doublings. */
const ENTRIES = 46_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function fill(keyspace: Keyspace, valueLength: number, expireAtMs: number): void {
  const key = Buffer.alloc(16);
  const value = Buffer.alloc(valueLength, 'x');
  for (let i = 0; i < ENTRIES; i++) {
    key.write(String(i).padStart(16, '0'), 'latin1');
    // Expiries of their own: one number that all share would be held once.
    const at = expireAtMs === NO_EXPIRY ? NO_EXPIRY : expireAtMs + i;
    keyspace.putString(key, 0, 16, value, 0, valueLength, at, false);
  }
}

describe.each<StorageName>(['map', 'map, entry rows', 'map, inline strings', 'map, both'])('%s', (name) => {
  it.each([
    [8, NO_EXPIRY],
    [8, 1e12],
    [60, NO_EXPIRY],
    [60, 1e12],
  ])('charges what values of %s bytes, expiry %s, take', (valueLength, expireAtMs) => {
    const keyspace = createStorage(name, new ByteWiseHash(new SeededRng(1))).createDatabase();
    // The first pass warms up: compiled code and inline caches are no part of the entries.
    fill(keyspace, valueLength, expireAtMs);
    keyspace.clear();
    const before = heldBytes();
    fill(keyspace, valueLength, expireAtMs);
    const perEntry = (heldBytes() - before) / ENTRIES;
    const charged = keyspace.memoryBytes() / ENTRIES;
    expect(charged / perEntry).toBeGreaterThan(0.9);
    expect(charged / perEntry).toBeLessThan(1.1);
    const ref = keyspace.find(Buffer.from('0'.repeat(16)), 0, 16);
    expect(keyspace.entryMemoryBytes(ref) / perEntry).toBeGreaterThan(0.9);
    expect(keyspace.entryMemoryBytes(ref) / perEntry).toBeLessThan(1.1);
  });
});
