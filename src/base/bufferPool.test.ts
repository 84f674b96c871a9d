import { describe, expect, it } from 'vitest';
import { BufferPool } from './bufferPool.ts';

const MIB = 1024 * 1024;

describe('BufferPool', () => {
  it('lends again what came back, to whom it is large enough', () => {
    const pool = new BufferPool(MIB);
    const first = pool.borrow(5000);
    expect(first.length).toBe(8192);
    pool.giveBack(first);
    expect(pool.keptBytes).toBe(8192);
    expect(pool.borrow(9000)).not.toBe(first);
    expect(pool.borrow(8192)).toBe(first);
    expect(pool.keptBytes).toBe(0);
    expect(pool.borrow(8192)).not.toBe(first);
  });

  it('lends at least what is asked for, from nothing to beyond its largest size', () => {
    const pool = new BufferPool(MIB);
    for (const bytes of [0, 1, 4095, 4096, 4097, MIB, MIB + 1, 4 * MIB, 4 * MIB + 1, 9 * MIB]) {
      const { length } = pool.borrow(bytes);
      expect(length).toBeGreaterThanOrEqual(bytes);
      expect(length).toBeLessThanOrEqual(Math.max(4096, 2 * bytes));
    }
  });

  it('drops at the second trim what nobody has needed in between', () => {
    const pool = new BufferPool(MIB);
    const buffers = [1, 2, 3, 4].map(() => pool.borrow(65_536));
    for (const buffer of buffers) pool.giveBack(buffer);
    pool.trim();
    expect(pool.keptBytes).toBe(4 * 65_536);
    pool.giveBack(pool.borrow(65_536));
    pool.trim();
    expect(pool.keptBytes).toBe(65_536);
    pool.trim();
    expect(pool.keptBytes).toBe(0);
  });

  it('keeps no more than it may, nor what is of no size of its own', () => {
    const pool = new BufferPool(16_384);
    pool.giveBack(new Uint8Array(5000));
    pool.giveBack(new Uint8Array(8 * MIB));
    expect(pool.keptBytes).toBe(0);
    for (let i = 0; i < 3; i++) pool.giveBack(new Uint8Array(8192));
    expect(pool.keptBytes).toBe(16_384);
  });
});
