/** The factory's account of collections against the sum over what is really there, whatever happens to hashes. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { fromLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { ByteWiseHash } from '../hashing.ts';
import { type Keyspace, type KeyspaceFactory, NO_EXPIRY, type Ref, ValueType } from '../keyspace.ts';
import { createStorage, STORAGE_NAMES } from '../storageVariants.ts';
import type { HashLimits } from './hashEncoding.ts';
import { HashValue } from './hashValue.ts';
import type { PackedFields } from './packedFields.ts';
import type { CreateSmallFields } from './smallFields.ts';
import { createPacked, smallForms } from './smallFieldsFixture.ts';

const SEED = testSeed();
const STEPS = 4000;
const KEYS = 12;
const FIELDS = 120;
const NOW_MS = 1_000_000;

const variants = STORAGE_NAMES.map((name): [string, () => KeyspaceFactory] => [
  name,
  () => createStorage(name, new ByteWiseHash(new Prng(SEED))),
]);

function collectionsBytesCounted(databases: readonly Keyspace[]): number {
  let bytes = 0;
  for (const keyspace of databases) {
    let cursor = 0;
    // Nothing changes between the calls, so each entry is visited once.
    do {
      cursor = keyspace.scan(cursor, 1000, (ref) => {
        if (keyspace.type(ref) === ValueType.hash) bytes += keyspace.collection(ref).memoryBytes();
      });
    } while (cursor !== 0);
  }
  return bytes;
}

/** A life of random changes to the hashes of two databases. */
class Life {
  readonly factory: KeyspaceFactory;
  readonly databases: Keyspace[];
  readonly #random: Prng;
  readonly #createSmall: CreateSmallFields;
  /** Which of the rarer things have happened. */
  readonly seen = new Set<string>();

  constructor(factory: KeyspaceFactory, createSmall: CreateSmallFields, seed: number) {
    this.factory = factory;
    this.#createSmall = createSmall;
    this.databases = [factory.createDatabase(), factory.createDatabase()];
    this.#random = new Prng(seed);
  }

