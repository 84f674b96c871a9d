/** The same properties over every keyspace, and each against a model: a Map of what was put. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { SeededRng } from '../../../ports/sim/seededRng.ts';
import { ByteWiseHash } from '../hashing.ts';
import { type Collection, type Keyspace, NO_EXPIRY, ValueType } from '../keyspace.ts';
import { SHORT_EXPIRY_FROM_MS } from '../record/recordLayout.ts';
import { createStorage, STORAGE_NAMES } from '../storageVariants.ts';
import type { ArenaKeyspace } from './arenaKeyspace.ts';

const SEED = testSeed();

class Marker implements Collection {
  readonly type = ValueType.hash;
  released = 0;
  adopted = 0;
  disowned = 0;

  encoding(): string {
    return 'marker';
  }

  memoryBytes(): number {
    return 100;
  }

  duplicate(): Collection {
    return new Marker();
  }

  adopt(): void {
    this.adopted++;
  }

  disown(): void {
    this.disowned++;
  }

  release(): void {
    this.released++;
  }
}

const hash = (): ByteWiseHash => new ByteWiseHash(new SeededRng(SEED));
const variants: [string, () => Keyspace][] = [
  ...STORAGE_NAMES.map((name): [string, () => Keyspace] => [
    name,
    () => createStorage(name, hash()).createDatabase(),
  ]),
  ['arena, for fields', () => createStorage('arena', hash()).create()],
  ['arena, cache-line index, for fields', () => createStorage('arena, cache-line index', hash()).create()],
];

const put = (keyspace: Keyspace, key: string, value: string, expireAtMs = NO_EXPIRY): number => {
  const keyBytes = fromLatin1(`__${key}`);
  const valueBytes = fromLatin1(`_${value}`);
  return keyspace.putString(
    keyBytes,
    2,
    keyBytes.length,
    valueBytes,
    1,
    valueBytes.length,
    expireAtMs,
    false,
  );
};
const find = (keyspace: Keyspace, key: string): number => {
  const bytes = fromLatin1(`${key}!`);
  return keyspace.find(bytes, 0, key.length);
};
const withHandle = (keyspace: Keyspace, handle: number): number[] => {
  const refs: number[] = [];
  for (let ref = keyspace.findByHandle(handle, 0); ref !== 0; ref = keyspace.findByHandle(handle, ref))
    refs.push(ref);
  return refs;
};
const read = (keyspace: Keyspace, ref: number): string => {
  const out = new Uint8Array(keyspace.stringLength(ref) + 3);
  keyspace.copyString(ref, 0, keyspace.stringLength(ref), out, 3);
  expect(toLatin1(keyspace.stringView(ref))).toBe(toLatin1(out, 3));
  return toLatin1(out, 3);
};
const scanAll = (keyspace: Keyspace, budget: number, between: () => void = () => {}): string[] => {
  const seen: string[] = [];
  let cursor = 0;
  do {
    cursor = keyspace.scan(cursor, budget, (ref) => seen.push(toLatin1(keyspace.keyBytes(ref))));
    between();
  } while (cursor !== 0);
  return seen;
};

describe.each(variants)('keyspace: %s', (_name, create) => {
  it('agrees with a model over random operations, values from nothing to far beyond a record', () => {
    const prng = new Prng(SEED);
    const keyspace = create();
    const model = new Map<string, { value: string; expireAtMs: number; raw: boolean; handle: number }>();
    const lengths = [0, 1, 7, 8, 64, 65, 4080, 4095, 4096, 5000, 70000];
    const keyOf = (): string => {
      const number = prng.below(300);
      return number < 5 ? `long${'k'.repeat(4090 + number)}` : number === 5 ? '' : `key:${number}`;
    };
    for (let step = 0; step < 30_000; step++) {
      const key = keyOf();
      const ref = find(keyspace, key);
      const known = model.get(key);
      expect(ref !== 0, `seed ${SEED}, step ${step}: ${key.slice(0, 20)}`).toBe(known !== undefined);
      if (known !== undefined) {
        expect(keyspace.expireAtMs(ref)).toBe(known.expireAtMs);
        expect(keyspace.isRaw(ref)).toBe(known.raw);
        expect(keyspace.stringLength(ref)).toBe(known.value.length);
        expect(withHandle(keyspace, known.handle)).toContain(ref);
      }
      const operation = prng.below(8);
      const value = String.fromCharCode(97 + prng.below(26)).repeat(
        prng.below(4) === 0 ? lengths[prng.below(lengths.length)]! : prng.below(100),
      );
      const expireAtMs = [
        () => NO_EXPIRY,
        () => prng.below(2 ** 45),
        () => SHORT_EXPIRY_FROM_MS + prng.below(2 ** 40),
        () =>
          SHORT_EXPIRY_FROM_MS + [-1, 0, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 - 1, 2 ** 40][prng.below(7)]!,
      ][prng.below(4)]!();
      if (operation < 3) {
        const made = put(keyspace, key, value, expireAtMs);
        expect(toLatin1(keyspace.keyBytes(made))).toBe(key);
        model.set(key, { value, expireAtMs, raw: false, handle: keyspace.handleOf(made) });
      } else if (known === undefined) {
        continue;
      } else if (operation === 3) {
        keyspace.remove(ref);
        model.delete(key);
      } else if (operation === 4) {
        keyspace.setAccess(ref, step & 0xff_ffff);
        keyspace.setExpireAt(ref, expireAtMs);
        known.expireAtMs = expireAtMs;
        expect(keyspace.access(ref)).toBe(step & 0xff_ffff);
        keyspace.setAccess(ref, ~step & 0xff_ffff);
        expect(keyspace.access(ref)).toBe(~step & 0xff_ffff);
        expect(read(keyspace, ref)).toBe(known.value);
      } else if (operation === 5) {
        keyspace.setAccess(ref, step & 0xff_ffff);
        keyspace.replaceString(ref, fromLatin1(value), 0, value.length, true);
        known.value = value;
        known.raw = true;
        expect(keyspace.access(ref)).toBe(step & 0xff_ffff);
      } else if (operation === 6) {
        const length = prng.below(200);
        keyspace.resizeString(ref, length);
        known.value = known.value.slice(0, length).padEnd(length, '\0');
        known.raw = true;
      } else if (known.value.length > 0) {
        const at = prng.below(known.value.length);
        keyspace.writeString(ref, at, fromLatin1('#'), 0, 1);
        known.value = `${known.value.slice(0, at)}#${known.value.slice(at + 1)}`;
      }
      const after = model.get(key);
      if (after !== undefined) expect(read(keyspace, find(keyspace, key))).toBe(after.value);
      expect(keyspace.count).toBe(model.size);
    }
    expect(keyspace.expiringCount).toBe(
      [...model.values()].filter((entry) => entry.expireAtMs !== NO_EXPIRY).length,
    );
    expect(scanAll(keyspace, 7).sort()).toEqual([...model.keys()].sort());
    for (const [key, entry] of model) expect(read(keyspace, find(keyspace, key))).toBe(entry.value);
    for (const key of [...model.keys()]) keyspace.remove(find(keyspace, key));
    expect(keyspace.count).toBe(0);
    expect(keyspace.expiringCount).toBe(0);
  });

  it('visits all that was present throughout a scan, while it grows and shrinks', () => {
    const prng = new Prng(SEED + 1);
    for (const budget of [1, 10, 500]) {
      const keyspace = create();
      const lasting = Array.from({ length: 2000 }, (_, i) => `lasting:${i}`);
      for (const key of lasting) put(keyspace, key, 'v');
      let next = 0;
      const passing: string[] = [];
      const seen = new Set(
        scanAll(keyspace, budget, () => {
          for (let i = 0; i < 20 && next < 20_000; i++) {
            const key = `passing:${next++}`;
            put(keyspace, key, 'v');
            passing.push(key);
          }
          while (passing.length > 3000 || (passing.length > 0 && prng.below(4) === 0)) {
            keyspace.remove(find(keyspace, passing.splice(prng.below(passing.length), 1)[0]!));
          }
        }),
      );
      expect(lasting.filter((key) => !seen.has(key))).toEqual([]);
    }
  });

  it('returns each entry of a quiet scan once, however odd the cursor of a stranger', () => {
    const keyspace = create();
    for (let i = 0; i < 5000; i++) put(keyspace, `k${i}`, 'v');
    const seen = scanAll(keyspace, 10);
    expect(new Set(seen).size).toBe(5000);
    expect(seen.length).toBe(5000);
    for (const cursor of [-1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER, 2 ** 32, 123456789]) {
      expect(() => keyspace.scan(cursor, 10, () => {})).not.toThrow();
    }
  });

  it('finds every entry by its handle through growth, and none that is gone', () => {
    const keyspace = create();
    const handles = Array.from({ length: 5000 }, (_, i) => keyspace.handleOf(put(keyspace, `k${i}`, 'v')));
    for (let i = 0; i < 5000; i++)
      expect(withHandle(keyspace, handles[i]!)).toContain(find(keyspace, `k${i}`));
    for (let i = 0; i < 5000; i += 2) keyspace.remove(find(keyspace, `k${i}`));
    const found = handles.flatMap((handle) => withHandle(keyspace, handle));
    expect(new Set(found).size).toBe(2500);
    keyspace.clear();
    expect(handles.flatMap((handle) => withHandle(keyspace, handle))).toEqual([]);
  });

  it('draws every entry at random', () => {
    const keyspace = create();
    const rng = new SeededRng(SEED);
    expect(keyspace.random(rng)).toBe(0);
    for (let i = 0; i < 50; i++) put(keyspace, `k${i}`, 'v');
    const drawn = new Set(
      Array.from({ length: 5000 }, () => toLatin1(keyspace.keyBytes(keyspace.random(rng)))),
    );
    expect(drawn.size).toBe(50);
    for (let i = 1; i < 50; i++) keyspace.remove(find(keyspace, `k${i}`));
    expect(toLatin1(keyspace.keyBytes(keyspace.random(rng)))).toBe('k0');
  });

  it('releases a collection exactly once, however it leaves', () => {
    const keyspace = create();
    const key = fromLatin1('h');
    const markers = Array.from({ length: 5 }, () => new Marker());
    keyspace.putCollection(key, 0, 1, markers[0]!, NO_EXPIRY);
    keyspace.putCollection(key, 0, 1, markers[1]!, 5000);
    expect(keyspace.type(find(keyspace, 'h'))).toBe(ValueType.hash);
    put(keyspace, 'h', 'string now');
    keyspace.putCollection(key, 0, 1, markers[2]!, NO_EXPIRY);
    expect(keyspace.detach(find(keyspace, 'h'))).toBe(markers[2]);
    keyspace.putCollection(key, 0, 1, markers[3]!, NO_EXPIRY);
    keyspace.remove(find(keyspace, 'h'));
    keyspace.putCollection(key, 0, 1, markers[4]!, NO_EXPIRY);
    keyspace.clear();
    expect(markers.map((marker) => marker.released)).toEqual([1, 1, 0, 1, 1]);
    expect(markers.map((marker) => marker.adopted)).toEqual([1, 1, 1, 1, 1]);
    expect(markers.map((marker) => marker.disowned)).toEqual([0, 0, 1, 0, 0]);
    expect(keyspace.count).toBe(0);
  });

  it('gives memory back', () => {
    const keyspace = create();
    const empty = keyspace.memoryBytes();
    for (let i = 0; i < 20_000; i++) put(keyspace, `key:${i}`, 'x'.repeat(i % 300));
    const full = keyspace.memoryBytes();
    for (let i = 0; i < 20_000; i++) keyspace.remove(find(keyspace, `key:${i}`));
    expect(keyspace.memoryBytes() - empty).toBeLessThan((full - empty) * 0.1);
    keyspace.clear();
    expect(keyspace.memoryBytes()).toBe(empty);
  });
});

/** Index, most records a step may move, and most bytes of overhead a key wherever the index stands between two steps. */
const indexes = [
  { storage: 'arena', movedMax: 448, overheadBytesMax: 20 },
  { storage: 'arena, cache-line index', movedMax: 571, overheadBytesMax: 16 },
] as const;

