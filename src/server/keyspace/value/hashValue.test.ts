import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { ByteWiseHash } from '../hashing.ts';
import { NO_EXPIRY } from '../keyspace.ts';
import { createStorage } from '../storageVariants.ts';
import type { HashLimits } from './hashEncoding.ts';
import { HashValue } from './hashValue.ts';
import type { PackedFields } from './packedFields.ts';
import { createPacked, smallForms } from './smallFieldsFixture.ts';

const LIMITS: HashLimits = { entriesMax: 512, valueBytesMax: 64 };
const storage = () => createStorage('map', new ByteWiseHash(new Prng(7)));

function set(hash: HashValue, field: string, value: string, keepExpiry = false, limits = LIMITS): boolean {
  const fieldBytes = fromLatin1(field);
  const valueBytes = fromLatin1(value);
  hash.prepare(1, field.length + value.length, Math.max(field.length, value.length), limits);
  return hash.set(fieldBytes, 0, field.length, valueBytes, 0, value.length, keepExpiry, limits);
}

const find = (hash: HashValue, field: string): number => hash.find(fromLatin1(field), 0, field.length);

/** field -> [value, expiry]. */
function contents(hash: HashValue): Map<string, [string, number]> {
  const map = new Map<string, [string, number]>();
  hash.forEach((field, value, expireAtMs) => {
    const name = toLatin1(field);
    expect(map.has(name)).toBe(false);
    map.set(name, [toLatin1(value), expireAtMs]);
  });
  return map;
}

describe.each(smallForms)('encoding, %s', (_form, createSmall) => {
  it('is a listpack up to the configured number of fields', () => {
    const hash = new HashValue(storage(), createSmall);
    for (let i = 0; i < 512; i++) set(hash, `f${i}`, 'v');
    expect(hash.encoding()).toBe('listpack');
    set(hash, 'one more', 'v');
    expect(hash.encoding()).toBe('hashtable');
    expect(hash.table?.count).toBe(513);
    hash.remove(find(hash, 'f0'));
    expect(hash.encoding()).toBe('hashtable');
  });

  it('is a hashtable once a field or value is too long, though the form stays packed', () => {
    for (const [field, value] of [
      ['f', 'v'.repeat(65)],
      ['f'.repeat(65), 'v'],
    ] as const) {
      const hash = new HashValue(storage(), createSmall);
      set(hash, 'f'.repeat(64), 'v'.repeat(64));
      expect(hash.encoding()).toBe('listpack');
      set(hash, field, value);
      expect(hash.encoding()).toBe('hashtable');
      expect(hash.small?.count).toBe(2);
    }
  });

  it('is a hashtable at once when a command brings more pairs than fit', () => {
    const hash = new HashValue(storage(), createSmall);
    hash.prepare(3, 3, 1, { entriesMax: 2, valueBytesMax: 64 });
    expect(hash.encoding()).toBe('hashtable');
  });

  it('is a listpackex from the first request for a field expiry on', () => {
    const hash = new HashValue(storage(), createSmall);
    set(hash, 'f', 'v');
    hash.setExpireAt(find(hash, 'f'), 1000);
    hash.setExpireAt(find(hash, 'f'), NO_EXPIRY);
    expect(hash.encoding()).toBe('listpackex');
  });

  it('leaves the packed form when it grows large in bytes', () => {
    const hash = new HashValue(storage(), createSmall);
    set(hash, 'f', 'v'.repeat(5000));
    expect(hash.table?.count).toBe(1);
    expect(toLatin1(hash.valueView(find(hash, 'f')))).toBe('v'.repeat(5000));
  });
});

describe.each(smallForms)('against a model, %s', (_form, createSmall) => {
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  for (const seed of seeds) {
    it(`answers as a Map does, seed ${seed}`, () => {
      const random = new Prng(seed);
      const limits = { entriesMax: [512, 20, 0][seed % 3]!, valueBytesMax: 64 };
      const fields = seed % 2 === 0 ? 80 : 20;
      let hash = new HashValue(storage(), createSmall);
      let model = new Map<string, [string, number]>();
      const lengths = [0, 1, 5, 63, 64, 126, 127, 253, 254, 300];
      for (let step = 0; step < 3000; step++) {
        const field = `${'x'.repeat(random.below(5) === 0 ? 254 : 0)}${random.below(fields)}`;
        const action = random.below(100);
        const known = model.get(field);
        const ref = find(hash, field);
        expect(ref !== 0).toBe(known !== undefined);
        if (action < 50) {
          const longest = limits.entriesMax === 512 ? 5 : lengths.length;
          const value = String.fromCharCode(97 + random.below(26)).repeat(lengths[random.below(longest)]!);
          const keepExpiry = random.below(2) === 0;
          expect(set(hash, field, value, keepExpiry, limits)).toBe(known === undefined);
          model.set(field, [value, keepExpiry && known !== undefined ? known[1] : NO_EXPIRY]);
        } else if (action < 70) {
          if (known === undefined) continue;
          hash.remove(ref);
          model.delete(field);
        } else if (action < 90) {
          if (known === undefined) continue;
          const expireAtMs = random.below(4) === 0 ? NO_EXPIRY : random.below(2 ** 46);
          hash.setExpireAt(ref, expireAtMs);
          model.set(field, [known[0], expireAtMs]);
        } else if (action < 95) {
          const nowMs = random.below(2 ** 46);
          const due = [...model].filter(([, [, at]]) => at !== NO_EXPIRY && at < nowMs);
          expect(hash.liveCount(nowMs)).toBe(model.size - due.length);
          if (random.below(20) > 0) continue;
          expect(hash.expireAllFields(nowMs)).toBe(due.length);
          for (const [name] of due) model.delete(name);
        } else if (action < 97) {
          const copy = hash.duplicate();
          expect(copy.encoding()).toBe(hash.encoding());
          hash.release();
          hash = copy;
          model = new Map(model);
        }
        expect(hash.length).toBe(model.size);
        expect(hash.expiringCount).toBe([...model.values()].filter(([, at]) => at !== NO_EXPIRY).length);
        if (step % 50 === 0) expect(contents(hash)).toEqual(model);
      }
      expect(contents(hash)).toEqual(model);
    });
  }
});

