/** Both string stores against a model, across the length at which the inline one moves a string. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { UNWATCHED_GROWTH } from '../storageVariants.ts';
import { HeapStrings } from './heapStrings.ts';
import { INLINE_BYTES_MAX, InlineStrings } from './inlineStrings.ts';
import { ReservedAccount } from './reservedAccount.ts';
import type { StoredString } from './storedValue.ts';
import type { StringStore } from './stringStore.ts';

const SEED = testSeed();
const LENGTHS = [0, 1, 22, 23, 24, 25, 64, 65, 300];

const store = (strings: StringStore, text: string): StoredString =>
  strings.store(fromLatin1(`<${text}>`), 1, 1 + text.length);

function read(strings: StringStore, string: StoredString): string {
  const length = strings.length(string);
  const out = new Uint8Array(length + 2).fill(0x2e);
  strings.copy(string, 0, length, out, 1);
  expect(toLatin1(out)).toBe(`.${toLatin1(strings.view(string))}.`);
  return toLatin1(out, 1, 1 + length);
}

describe.each<[string, () => StringStore]>([
  ['heap', () => new HeapStrings()],
  ['inline', () => new InlineStrings(new ReservedAccount(), UNWATCHED_GROWTH)],
])('strings: %s', (_name, create) => {
  it('agree with a model over random operations', () => {
    const prng = new Prng(SEED);
    const strings = create();
    const held: { stored: StoredString; text: string }[] = [];
    const draw = (): string =>
      String.fromCharCode(33 + prng.below(90)).repeat(LENGTHS[prng.below(LENGTHS.length)]!);
    for (let step = 0; step < 20_000; step++) {
      if (held.length < 50 || prng.below(4) === 0) {
        const text = draw();
        held.push({ stored: store(strings, text), text });
        continue;
      }
      const one = held[prng.below(held.length)]!;
      const operation = prng.below(5);
      if (operation === 0) {
        const text = draw();
        one.stored = strings.replace(one.stored, fromLatin1(text), 0, text.length);
        one.text = text;
      } else if (operation === 1) {
        const length = LENGTHS[prng.below(LENGTHS.length)]!;
        one.stored = strings.resize(one.stored, length);
        one.text = one.text.slice(0, length).padEnd(length, '\0');
      } else if (operation === 2 && one.text.length > 0) {
        const at = prng.below(one.text.length);
        strings.write(one.stored, at, fromLatin1('#!'), 1, 2);
        one.text = `${one.text.slice(0, at)}!${one.text.slice(at + 1)}`;
      } else if (operation === 3) {
        strings.release(one.stored);
        held.splice(held.indexOf(one), 1);
        continue;
      }
      expect(read(strings, one.stored), `seed ${SEED}, step ${step}`).toBe(one.text);
      expect(strings.length(one.stored)).toBe(one.text.length);
    }
    for (const { stored, text } of held) expect(read(strings, stored), `seed ${SEED}`).toBe(text);
  });

  it('copies a part', () => {
    const strings = create();
    for (const text of ['0123456789', '0123456789'.repeat(5)]) {
      const out = new Uint8Array(5);
      strings.copy(store(strings, text), 2, 5, out, 1);
      expect(toLatin1(out)).toBe('\x00234\x00');
    }
  });
});

describe('inline strings', () => {
  it('hold up to 23 bytes in a cell and no more', () => {
    const strings = new InlineStrings(new ReservedAccount(), UNWATCHED_GROWTH);
    const cell = store(strings, 'x'.repeat(INLINE_BYTES_MAX));
    expect(typeof cell).toBe('number');
    expect(strings.memoryBytes(cell)).toBe(24);
    const grown = strings.resize(cell, INLINE_BYTES_MAX + 1);
    expect(grown).toBeInstanceOf(Uint8Array);
    expect(strings.memoryBytes(grown)).toBeGreaterThan(200);
    expect(typeof strings.resize(grown, INLINE_BYTES_MAX)).toBe('number');
  });

  it('shows nothing of a cell’s former string where a new one grows', () => {
    const strings = new InlineStrings(new ReservedAccount(), UNWATCHED_GROWTH);
    const secret = store(strings, 'secret'.repeat(3));
    strings.release(secret);
    const next = store(strings, 'a');
    expect(next).toBe(secret);
    expect(toLatin1(strings.view(strings.resize(next, 20)))).toBe(`a${'\0'.repeat(19)}`);
    expect(toLatin1(strings.view(strings.resize(next, 40)))).toBe(`a${'\0'.repeat(39)}`);
  });

  it('use freed cells before new ones, and give all back', () => {
    const account = new ReservedAccount();
    const strings = new InlineStrings(account, UNWATCHED_GROWTH);
    const cells = Array.from({ length: 10_000 }, (_, i) => store(strings, `value ${i}`));
    const reservedBytes = account.bytes;
    expect(reservedBytes).toBeGreaterThanOrEqual(10_000 * 24);
    expect(reservedBytes).toBeLessThan((10_000 + 4096) * 24);
    for (const cell of cells) strings.release(cell);
    const again = Array.from({ length: 10_000 }, (_, i) => store(strings, `other ${i}`));
    expect(new Set(again)).toEqual(new Set(cells));
    expect(account.bytes).toBe(reservedBytes);
    strings.clear();
    expect(account.bytes).toBe(0);
  });
});
