/** Sorted sets against a sorted array: places, ranges and removals, packed and ranked. */
import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../../../base/bytes.ts';
import { Prng } from '../../../../base/prng.ts';
import { SeededRng } from '../../../../ports/sim/seededRng.ts';
import { ByteWiseHash, type KeyHash } from '../../hashing.ts';
import { createStorage } from '../../storageVariants.ts';
import { Probe } from '../listpack.ts';
import { packedBytes } from '../packable.ts';
import { SortedSetValue, unpackSortedSet } from './sortedSetValue.ts';

type Pair = [member: string, score: number];
const probe = (text: string): Probe => new Probe(fromLatin1(text), 0, text.length);
const order = ([a, scoreA]: Pair, [b, scoreB]: Pair): number =>
  scoreA === scoreB ? (a < b ? -1 : a > b ? 1 : 0) : scoreA < scoreB ? -1 : 1;

function pairsOf(set: SortedSetValue): Pair[] {
  const pairs: Pair[] = [];
  set.forEachScored((member, score) => pairs.push([toLatin1(member), score]));
  return pairs;
}

/** Most keys share a hash: entries are told apart by more than their handle. */
class PoorHash implements KeyHash {
  hash(buffer: Uint8Array, start: number, end: number): number {
    return end === start ? 0 : buffer[end - 1]! & 1;
  }
}

function follow(
  set: SortedSetValue,
  random: Prng,
  limits: { entriesMax: number; valueBytesMax: number },
): void {
  const model = new Map<string, number>();
  const sorted = (): Pair[] => [...model].sort(order);
  for (let step = 0; step < 1500; step++) {
    const member = `m${random.below(400)}`;
    switch (random.below(6)) {
      case 0: {
        const rank = random.below(model.size + 1);
        const count = Math.min(random.below(4), model.size - rank);
        for (const [gone] of sorted().slice(rank, rank + count)) model.delete(gone);
        set.removeRange(rank, count);
        break;
      }
      case 1:
        expect(set.remove(probe(member))).toBe(model.delete(member));
        break;
      default: {
        const score = random.below(2) === 0 ? random.below(5) : (random.below(2000) - 1000) / 8;
        set.set(probe(member), score, limits);
        model.set(member, score);
      }
    }
    expect(set.length).toBe(model.size);
    expect(set.score(probe(member))).toBe(model.get(member));
    if (step % 50 > 0) continue;
    const expected = sorted();
    expect(pairsOf(set)).toEqual(expected);
    const at = expected.findIndex(([each]) => each === member);
    expect(set.rank(probe(member))).toBe(at < 0 ? undefined : at);
    for (const bound of [-1000, 0, 1, 2.5, 4, 1000]) {
      expect(set.countBelowScore(bound, false)).toBe(expected.filter(([, score]) => score < bound).length);
      expect(set.countBelowScore(bound, true)).toBe(expected.filter(([, score]) => score <= bound).length);
    }
    const from = random.below(expected.length + 1);
    const seen: string[] = [];
    set.visit(expected.length - 1 - from, expected.length - from, true, (each) => {
      seen.push(toLatin1(each));
      return true;
    });
    expect(seen).toEqual(
      expected
        .slice(0, expected.length - from)
        .map(([each]) => each)
        .reverse(),
    );
  }
}

describe('a sorted set', () => {
  it.each([
    {
      name: 'packed',
      limits: { entriesMax: 10_000, valueBytesMax: 64 },
      hash: new ByteWiseHash(new SeededRng(1)),
    },
    {
      name: 'ranked',
      limits: { entriesMax: 0, valueBytesMax: 64 },
      hash: new ByteWiseHash(new SeededRng(1)),
    },
    {
      name: 'both in turn',
      limits: { entriesMax: 40, valueBytesMax: 64 },
      hash: new ByteWiseHash(new SeededRng(1)),
    },
    {
      name: 'ranked, under a hash that tells hardly anything apart',
      limits: { entriesMax: 0, valueBytesMax: 0 },
      hash: new PoorHash(),
    },
  ])('follows a sorted array: $name', ({ hash, limits }) => {
    const storage = createStorage('arena, cache-line index', hash);
    const set = new SortedSetValue(storage);
    follow(set, new Prng(7), limits);
    expect(pairsOf(set.duplicate())).toEqual(pairsOf(set));
    if (set.isPacked) expect(pairsOf(unpackSortedSet(packedBytes(set), storage))).toEqual(pairsOf(set));
  });

  it('counts members by their bytes where scores are equal', () => {
    for (const entriesMax of [128, 0]) {
      const set = new SortedSetValue(createStorage('arena', new ByteWiseHash(new SeededRng(1))));
      for (const member of ['', 'a', 'aa', 'b', 'ba', 'c'])
        set.set(probe(member), 0, { entriesMax, valueBytesMax: 64 });
      expect(set.countBelowMember(fromLatin1('b'), false)).toBe(3);
      expect(set.countBelowMember(fromLatin1('b'), true)).toBe(4);
      expect(set.countBelowMember(fromLatin1('aaa'), true)).toBe(3);
    }
  });

  it('keeps its order through a hundred thousand insertions and their removal', () => {
    const set = new SortedSetValue(createStorage('arena', new ByteWiseHash(new SeededRng(1))));
    const random = new Prng(3);
    const limits = { entriesMax: 0, valueBytesMax: 0 };
    for (let i = 0; i < 100_000; i++) set.set(probe(`m${i}`), random.below(1_000_000), limits);
    let previous = Number.NEGATIVE_INFINITY;
    let disorders = 0;
    set.forEachScored((_, score) => {
      if (score < previous) disorders++;
      previous = score;
    });
    expect(disorders).toBe(0);
    while (set.length > 0) {
      const rank = random.below(set.length);
      set.removeRange(rank, Math.min(1 + random.below(500), set.length - rank));
    }
    expect(pairsOf(set)).toEqual([]);
  });
});