describe.each(indexes)('$storage', ({ storage, movedMax, overheadBytesMax }) => {
  it('moves a bounded number of records per step, growing and shrinking', () => {
    const keyspace = createStorage(storage, hash()).createDatabase() as ArenaKeyspace;
    for (let i = 0; i < 300_000; i++) put(keyspace, `key:${i}`, 'v');
    expect(keyspace.count).toBe(300_000);
    expect(keyspace.movedMax).toBeGreaterThan(300);
    for (let i = 0; i < 300_000; i++) keyspace.remove(find(keyspace, `key:${i}`));
    expect(keyspace.count).toBe(0);
    expect(keyspace.movedMax).toBeLessThanOrEqual(movedMax);
  });

  it(`stays below ${overheadBytesMax} bytes of overhead a key, 4 more with an expiry and 8 with a far one, wherever it stands between two steps`, () => {
    for (const [expireAtMs, limit] of [
      [NO_EXPIRY, overheadBytesMax],
      [SHORT_EXPIRY_FROM_MS, overheadBytesMax + 4],
      [1e12, overheadBytesMax + 8],
    ] as const) {
      const keyspace = createStorage(storage, hash()).createDatabase();
      for (let i = 0; i < 200_000; i++) {
        put(keyspace, String(i).padStart(16, '0'), 'x'.repeat(64), expireAtMs);
        if (i > 50_000 && i % 10_000 === 0)
          expect(keyspace.memoryBytes() / keyspace.count - 80).toBeLessThan(limit);
      }
    }
  });
});
