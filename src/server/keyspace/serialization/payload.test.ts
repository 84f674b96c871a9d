import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { Crc64 } from './crc64.ts';
import { LzfCompressor, lzfDecompress } from './lzf.ts';
import { PayloadReader, PayloadWriter } from './payload.ts';

const SEED = testSeed();
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('Crc64', () => {
  it('gives the published check value', () => {
    const crc = new Crc64();
    crc.update(fromLatin1('0123456789'), 1, 10);
    const bytes = new Uint8Array(8);
    crc.write(bytes, 0);
    expect(toHex(bytes)).toBe('cad9b8c414d9c6e9');
    expect(crc.equals(bytes, 0)).toBe(true);
    bytes[7]! ^= 1;
    expect(crc.equals(bytes, 0)).toBe(false);
  });
});

describe('LZF', () => {
  it('brings back what it compressed, over random texts', () => {
    const rng = new Prng(SEED);
    const compressor = new LzfCompressor();
    let compressedCount = 0;
    for (let round = 0; round < 500; round++) {
      const text = new Uint8Array(rng.below(3000) + 5);
      const alphabet = 1 + rng.below(8) ** 2;
      for (let i = 0; i < text.length; i++) {
        const repeats = i > 20 && rng.below(20) === 0;
        if (!repeats) text[i] = rng.below(alphabet);
        else
          for (let n = rng.below(300), from = rng.below(i); n > 0 && i < text.length; n--)
            text[i++] = text[from++]!;
      }
      const compressed = compressor.compress(text, 0, text.length, text.length - 4);
      if (compressed === undefined) continue;
      compressedCount++;
      expect(compressed.length, `seed ${SEED}`).toBeLessThanOrEqual(text.length - 4);
      expect(lzfDecompress(compressed, 0, compressed.length, text.length), `seed ${SEED}`).toEqual(text);
      expect(lzfDecompress(compressed, 0, compressed.length, text.length - 1)).toBeUndefined();
      expect(lzfDecompress(compressed, 0, compressed.length - 1, text.length)).toBeUndefined();
    }
    expect(compressedCount, `seed ${SEED}`).toBeGreaterThan(100);
  });

  it('takes no memory for a length the input cannot have', () => {
    expect(lzfDecompress(fromLatin1('\xe0\xff\x00'), 0, 3, 2 ** 40)).toBeUndefined();
  });

  it('refuses a reference before the beginning', () => {
    expect(lzfDecompress(fromLatin1('\x00a\x20\x05'), 0, 4, 4)).toBeUndefined();
  });
});

describe('payload primitives', () => {
  it.each([0, 63, 64, 16383, 16384, 2 ** 32 - 1, 2 ** 32, 2 ** 45 + 7])('length %d', (length) => {
    const writer = new PayloadWriter(false, 1);
    writer.lengthOf(length);
    const bytes = writer.written();
    const reader = new PayloadReader(bytes, 0, bytes.length);
    expect(reader.length()).toBe(length);
    expect(reader.failed).toBe(false);
    expect(reader.byte()).toBe(0);
    expect(reader.failed).toBe(true);
  });

  it.each([
    '0',
    '127',
    '128',
    '-128',
    '-129',
    '32768',
    '-2147483648',
    '2147483648',
    '007',
    '-0',
    'ab'.repeat(40),
  ])('string %s', (text) => {
    const writer = new PayloadWriter(true);
    writer.string(fromLatin1(text), 0, text.length);
    const bytes = writer.written();
    expect(toLatin1(new PayloadReader(bytes, 0, bytes.length).string())).toBe(text);
    for (let cut = 0; cut < bytes.length; cut++) {
      const reader = new PayloadReader(bytes, 0, cut);
      reader.string();
      expect(reader.failed).toBe(true);
    }
  });
});
