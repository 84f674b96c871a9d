import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../base/bytes.ts';
import { SLOT_COUNT, shardOfSlot, slotOf } from './slots.ts';

const slot = (key: string): number => slotOf(fromLatin1(key), 0, key.length);

describe('slotOf', () => {
  it('is CRC16/XMODEM, checked against the vectors of the cluster specification', () => {
    expect(slot('123456789')).toBe(0x31c3);
    expect(slot('foo')).toBe(12182);
    expect(slot('bar')).toBe(5061);
    expect(slot('')).toBe(0);
  });

  it('looks only at a hash tag that is closed and not empty', () => {
    expect(slot('{user1000}.following')).toBe(slot('user1000'));
    expect(slot('{user1000}.followers')).toBe(slot('user1000'));
    expect(slot('a{b}{c}')).toBe(slot('b'));
    expect(slot('foo{{bar}}zap')).toBe(slot('{bar'));
    expect(slot('foo{}{bar}')).not.toBe(slot('bar'));
    expect(slot('foo{bar')).not.toBe(slot('bar'));
    expect(slot('}foo{')).not.toBe(slot('foo'));
  });

  it('looks only at its range of the buffer', () => {
    const buffer = fromLatin1('xx{a}foo}yy');
    expect(slotOf(buffer, 5, 8)).toBe(slot('foo'));
    expect(slotOf(buffer, 2, 4)).toBe(slot('{a'));
  });
});

describe('shardOfSlot', () => {
  it.each([1, 2, 3, 7, 64])('gives each of %i shards one range, all of nearly the same length', (count) => {
    const sizes: number[] = new Array(count).fill(0);
    let last = 0;
    for (let number = 0; number < SLOT_COUNT; number++) {
      const shard = shardOfSlot(number, count);
      expect(shard === last || shard === last + 1).toBe(true);
      last = shard;
      sizes[shard]!++;
    }
    expect(last).toBe(count - 1);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });
});
