import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { ByteWiseHash } from '../hashing.ts';
import { NO_EXPIRY } from '../keyspace.ts';
import { createStorage } from '../storageVariants.ts';
import { FieldDeadlines } from './fieldDeadlines.ts';
import { HashValue } from './hashValue.ts';
import { createPacked } from './smallFieldsFixture.ts';

const LIMITS = { entriesMax: 512, valueBytesMax: 64 };

describe('FieldDeadlines', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`expires what is due and watches nothing else, seed ${seed}`, () => {
      const random = new Prng(seed);
      const storage = createStorage('map', new ByteWiseHash(random));
      const keyspace = storage.createDatabase();
      const deadlines = new FieldDeadlines();
      /** By key: field -> expiry. */
      const model = new Map<string, Map<string, number>>();
      let nowMs = 1000;
      const watch = (hash: HashValue, name: string): void =>
        deadlines.watch(hash, keyspace, fromLatin1(name), 0, name.length);
      for (let step = 0; step < 4000; step++) {
        const name = `key${random.below(40)}`;
        const key = fromLatin1(name);
        let ref = keyspace.find(key, 0, key.length);
        const action = random.below(100);
        if (action < 60) {
          if (ref === 0) {
            ref = keyspace.putCollection(key, 0, key.length, new HashValue(storage, createPacked), NO_EXPIRY);
            model.set(name, new Map());
          }
          const hash = keyspace.collection(ref) as HashValue;
          const field = fromLatin1(`f${random.below(5)}`);
          const expireAtMs = random.below(5) === 0 ? NO_EXPIRY : nowMs + random.below(500);
          hash.set(field, 0, field.length, field, 0, 1, false, LIMITS);
          hash.setExpireAt(hash.find(field, 0, field.length), expireAtMs);
          model.get(name)!.set(toLatin1(field), expireAtMs);
          watch(hash, name);
        } else if (action < 70 && ref !== 0) {
          keyspace.remove(ref);
          model.delete(name);
        } else if (action < 80 && ref !== 0) {
          const other = `key${40 + random.below(5)}`;
          const hash = keyspace.detach(ref) as HashValue;
          keyspace.putCollection(fromLatin1(other), 0, other.length, hash, NO_EXPIRY);
          watch(hash, other);
          model.set(other, model.get(name)!);
          model.delete(name);
        } else if (action < 90) {
          nowMs += random.below(100);
          while (deadlines.isDue(nowMs)) deadlines.expire(nowMs, 1 + random.below(3));
          for (const [known, fields] of model) {
            for (const [field, at] of fields) if (at !== NO_EXPIRY && at < nowMs) fields.delete(field);
            if (fields.size === 0) model.delete(known);
          }
          const expiring = [...model.values()].filter((fields) =>
            [...fields.values()].some((at) => at !== NO_EXPIRY),
          );
          // A hash whose last expiry was dropped is let go at the instant that it had.
          expect(deadlines.size).toBeGreaterThanOrEqual(expiring.length);
        }
        expect(keyspace.count).toBe(model.size);
      }
      for (const [known, fields] of model) {
        const ref = keyspace.find(fromLatin1(known), 0, known.length);
        expect((keyspace.collection(ref) as HashValue).length).toBe(fields.size);
      }
      while (deadlines.isDue(nowMs + 10_000)) deadlines.expire(nowMs + 10_000, 64);
      expect(deadlines.size).toBe(0);
    });
  }

  it('lets go of all hashes when the keyspace is cleared', () => {
    const storage = createStorage('map', new ByteWiseHash(new Prng(5)));
    const keyspace = storage.createDatabase();
    const deadlines = new FieldDeadlines();
    for (let i = 0; i < 20; i++) {
      const key = fromLatin1(`key${i}`);
      const hash = new HashValue(storage, createPacked);
      hash.set(key, 0, key.length, key, 0, 1, false, LIMITS);
      hash.setExpireAt(hash.find(key, 0, key.length), 1000 - i);
      keyspace.putCollection(key, 0, key.length, hash, NO_EXPIRY);
      deadlines.watch(hash, keyspace, key, 0, key.length);
    }
    expect(deadlines.size).toBe(20);
    expect(deadlines.isDue(981)).toBe(false);
    expect(deadlines.isDue(982)).toBe(true);
    keyspace.clear();
    expect(deadlines.size).toBe(0);
  });
});