  #key(): Uint8Array {
    // Some keys are too long for a record.
    const number = this.#random.below(KEYS);
    return fromLatin1(`${'k'.repeat(number % 4 === 0 ? 5000 : 1)}${number}`);
  }

  #limits(): HashLimits {
    return { entriesMax: [8, 64, 512][this.#random.below(3)]!, valueBytesMax: 64 };
  }

  #set(hash: HashValue, pairs: number): void {
    const random = this.#random;
    const limits = this.#limits();
    for (let pair = 0; pair < pairs; pair++) {
      const field = fromLatin1(`f${random.below(FIELDS)}`);
      const length = [0, 8, 70, 300, 6000][Math.min(random.below(5), random.below(5))]!;
      const value = new Uint8Array(length);
      if (random.below(2) === 0) {
        const bytes = hash.prepare(1, field.length + length, Math.max(field.length, length), limits);
        if (random.below(2) === 0) hash.makeRoom(bytes);
      }
      hash.set(field, 0, field.length, value, 0, length, random.below(2) === 0, limits);
      if (random.below(4) === 0) {
        const ref = hash.find(field, 0, field.length);
        hash.setExpireAt(ref, random.below(3) === 0 ? NO_EXPIRY : NOW_MS + random.below(1000) - 500);
      }
    }
    this.seen.add(hash.small === undefined ? 'table' : 'small');
  }

  #removeFields(keyspace: Keyspace, ref: Ref, hash: HashValue): void {
    const fields = this.#random.below(FIELDS);
    for (let number = 0; number < fields; number++) {
      const field = fromLatin1(`f${number}`);
      const found = hash.find(field, 0, field.length);
      if (found !== 0) hash.remove(found);
    }
    if (hash.length === 0) keyspace.remove(ref);
  }

  step(): void {
    const random = this.#random;
    const keyspace = this.databases[random.below(2)]!;
    const other = this.databases[random.below(2)]!;
    const key = this.#key();
    const otherKey = this.#key();
    const put = (into: Keyspace, under: Uint8Array, hash: HashValue): Ref =>
      into.putCollection(under, 0, under.length, hash, random.below(2) === 0 ? NO_EXPIRY : NOW_MS);
    const ref = keyspace.find(key, 0, key.length);
    const hash =
      ref !== 0 && keyspace.type(ref) === ValueType.hash
        ? (keyspace.collection(ref) as HashValue)
        : undefined;
    const action = random.below(100);
    if (hash === undefined) {
      if (action < 10) {
        keyspace.putString(key, 0, key.length, key, 0, key.length, NO_EXPIRY, false);
        return;
      }
      const fresh = new HashValue(this.factory, this.#createSmall, random.below(100));
      // As RESTORE does (fill, then put) and as HSET does (put, then fill); and what RESTORE drops, released or forgotten.
      if (action < 50) this.#set(fresh, random.below(60) + 1);
      if (action < 20) {
        if (action < 15) fresh.release();
        this.seen.add('dropped');
        return;
      }
      put(keyspace, key, fresh);
      this.#set(fresh, 1);
    } else if (action < 45) {
      this.#set(hash, random.below(random.below(60) + 1) + 1);
    } else if (action < 60) {
      this.#removeFields(keyspace, ref, hash);
    } else if (action < 68) {
      if (random.below(2) === 0) hash.expireAllFields(NOW_MS + random.below(1000) - 500);
      else hash.expireFields(NOW_MS + random.below(1000) - 500, 5);
      if (hash.length === 0) keyspace.remove(ref);
    } else if (action < 76) {
      put(other, otherKey, keyspace.detach(ref) as HashValue);
      this.seen.add('moved');
    } else if (action < 84) {
      const copy = hash.duplicate();
      if (action < 80) put(other, otherKey, copy);
      this.seen.add('copied');
    } else if (action < 86) {
      keyspace.putString(key, 0, key.length, key, 0, 1, NO_EXPIRY, false);
    } else if (action < 88) {
      put(keyspace, key, hash);
      this.seen.add('put in its own place');
    } else if (action < 90) {
      put(keyspace, key, new HashValue(this.factory, this.#createSmall));
    } else if (action < 98) {
      keyspace.remove(ref);
      // Whoever still holds it may go on: it is nobody's business any more.
      if (action < 91) this.#set(hash, 40);
    } else if (action === 98) {
      keyspace.detach(ref);
    } else if (random.below(3) === 0) {
      keyspace.clear();
      this.seen.add('cleared');
    }
  }
}

describe.each(variants)('account of collections, %s', (_name, create) => {
  for (let life = 0; life < smallForms.length; life++) {
    const [form, createSmall] = smallForms[life]!;
    it(`agrees with what is there after every step, ${form}, seed ${SEED + life}`, () => {
      const world = new Life(create(), createSmall, SEED + life);
      for (let step = 0; step < STEPS; step++) {
        world.step();
        expect(world.factory.collectionsBytes(), `step ${step}`).toBe(
          collectionsBytesCounted(world.databases),
        );
      }
      expect(world.factory.collectionsBytes()).toBeGreaterThan(0);
      expect([...world.seen].sort()).toEqual(
        ['table', 'small', 'dropped', 'moved', 'copied', 'put in its own place', 'cleared'].sort(),
      );
      for (const keyspace of world.databases) keyspace.clear();
      expect(world.factory.collectionsBytes()).toBe(0);
    });
  }

  it('sees a large hash grow and shrink', () => {
    const factory = create();
    const keyspace = factory.createDatabase();
    const hash = new HashValue(factory, createPacked);
    keyspace.putCollection(fromLatin1('h'), 0, 1, hash, NO_EXPIRY);
    hash.makeRoom(hash.prepare(10, 1000, 64, { entriesMax: 512, valueBytesMax: 64 }));
    expect((hash.small as PackedFields).bytes.length).toBeGreaterThan(1000);
    const small = factory.collectionsBytes();
    expect(small).toBe(hash.memoryBytes());
    for (let number = 0; number < 10_000; number++) {
      const field = fromLatin1(String(number));
      hash.set(field, 0, field.length, field, 0, field.length, false, { entriesMax: 512, valueBytesMax: 64 });
    }
    expect(factory.collectionsBytes() - small).toBeGreaterThan(10_000 * 16);
    const ref = keyspace.find(fromLatin1('h'), 0, 1);
    expect(keyspace.entryMemoryBytes(ref)).toBeGreaterThan(factory.collectionsBytes());
    keyspace.remove(ref);
    expect(factory.collectionsBytes()).toBe(0);
  });
});
