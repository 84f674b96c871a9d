import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../../base/bytes.ts';
import { CommandHarness } from '../commandHarness.ts';
import { hash, murmurHash } from './murmurHash.ts';

/** MurmurHash64A by its definition, on bigints. */
function reference(text: string): bigint {
  const m = 0xc6a4a7935bd1e995n;
  const mask = (1n << 64n) - 1n;
  const bytes = fromLatin1(text);
  let h = 0xadc83b19n ^ ((BigInt(bytes.length) * m) & mask);
  const blocks = bytes.length >> 3;
  for (let i = 0; i < blocks; i++) {
    let k = 0n;
    for (let j = 7; j >= 0; j--) k = (k << 8n) | BigInt(bytes[i * 8 + j]!);
    k = (k * m) & mask;
    k ^= k >> 47n;
    h = ((h ^ ((k * m) & mask)) * m) & mask;
  }
  const rest = bytes.subarray(blocks * 8);
  if (rest.length > 0) {
    for (let j = 0; j < rest.length; j++) h ^= BigInt(rest[j]!) << BigInt(8 * j);
    h = (h * m) & mask;
  }
  h ^= h >> 47n;
  h = (h * m) & mask;
  return h ^ (h >> 47n);
}

describe('MurmurHash64A', () => {
  it('is what its definition says, for every length of the rest', () => {
    for (let length = 0; length < 40; length++) {
      const text = Array.from({ length }, (_, i) => String.fromCharCode((i * 37 + length * 11) & 255)).join(
        '',
      );
      murmurHash(fromLatin1(`ab${text}`), 2, length + 2);
      expect((BigInt(hash.high) << 32n) | BigInt(hash.low)).toBe(reference(text));
    }
  });
});

describe('a HyperLogLog', () => {
  it('estimates within four standard errors, sparse and dense, and merges', () => {
    const h = new CommandHarness();
    for (const [key, elements] of [
      ['small', 100],
      ['large', 30_000],
    ] as const) {
      for (let i = 0; i < elements; i += 100)
        h.run('PFADD', key, ...Array.from({ length: 100 }, (_, k) => `element-${i + k}`));
      const estimate = h.run('PFCOUNT', key) as number;
      expect(Math.abs(estimate - elements) / elements).toBeLessThan((4 * 1.04) / Math.sqrt(16384));
      expect(h.run('PFDEBUG', 'ENCODING', key)).toBe(key === 'small' ? 'sparse' : 'dense');
    }
    expect(h.run('PFMERGE', 'both', 'small', 'large')).toBe('OK');
    expect(h.run('PFCOUNT', 'both')).toBe(h.run('PFCOUNT', 'large'));
    expect(h.run('PFCOUNT', 'small', 'large')).toBe(h.run('PFCOUNT', 'both'));
    expect(h.run('PFSELFTEST')).toBe('OK');
  });

  it('is refused when it is none, or not whole', () => {
    const h = new CommandHarness();
    h.run('SET', 'text', 'hello');
    expect(h.run('PFADD', 'text', 'a')).toMatchObject({
      message: 'WRONGTYPE Key is not a valid HyperLogLog string value.',
    });
    h.run('PFADD', 'hll', 'a', 'b', 'c');
    const bytes = Buffer.from(h.run('GET', 'hll') as string, 'latin1');
    h.run('SET', 'cut', bytes.subarray(0, bytes.length - 1));
    h.run('SETRANGE', 'cut', 15, Buffer.from([0x80]));
    expect(h.run('PFCOUNT', 'cut')).toMatchObject({ message: 'INVALIDOBJ Corrupted HLL object detected' });
  });
});
