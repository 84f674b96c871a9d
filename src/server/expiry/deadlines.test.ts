/** The same properties over every way to know what has expired, over both keyspaces, each against a model: key to expiry. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../test/seed.ts';
import { fromLatin1, toLatin1 } from '../../base/bytes.ts';
import { Prng } from '../../base/prng.ts';
import { SeededRng } from '../../ports/sim/seededRng.ts';
import { ByteWiseHash } from '../keyspace/hashing.ts';
import { type Keyspace, NO_EXPIRY, type Ref } from '../keyspace/keyspace.ts';
import { createStorage, STORAGE_NAMES } from '../keyspace/storageVariants.ts';
import type { Deadlines } from './deadlines.ts';
import { createDeadlines, createQueuedDeadlines, DEADLINES_NAMES, QUEUE_NAMES } from './deadlineVariants.ts';
import { TOKENS_SPARE } from './queuedDeadlines.ts';
import { Sweep } from './sweep.ts';

const SEED = testSeed();
const BUDGET = 32;

const hash = (): ByteWiseHash => new ByteWiseHash(new SeededRng(SEED));
const keyspaces: [string, () => Keyspace][] = STORAGE_NAMES.filter(
  (name) => name === 'arena' || name === 'map' || name === 'map, both',
).map((name) => [name, () => createStorage(name, hash()).createDatabase()]);
const cross = <T extends string>(axis: readonly T[]): [string, () => Keyspace, T][] =>
  keyspaces.flatMap(([storage, create]) =>
    axis.map((name): [string, () => Keyspace, T] => [`${name} over ${storage}`, create, name]),
  );

const VALUE = fromLatin1('v');
/** As Database does it. */
function put(keyspace: Keyspace, deadlines: Deadlines, key: string, expireAtMs: number): void {
  const bytes = fromLatin1(key);
  const ref = keyspace.putString(bytes, 0, bytes.length, VALUE, 0, 1, expireAtMs, false);
  if (expireAtMs !== NO_EXPIRY) deadlines.add(ref, expireAtMs);
}
const find = (keyspace: Keyspace, key: string): Ref => keyspace.find(fromLatin1(key), 0, key.length);

/** Runs to completion; the keys that went. */
function runOut(keyspace: Keyspace, deadlines: Deadlines, nowMs: number): string[] {
  const gone: string[] = [];
  const expire = (ref: Ref): void => {
    gone.push(toLatin1(keyspace.keyBytes(ref)));
    keyspace.remove(ref);
  };
  while (deadlines.advance(nowMs, BUDGET, expire));
  return gone;
}

