import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { commonSubsequence, commonSubsequenceLength, subsequenceBytes } from './commonSubsequence.ts';

/** The length by the recursive definition, remembered per pair of prefixes. */
function lengthNaive(a: string, b: string): number {
  const known = new Map<number, number>();
  const solve = (i: number, j: number): number => {
    if (i === 0 || j === 0) return 0;
    const at = i * 100 + j;
    const before = known.get(at);
    if (before !== undefined) return before;
    const length =
      a[i - 1] === b[j - 1] ? solve(i - 1, j - 1) + 1 : Math.max(solve(i - 1, j), solve(i, j - 1));
    known.set(at, length);
    return length;
  };
  return solve(a.length, b.length);
}

describe('common subsequence', () => {
  it('is as long as any, and its ranges are equal bytes in order', () => {
    const seed = 4242;
    const rng = new Prng(seed);
    const word = (): string =>
      Array.from({ length: rng.below(40) }, () => 'abcd'[rng.below(2 + rng.below(3))]).join('');
    for (let round = 0; round < 500; round++) {
      const a = word();
      const b = word();
      const where = `seed ${seed}, round ${round}: ${a} ${b}`;
      const found = commonSubsequence(fromLatin1(a), fromLatin1(b));
      expect(found.length, where).toBe(lengthNaive(a, b));
      expect(commonSubsequenceLength(fromLatin1(a), fromLatin1(b)), where).toBe(found.length);
      let text = '';
      let aNext = a.length;
      let bNext = b.length;
      for (const { aStart, aEnd, bStart, bEnd } of found.ranges) {
        expect(aEnd < aNext && bEnd < bNext && aEnd - aStart === bEnd - bStart, where).toBe(true);
        expect(a.slice(aStart, aEnd + 1), where).toBe(b.slice(bStart, bEnd + 1));
        text = a.slice(aStart, aEnd + 1) + text;
        aNext = aStart;
        bNext = bStart;
      }
      expect(text.length, where).toBe(found.length);
      expect(toLatin1(subsequenceBytes(fromLatin1(a), found)), where).toBe(text);
    }
  });

  it('takes equal and empty strings', () => {
    const a = new Uint8Array(3000).fill(1);
    expect(commonSubsequence(a, a).ranges).toEqual([{ aStart: 0, aEnd: 2999, bStart: 0, bEnd: 2999 }]);
    expect(commonSubsequence(a, new Uint8Array(0))).toEqual({ length: 0, ranges: [] });
  });
});
