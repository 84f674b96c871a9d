import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rampColour } from './colourRamp.ts';
import { indexedPngUri } from './indexedPng.ts';
import { moveApart } from './plot.ts';
import { linearScale, logScale, ratioScale, type Scale, tailScale } from './scale.ts';

const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });

function checkScale(scale: Scale, low: number, high: number) {
  expect(scale(low)).toBeLessThanOrEqual(scale(high));
  for (const value of [low, high]) {
    expect(scale(value)).toBeGreaterThanOrEqual(0);
    expect(scale(value)).toBeLessThanOrEqual(1);
  }
  expect(scale.ticks.length).toBeGreaterThan(1);
  expect(scale.ticks.length).toBeLessThan(60);
  for (const [i, { at }] of scale.ticks.entries()) {
    expect(at).toBeGreaterThanOrEqual(0);
    expect(at).toBeLessThanOrEqual(1);
    if (i > 0) expect(at).toBeGreaterThan(scale.ticks[i - 1]!.at);
  }
}

describe('scales', () => {
  it('cover their data with a bounded number of rising ticks', () => {
    fc.assert(
      fc.property(positive, positive, (x, y) => {
        const [low, high] = [Math.min(x, y), Math.max(x, y)];
        checkScale(logScale(low, high, String), low, high);
        checkScale(linearScale(high, String), 0, high);
        checkScale(ratioScale([low, high]), low, high);
      }),
    );
  });

  it('puts the nines of a tail at equal steps', () => {
    const scale = tailScale(0.9999, String);
    expect(scale(0.99) - scale(0.9)).toBeCloseTo(scale(0.999) - scale(0.99), 9);
    expect(scale(0.5)).toBe(0);
    expect(scale(0.9999)).toBeCloseTo(1, 9);
  });

  it('keeps the labels of a ratio axis apart and 1 among them', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.05, max: 20, noNaN: true })), (values) => {
        const { ticks } = ratioScale(values);
        expect(ticks.map(({ label }) => label)).toContain('1×');
        for (let i = 1; i < ticks.length; i++)
          expect(ticks[i]!.at - ticks[i - 1]!.at).toBeGreaterThanOrEqual(0.2 - 1e-9);
      }),
    );
  });
});

describe('moveApart', () => {
  it('lets no label cover another, keeps their order and their place where there is room', () => {
    const item = fc.record({
      centre: fc.double({ min: 0, max: 300, noNaN: true }),
      size: fc.constantFrom(14, 28),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 8 }), (items) => {
        const centres = moveApart(items, -8, 308);
        const order = items.map((_, i) => i).sort((x, y) => items[x]!.centre - items[y]!.centre || x - y);
        for (let k = 1; k < order.length; k++) {
          const [above, below] = [order[k - 1]!, order[k]!];
          const gap = (items[above]!.size + items[below]!.size) / 2;
          expect(centres[below]! - centres[above]!).toBeGreaterThanOrEqual(gap - 1e-9);
        }
      }),
    );
    expect(
      moveApart(
        [
          { centre: 50, size: 14 },
          { centre: 100, size: 14 },
        ],
        0,
        300,
      ),
    ).toEqual([50, 100]);
  });
});

describe('indexedPngUri', () => {
  it('holds the cells it was given behind a transparent first colour', () => {
    const cells = Uint8Array.from([0, 1, 2, 2, 1, 0]);
    const uri = indexedPngUri(3, 2, cells, [
      [0, 0, 0],
      [10, 20, 30],
      [40, 50, 60],
    ]);
    const png = Buffer.from(uri.replace('data:image/png;base64,', ''), 'base64');
    const chunks = new Map<string, Buffer>();
    for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
      chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
    expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND']);
    expect([...inflateSync(chunks.get('IDAT')!)]).toEqual([0, 0, 1, 2, 0, 2, 1, 0]);
    expect([...chunks.get('tRNS')!]).toEqual([0]);
    expect([...chunks.get('PLTE')!]).toEqual([0, 0, 0, 10, 20, 30, 40, 50, 60]);
  });

  it('refuses cells that do not fill the image', () => {
    expect(() => indexedPngUri(2, 2, new Uint8Array(3), [[0, 0, 0]])).toThrow(RangeError);
  });
});

describe('rampColour', () => {
  it('changes lightness in one direction only, away from its background', () => {
    const luminance = (onDark: boolean) =>
      Array.from({ length: 33 }, (_, i) => {
        const [red, green, blue] = rampColour(i / 32, onDark).map((channel) => (channel / 255) ** 2.2);
        return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
      });
    const light = luminance(false);
    const dark = luminance(true);
    for (let i = 1; i < 33; i++) {
      expect(light[i]!).toBeLessThan(light[i - 1]!);
      expect(dark[i]!).toBeGreaterThan(dark[i - 1]!);
    }
  });
});