describe.each(cross(DEADLINES_NAMES))('deadlines: %s', (_name, createKeyspace, name) => {
  it('remove just what is due, whatever happened to expiries and clock', () => {
    const prng = new Prng(SEED);
    const keyspace = createKeyspace();
    const deadlines = createDeadlines(name, keyspace);
    const model = new Map<string, number>();
    let nowMs = 1.7e12;
    const distances = [1, 2, 100, 256, 1000, 65_536, 3_600_000, 86_400_000 * 40, 3e10, 2 ** 45];
    const expiry = (): number => nowMs + 1 + prng.below(distances[prng.below(distances.length)]!);
    for (let step = 0; step < 30_000; step++) {
      const key = `key:${prng.below(2000)}`;
      const action = prng.below(20);
      if (action < 9) {
        const expireAtMs = prng.below(8) === 0 ? NO_EXPIRY : expiry();
        put(keyspace, deadlines, key, expireAtMs);
        model.set(key, expireAtMs);
      } else if (action < 14 && model.has(key)) {
        const expireAtMs = prng.below(4) === 0 ? NO_EXPIRY : expiry();
        const ref = find(keyspace, key);
        keyspace.setExpireAt(ref, expireAtMs);
        if (expireAtMs !== NO_EXPIRY) deadlines.add(ref, expireAtMs);
        model.set(key, expireAtMs);
      } else if (action < 17 && model.has(key)) {
        keyspace.remove(find(keyspace, key));
        model.delete(key);
      } else if (action === 17) {
        // Also steps of nothing and back: wall clocks are set.
        nowMs += [0, 1, 5, 300, 5000, 100_000, -2000, 2 ** 33][prng.below(step % 50 === 0 ? 8 : 5)]!;
        const next = Math.min(...[...model.values()].filter((at) => at !== NO_EXPIRY));
        if (!(deadlines instanceof Sweep))
          expect(deadlines.nextMs(), `SEED=${SEED} step ${step}`).toBeLessThanOrEqual(next);
        const due = [...model].filter(([, at]) => at !== NO_EXPIRY && at <= nowMs).map(([dueKey]) => dueKey);
        expect(runOut(keyspace, deadlines, nowMs).sort(), `SEED=${SEED} step ${step}`).toEqual(due.sort());
        for (const dueKey of due) model.delete(dueKey);
      } else if (action === 18 && prng.below(500) === 0) {
        keyspace.clear();
        model.clear();
      }
    }
    expect(keyspace.count).toBe(model.size);
    runOut(keyspace, deadlines, Number.MAX_SAFE_INTEGER);
    expect(keyspace.expiringCount).toBe(0);
    expect(deadlines.nextMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('stops between steps when many entries are due at one instant', () => {
    const keyspace = createKeyspace();
    const deadlines = createDeadlines(name, keyspace);
    for (let i = 0; i < 20_000; i++) put(keyspace, deadlines, `key:${i}`, 1000);
    let removedMax = 0;
    let removed = 0;
    const expire = (ref: Ref): void => {
      keyspace.remove(ref);
      removed++;
    };
    for (let goesOn = true; goesOn; ) {
      const before = removed;
      goesOn = deadlines.advance(1000, BUDGET, expire);
      removedMax = Math.max(removedMax, removed - before);
    }
    expect(keyspace.count).toBe(0);
    // A step of the sweep may pass its budget by the length of a probe sequence.
    expect(removedMax).toBeLessThan(4 * BUDGET);
  });
});

describe.each(cross(QUEUE_NAMES))('queued deadlines: %s', (_name, createKeyspace, name) => {
  it('hold a bounded number of tokens, however often expiries are overwritten', () => {
    const prng = new Prng(SEED + 1);
    const keyspace = createKeyspace();
    const deadlines = createQueuedDeadlines(name, keyspace);
    const nowMs = 1.7e12;
    const keys = 3000;
    // The bound of the file's head, for a set of keys of which all may have an expiry.
    const tokensMax = 3 * keys + 2 * (keys / 4) + TOKENS_SPARE + 16;
    const writes = 250_000;
    let highest = 0;
    for (let write = 0; write < writes; write++) {
      const key = `key:${prng.below(keys)}`;
      // One instant for all in the first half: tokens that no look at the entry can tell apart.
      put(keyspace, deadlines, key, write < writes / 2 ? nowMs + 1e9 : nowMs + 1e9 + write);
      if (write % 3 === 0) keyspace.remove(find(keyspace, key));
      if (deadlines.tokens > highest) highest = deadlines.tokens;
    }
    expect(highest).toBeLessThanOrEqual(tokensMax);
    expect(highest).toBeGreaterThan(TOKENS_SPARE);
    const left = keyspace.count;
    expect(runOut(keyspace, deadlines, nowMs + 1e9 + writes).length).toBe(left);
    expect(deadlines.tokens).toBe(0);
  });

  it('cost few bytes per key', () => {
    const prng = new Prng(SEED + 2);
    const keyspace = createKeyspace();
    const deadlines = createQueuedDeadlines(name, keyspace);
    runOut(keyspace, deadlines, 1.7e12);
    for (let i = 0; i < 100_000; i++)
      put(keyspace, deadlines, `key:${i}`, 1.7e12 + 1 + prng.below(86_400_000));
    expect(deadlines.memoryBytes() / 100_000).toBeLessThan({ heap: 12.6, wheel: 5.2 }[name]);
  });

  it('forget a flushed keyspace at the next step', () => {
    const keyspace = createKeyspace();
    const deadlines = createQueuedDeadlines(name, keyspace);
    const empty = deadlines.memoryBytes();
    for (let i = 0; i < 50_000; i++) put(keyspace, deadlines, `key:${i}`, 1e9 + i);
    expect(deadlines.memoryBytes()).toBeGreaterThan(50_000 * 4);
    keyspace.clear();
    expect(runOut(keyspace, deadlines, 1)).toEqual([]);
    expect(deadlines.memoryBytes()).toBe(empty);
  });
});
