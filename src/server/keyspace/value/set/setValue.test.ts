/** Sets against a Set of texts, across all forms. */
import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../../../base/bytes.ts';
import { Prng } from '../../../../base/prng.ts';
import { SeededRng } from '../../../../ports/sim/seededRng.ts';
import { ByteWiseHash } from '../../hashing.ts';
import { createStorage } from '../../storageVariants.ts';
import { Probe } from '../listpack.ts';
import { packedBytes } from '../packable.ts';
import { IntSet } from './intSet.ts';
import { SetValue, unpackSet } from './setValue.ts';

const probe = (text: string): Probe => new Probe(fromLatin1(text), 0, text.length);
const membersOf = (set: SetValue): string[] =>
  set.elements(0, set.length, false).map((each) => toLatin1(each));
const newStorage = () => createStorage('arena', new ByteWiseHash(new SeededRng(1)));

describe('integers in order', () => {
  it('widen for what needs more bytes, and stay in order', () => {
    const set = new IntSet();
    const values = [5, -3, 70_000, 5_000_000_000, -9_007_199_254_740_993n, 0, 2n ** 63n - 1n];
    for (const value of values) expect(set.add(value)).toBe(true);
    expect(set.add(70_000)).toBe(false);
    const sorted = values.toSorted((a, b) => (a < b ? -1 : 1));
    expect(Array.from({ length: set.count }, (_, i) => set.at(i))).toEqual(sorted);
    expect(set.width).toBe(8);
    expect(set.remove(-3)).toBe(true);
    expect(set.has(-3)).toBe(false);
    expect(set.has(5_000_000_000)).toBe(true);
  });
});

describe('a set', () => {
  it.each([
    { seed: 1, limits: { integersMax: 8, entriesMax: 8, valueBytesMax: 12 } },
    { seed: 2, limits: { integersMax: 512, entriesMax: 128, valueBytesMax: 64 } },
    { seed: 3, limits: { integersMax: 0, entriesMax: 0, valueBytesMax: 0 } },
  ])('follows a Set of texts, limits $limits', ({ limits, seed }) => {
    const random = new Prng(seed);
    const storage = newStorage();
    for (let round = 0; round < 30; round++) {
      const set = new SetValue(storage, (['intset', 'listpack', 'hashtable'] as const)[round % 3]!);
      set.adopt();
      const model = new Set<string>();
      const onlyIntegers = round % 2 === 0;
      for (let step = 0; step < 200; step++) {
        const number = random.below(60) * (random.below(3) === 0 ? 1_000_000_007 : 1) - 20;
        const text =
          onlyIntegers || random.below(3) > 0 ? String(number) : `m${'x'.repeat(random.below(70))}`;
        if (random.below(3) > 0) {
          expect(set.add(probe(text), limits)).toBe(!model.has(text));
          model.add(text);
        } else {
          expect(set.remove(probe(text))).toBe(model.delete(text));
        }
        set.settle();
        expect(set.length).toBe(model.size);
        expect(set.has(probe(text))).toBe(model.has(text));
      }
      expect(membersOf(set).sort()).toEqual([...model].sort());
      if (set.isPacked) expect(membersOf(unpackSet(packedBytes(set), storage))).toEqual(membersOf(set));
      expect(membersOf(set.duplicate()).sort()).toEqual([...model].sort());
      expect(storage.collectionsBytes()).toBe(set.memoryBytes());
      set.release();
    }
    expect(storage.collectionsBytes()).toBe(0);
  });

  it('goes from integers to packed members to a table, as Redis decides', () => {
    const limits = { integersMax: 4, entriesMax: 6, valueBytesMax: 10 };
    const set = new SetValue(newStorage());
    for (const text of ['3', '1', '2']) set.add(probe(text), limits);
    expect([set.encoding(), membersOf(set)]).toEqual(['intset', ['1', '2', '3']]);
    set.add(probe('word'), limits);
    expect([set.encoding(), membersOf(set)]).toEqual(['listpack', ['1', '2', '3', 'word']]);
    set.add(probe('longer than ten'), limits);
    expect(set.encoding()).toBe('hashtable');
    const integers = new SetValue(newStorage());
    for (let i = 0; i < 5; i++) integers.add(probe(String(i)), limits);
    expect(integers.encoding()).toBe('hashtable');
  });
});