describe.each(smallForms)('expiry of fields, %s', (_form, createSmall) => {
  const NOW = 1_000_000;

  it('takes a field as expired after its instant, not at it', () => {
    const hash = new HashValue(storage(), createSmall);
    set(hash, 'f', 'v');
    hash.setExpireAt(find(hash, 'f'), NOW);
    expect(hash.isExpired(find(hash, 'f'), NOW)).toBe(false);
    expect(hash.isExpired(find(hash, 'f'), NOW + 1)).toBe(true);
  });

  for (const entriesMax of [512, 0]) {
    it(`removes what is due in slices and finds the next bound, at most ${entriesMax} packed`, () => {
      const limits = { entriesMax, valueBytesMax: 64 };
      const hash = new HashValue(storage(), createSmall);
      for (let i = 0; i < 400; i++) {
        set(hash, `f${i}`, 'v', false, limits);
        hash.setExpireAt(find(hash, `f${i}`), i % 2 === 0 ? NOW - 1 : NOW + 5000 + i);
      }
      set(hash, 'persistent', 'v', false, limits);
      expect(hash.nextFieldExpiryMs()).toBe(NOW - 1);
      let removed = 0;
      let calls = 0;
      while (hash.nextFieldExpiryMs() !== NO_EXPIRY && hash.nextFieldExpiryMs() < NOW) {
        const slice = hash.expireFields(NOW, 50);
        expect(slice).toBeLessThan(100);
        removed += slice;
        expect(++calls).toBeLessThan(30);
      }
      expect(removed).toBe(200);
      expect(hash.length).toBe(201);
      expect(hash.nextFieldExpiryMs()).toBe(NOW + 5001);
      expect(hash.expireFields(NOW, 50)).toBe(0);
      expect(hash.expireAllFields(NOW + 10_000)).toBe(200);
      expect(hash.nextFieldExpiryMs()).toBe(NO_EXPIRY);
      expect([...contents(hash).keys()]).toEqual(['persistent']);
    });
  }

  it('does not miss a field whose expiry is set behind a walk under way', () => {
    const hash = new HashValue(storage(), createSmall);
    const limits = { entriesMax: 0, valueBytesMax: 64 };
    for (let i = 0; i < 100; i++) set(hash, `f${i}`, 'v', false, limits);
    hash.setExpireAt(find(hash, 'f99'), NOW - 1);
    hash.expireFields(NOW, 2);
    hash.setExpireAt(find(hash, 'f0'), NOW - 1);
    for (let call = 0; call < 20; call++) hash.expireFields(NOW, 30);
    expect(hash.length).toBe(98);
    hash.setExpireAt(find(hash, 'f1'), NOW - 1);
    hash.expireFields(NOW, 2);
    hash.setExpireAt(find(hash, 'f2'), NOW - 1);
    expect(hash.expireAllFields(NOW)).toBeGreaterThanOrEqual(1);
    expect(hash.length).toBe(96);
  });

  it('removes nothing and returns when the clock was set back while a walk was under way', () => {
    const hash = new HashValue(storage(), createSmall);
    for (let i = 0; i < 100; i++) set(hash, `f${i}`, 'v', false, { entriesMax: 0, valueBytesMax: 64 });
    for (let i = 0; i < 100; i++) hash.setExpireAt(find(hash, `f${i}`), NOW);
    const removed = hash.expireFields(NOW + 1, 2);
    expect(removed).toBeLessThan(100);
    expect(hash.expireAllFields(NOW - 1)).toBe(0);
    expect(hash.expireAllFields(NOW + 1)).toBe(100 - removed);
  });
});

describe('memory', () => {
  it('stays near the payload in the packed form', () => {
    const hash = new HashValue(storage(), createPacked);
    for (let i = 0; i < 200; i++) set(hash, `field${100 + i}`, 'eight by');
    const payloadBytes = 200 * 16;
    // Two bytes of lengths a field, an eighth of spare room, and the objects: 128 + 56 + 330.
    expect(hash.memoryBytes() - payloadBytes).toBeLessThan(200 * 2 + payloadBytes / 8 + 514);
    for (let i = 0; i < 190; i++) hash.remove(find(hash, `field${100 + i}`));
    expect((hash.small as PackedFields).bytes.length).toBeLessThan(500);
  });
});

describe.each(smallForms)('random, %s', (_form, createSmall) => {
  it('draws every field of the packed form equally often', () => {
    const hash = new HashValue(storage(), createSmall);
    for (let i = 0; i < 10; i++) set(hash, `f${i}`, 'v'.repeat(i * 6));
    const random = new Prng(11);
    const counts = new Map<number, number>();
    for (let i = 0; i < 10_000; i++) {
      const ref = hash.random(random);
      counts.set(ref, (counts.get(ref) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    for (const times of counts.values()) expect(Math.abs(times - 1000)).toBeLessThan(150);
  });
});
