import { describe, expect, it } from 'vitest';
import { testSeed } from '../../test/seed.ts';
import { fromLatin1 } from './bytes.ts';
import { globMatch } from './glob.ts';
import { Prng } from './prng.ts';

const match = (pattern: string, text: string, ignoreCase = false): boolean => {
  const p = fromLatin1(pattern);
  const t = fromLatin1(text);
  // Surrounded by bytes that would change the answer if the ranges were not kept.
  const pp = new Uint8Array(p.length + 4).fill(42);
  pp.set(p, 2);
  const tt = new Uint8Array(t.length + 4).fill(97);
  tt.set(t, 2);
  return globMatch(pp, 2, 2 + p.length, tt, 2, 2 + t.length, ignoreCase);
};

/** The meaning spelled out: elements as sets of bytes, stars tried at every position. */
type Element = 'star' | ((byte: number) => boolean);
const lower = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

function parse(pattern: string, ignoreCase: boolean): Element[] {
  const elements: Element[] = [];
  const same = (a: number, b: number): boolean => (ignoreCase ? lower(a) === lower(b) : a === b);
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    if (char === '*') elements.push('star');
    else if (char === '?') elements.push(() => true);
    else if (char === '[') {
      const members: ((byte: number) => boolean)[] = [];
      i++;
      const negated = pattern[i] === '^';
      if (negated) i++;
      for (; i < pattern.length && pattern[i] !== ']'; i++) {
        const code = pattern.charCodeAt(i);
        if (pattern[i] === '\\' && i + 1 < pattern.length) {
          const escaped = pattern.charCodeAt(++i);
          members.push((byte) => byte === escaped);
        } else if (pattern[i + 1] === '-' && i + 2 < pattern.length) {
          const asSigned = (value: number): number => (value > 127 ? value - 256 : value);
          const bounds = [asSigned(code), asSigned(pattern.charCodeAt(i + 2))].sort((a, b) => a - b);
          const fold = (value: number): number => (ignoreCase ? lower(value) : value);
          members.push(
            (byte) => fold(asSigned(byte)) >= fold(bounds[0]!) && fold(asSigned(byte)) <= fold(bounds[1]!),
          );
          i += 2;
        } else members.push((byte) => same(code, byte));
      }
      elements.push((byte) => members.some((member) => member(byte)) !== negated);
    } else {
      if (char === '\\' && i + 1 < pattern.length) i++;
      const code = pattern.charCodeAt(i);
      elements.push((byte) => same(code, byte));
    }
  }
  return elements;
}

function modelMatch(elements: Element[], e: number, text: string, t: number): boolean {
  if (e === elements.length) return t === text.length;
  const element = elements[e]!;
  if (element === 'star') {
    for (let i = t; i <= text.length; i++) if (modelMatch(elements, e + 1, text, i)) return true;
    return false;
  }
  return t < text.length && element(text.charCodeAt(t)) && modelMatch(elements, e + 1, text, t + 1);
}

const model = (pattern: string, text: string, ignoreCase: boolean): boolean =>
  text === '' ? pattern === '' : modelMatch(parse(pattern, ignoreCase), 0, text, 0);

describe('globMatch', () => {
  it.each<[string, string, boolean]>([
    ['hello', 'hello', true],
    ['hello', 'hell', false],
    ['hell', 'hello', false],
    ['h?llo', 'hxllo', true],
    ['h*llo', 'heeeello', true],
    ['h*llo', 'hllo', true],
    ['*', 'anything', true],
    ['*', '', false],
    ['', '', true],
    ['a*', 'a', true],
    ['a**', 'a', true],
    ['h[ae]llo', 'hallo', true],
    ['h[ae]llo', 'hillo', false],
    ['h[^e]llo', 'hallo', true],
    ['h[^e]llo', 'hello', false],
    ['h[a-c]llo', 'hbllo', true],
    ['h[c-a]llo', 'hbllo', true],
    ['[abc', 'b', true],
    ['[', 'a', false],
    ['[^', 'a', true],
    ['[a-]', '_', true],
    ['[a-]', 'a', true],
    ['[a-]', '-', false],
    ['[\\]]', ']', true],
    ['[\\', '\\', true],
    ['[]a', 'a', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a\\', 'a\\', true],
    ['*\\?', 'ab?', true],
    ['*aab', 'aaaab', true],
    ['*a?c*', 'xxabcxx', true],
    ['[a-\xff]', '\x90', false],
    ['[a-\xff]', 'A', true],
  ])('%s against %s is %s', (pattern, text, expected) => {
    expect(match(pattern, text)).toBe(expected);
  });

  it('ignores case where asked, but not for an escaped byte of a class', () => {
    expect(match('HeL*', 'hello', true)).toBe(true);
    expect(match('HeL*', 'hello', false)).toBe(false);
    expect(match('[A-C]x', 'bX', true)).toBe(true);
    expect(match('[\\A]', 'a', true)).toBe(false);
  });

  it('refuses more than 1,000 stars before the end', () => {
    expect(match('*a'.repeat(1000), 'a'.repeat(1000))).toBe(true);
    expect(match('*a'.repeat(1001), 'a'.repeat(1001))).toBe(false);
  });

  it('answers in bounded work on patterns that blow up a backtracking matcher', () => {
    const text = 'a'.repeat(20_000);
    const startedMs = performance.now();
    expect(match(`${'*a'.repeat(30)}*b`, text)).toBe(false);
    expect(match('a*a*a*a*a*a*a*a*a*a*c', text)).toBe(false);
    // Exponential work would not end within the life of the test; linear work takes a few milliseconds.
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });

  it('agrees with the naive model on random patterns and texts', () => {
    const seed = testSeed();
    const rng = new Prng(seed);
    const patternAlphabet = ['a', 'b', 'c', 'A', 'B', '*', '*', '?', '[', ']', '^', '-', '\\', '\xf0'];
    const textAlphabet = ['a', 'b', 'c', 'A', 'B', ']', '-', '\\', '\xf0', '*'];
    const draw = (alphabet: string[], lengthMax: number): string => {
      let text = '';
      for (let i = rng.below(lengthMax + 1); i > 0; i--) text += alphabet[rng.below(alphabet.length)]!;
      return text;
    };
    let matches = 0;
    for (let round = 0; round < 60_000; round++) {
      const pattern = draw(patternAlphabet, 8);
      const text = draw(textAlphabet, 6);
      const ignoreCase = rng.below(2) === 1;
      const actual = match(pattern, text, ignoreCase);
      if (actual) matches++;
      expect(actual, JSON.stringify({ seed, pattern, text, ignoreCase })).toBe(
        model(pattern, text, ignoreCase),
      );
    }
    expect(matches, `seed ${seed}`).toBeGreaterThan(1000);
  });
});
