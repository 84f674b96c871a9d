import { describe, expect, it } from 'vitest';
import { fitMemory } from './memoryFit.ts';

const declaration = {
  experimentId: 'memory',
  targetId: 'all',
  label: '64 B values',
  keyBytes: 16,
  valueBytes: 64,
  ttl: false,
};
const floorBytes = 50e6;

describe('memory fit', () => {
  it('keeps the floor out of the cost of a key', () => {
    const points = [3e6, 1e6, 2e6].map((keys) => ({
      keys,
      rssBytes: floorBytes + 96 * keys,
      accountedBytes: 88 * keys,
    }));
    const fit = fitMemory(points, declaration);
    expect(fit.slopeRssBytesPerKey).toBeCloseTo(96, 6);
    expect(fit.slopeAccountedBytesPerKey).toBeCloseTo(88, 6);
    expect(fit.overheadBytesPerKey).toBeCloseTo(16, 6);
    expect(fit.interceptRssBytes).toBeCloseTo(floorBytes, 0);
    expect(fit.slopeRssTheilSenBytesPerKey).toBeCloseTo(96, 6);
    expect(fit.points.map((point) => point.keys)).toEqual([1e6, 2e6, 3e6]);
    expect(fit).toMatchObject(declaration);
  });

  it('has no accounted slope where a server does not always account', () => {
    const points = [1e6, 2e6].map((keys) => ({
      keys,
      rssBytes: 10 * keys,
      ...(keys > 1e6 ? { accountedBytes: 1 } : {}),
    }));
    expect(fitMemory(points, declaration)).not.toHaveProperty('slopeAccountedBytesPerKey');
  });

  it('refuses to call one point a slope', () => {
    expect(() => fitMemory([{ keys: 1e6, rssBytes: 1e8 }], declaration)).toThrow(RangeError);
  });
});
