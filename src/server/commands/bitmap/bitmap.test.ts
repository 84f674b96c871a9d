/** Bits against a model that holds them one by one. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Argument, CommandHarness } from '../commandHarness.ts';

let h: CommandHarness;
const run = (...words: Argument[]): unknown => h.run(...words);
beforeEach(() => {
  h = new CommandHarness();
});

/** Bits 0 and 1, the highest of the first byte first. */
class Bits {
  readonly #bits: boolean[] = [];

  read(offset: number, width: number, signed: boolean): bigint {
    let value = 0n;
    for (let i = 0; i < width; i++) value = value * 2n + BigInt(Number(this.#bits[offset + i] ?? false));
    return signed ? BigInt.asIntN(width, value) : value;
  }

  write(offset: number, width: number, value: bigint): void {
    const unsigned = BigInt.asUintN(width, value);
    for (let i = 0; i < width; i++)
      this.#bits[offset + i] = ((unsigned >> BigInt(width - 1 - i)) & 1n) === 1n;
  }

  count(): number {
    return this.#bits.filter(Boolean).length;
  }

  first(bit: boolean, from: number, to: number): number {
    for (let i = from; i < to; i++) if ((this.#bits[i] ?? false) === bit) return i;
    return -1;
  }
}

const bounds = (width: number, signed: boolean): readonly [bigint, bigint] =>
  signed ? [-(1n << BigInt(width - 1)), (1n << BigInt(width - 1)) - 1n] : [0n, (1n << BigInt(width)) - 1n];

const field = fc.oneof(
  fc.record({ signed: fc.constant(true), width: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ signed: fc.constant(false), width: fc.integer({ min: 1, max: 63 }) }),
);
const step = fc.record({
  field,
  offset: fc.integer({ min: 0, max: 300 }),
  operation: fc.constantFrom('GET', 'SET', 'INCRBY'),
  overflow: fc.constantFrom('WRAP', 'SAT', 'FAIL'),
  operand: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
});

describe('BITFIELD', () => {
  it('reads, writes and adds as a model of single bits does, at any width, offset and overflow', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        h = new CommandHarness();
        const bits = new Bits();
        for (const {
          field: { signed, width },
          offset,
          operation,
          overflow,
          operand,
        } of steps) {
          const type = `${signed ? 'i' : 'u'}${width}`;
          const before = bits.read(offset, width, signed);
          const [low, high] = bounds(width, signed);
          let expected: bigint | null = before;
          if (operation !== 'GET') {
            // An operand of SET is taken modulo 2^64 if the field is unsigned, as Redis's C does.
            const given = operation === 'SET' && !signed ? BigInt.asUintN(64, operand) : operand;
            const target = operation === 'SET' ? given : before + given;
            let after = target;
            if (target < low || target > high) {
              if (overflow === 'WRAP')
                after = signed ? BigInt.asIntN(width, target) : BigInt.asUintN(width, target);
              else if (overflow === 'SAT') {
                // Redis takes the difference to the largest in 64 bits.
                const wraps = operation === 'SET' && width < 64 && high - target >= 1n << 63n;
                after = target > high || wraps ? high : low;
              }
            }
            const failed = overflow === 'FAIL' && (target < low || target > high);
            if (failed) expected = null;
            else {
              bits.write(offset, width, after);
              expected = operation === 'SET' ? before : after;
            }
          }
          const reply =
            operation === 'GET'
              ? run('BITFIELD', 'k', 'GET', type, offset)
              : run('BITFIELD', 'k', 'OVERFLOW', overflow, operation, type, offset, operand.toString());
          expect((reply as (number | bigint | null)[]).map((n) => (n === null ? null : BigInt(n)))).toEqual([
            expected,
          ]);
        }
        expect(run('BITCOUNT', 'k')).toBe(bits.count());
      }),
      { numRuns: 150 },
    );
  });
});

describe('BITPOS and BITCOUNT', () => {
  it('count and find in ranges of bits and of bytes', () => {
    run('SET', 'k', 'foobar');
    expect(run('BITCOUNT', 'k')).toBe(26);
    expect(run('BITCOUNT', 'k', 0, 0)).toBe(4);
    expect(run('BITCOUNT', 'k', 1, 1, 'BYTE')).toBe(6);
    expect(run('BITCOUNT', 'k', 5, 30, 'BIT')).toBe(17);
    run('SET', 'k', Buffer.from([0xff, 0xf0, 0x00]));
    expect(run('BITPOS', 'k', 0)).toBe(12);
    expect(run('BITPOS', 'k', 1, 2)).toBe(-1);
    expect(run('BITPOS', 'k', 1, 7, 15, 'BIT')).toBe(7);
  });

  it('find nothing set in an absent key, and the first zero beyond a string of ones only without an end', () => {
    expect(run('BITPOS', 'none', 1)).toBe(-1);
    expect(run('BITPOS', 'none', 0)).toBe(0);
    run('SET', 'k', Buffer.from([0xff, 0xff]));
    expect(run('BITPOS', 'k', 0)).toBe(16);
    expect(run('BITPOS', 'k', 0, 0, -1)).toBe(-1);
  });
});

describe('BITOP', () => {
  it('takes what a shorter string lacks for zeros, and removes the target if all sources are empty', () => {
    run('SET', 'a', Buffer.from([0b1100, 0xff]));
    run('SET', 'b', Buffer.from([0b1010]));
    const of = (...words: string[]): number[] => {
      run('BITOP', ...words);
      return [...Buffer.from(run('GET', words[1]!) as string, 'latin1')];
    };
    expect(of('AND', 'd', 'a', 'b')).toEqual([0b1000, 0]);
    expect(of('OR', 'd', 'a', 'b')).toEqual([0b1110, 0xff]);
    expect(of('XOR', 'd', 'a', 'b')).toEqual([0b0110, 0xff]);
    expect(of('NOT', 'd', 'b')).toEqual([0b11110101]);
    expect(run('BITOP', 'AND', 'd', 'none', 'neither')).toBe(0);
    expect(run('EXISTS', 'd')).toBe(0);
  });
});
