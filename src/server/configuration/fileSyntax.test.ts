import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted, splitWords } from './fileSyntax.ts';

describe('splitWords', () => {
  it.each<[string, string[] | undefined]>([
    ['', []],
    ['  a\tb  ', ['a', 'b']],
    ['"a b" c', ['a b', 'c']],
    ["'it\\'s' x", ["it's", 'x']],
    ['"\\x41\\n\\q\\\\"', ['A\nq\\']],
    ['"\\xzz"', ['xzz']],
    ['a"b c"', ['ab c']],
    ['""', ['']],
    ['"a', undefined],
    ["'a", undefined],
    ['"a"b', undefined],
    ['"a\\', undefined],
  ])('reads %j', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });

  it('reads back what quoted wrote, whatever the bytes', () => {
    // fast-check prints the seed and path that replay a failure.
    const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 });
    fc.assert(
      fc.property(bytes, (codes) => {
        const text = String.fromCharCode(...codes);
        const line = quoted(text);
        expect(line).toMatch(/^[\x20-\x7e]*$/);
        expect(splitWords(line)).toEqual([text]);
      }),
    );
  });
});
