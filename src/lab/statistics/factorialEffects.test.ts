import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import { type FactorialObservation, factorialEffects } from './factorialEffects.ts';
import { leastSquares } from './leastSquares.ts';
import { studentTPValue, studentTQuantile } from './studentT.ts';
import { twoLevelDesign } from './twoLevelDesign.ts';

const design = twoLevelDesign(['a', 'b', 'c', 'd', 'e']);

/** a halves the metric, b does nothing, c and d save a fifth only together; replicates drift. */
function observe(seed: number, noise: number, replicates = 2): FactorialObservation[] {
  const prng = new Prng(seed);
  const gaussian = (): number =>
    Math.sqrt(-2 * Math.log(1 - prng.float())) * Math.cos(2 * Math.PI * prng.float());
  return Array.from({ length: replicates }, (_, replicate) =>
    design.runs.map(([a, , c, d], run) => ({
      replicate,
      run,
      value: 10 * (1 + replicate / 3) * (a ? 0.5 : 1) * (c && d ? 0.8 : 1) * Math.exp(noise * gaussian()),
    })),
  ).flat();
}

describe('factorial effects', () => {
  it('are exact without noise', () => {
    const { main, interactions } = factorialEffects(design, observe(1, 0))!;
    expect(main.map(({ ratio }) => ratio.estimate)).toEqual(
      [0.5, 1, Math.sqrt(0.8), Math.sqrt(0.8), 1].map((ratio) => expect.closeTo(ratio, 9)),
    );
    // With 16 runs it shares its contrast with another pair, which does nothing here.
    const joint = interactions.find(({ terms }) => terms.some((pair) => pair.join() === 'c,d'))!;
    expect(joint.ratio.estimate).toBeCloseTo(0.8, 9);
    const others = interactions.filter((effect) => effect !== joint);
    for (const { ratio } of others) expect(ratio.estimate).toBeCloseTo(1, 9);
  });

  it('survive the loss of some blocks', () => {
    const { main } = factorialEffects(
      design,
      observe(1, 0).filter((_, i) => i % 7 !== 3),
    )!;
    expect(main[0]!.ratio.estimate).toBeCloseTo(0.5, 9);
  });

  it('have intervals that hold the truth as often as they say', () => {
    let held = 0;
    let falseAlarms = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { main } = factorialEffects(design, observe(seed, 0.05))!;
      if (main[0]!.ratio.low <= 0.5 && main[0]!.ratio.high >= 0.5) held += 1;
      if (main[1]!.pValue < 0.05) falseAlarms += 1;
    }
    // Binomial(400, 0.95) leaves 366 .. 393 with a chance of about 1 in 500; seeds are fixed.
    expect(held).toBeGreaterThanOrEqual(366);
    expect(held).toBeLessThanOrEqual(393);
    expect(falseAlarms).toBeLessThanOrEqual(34);
  });

  it('are not given where nothing is left to judge them by', () => {
    const single = observe(1, 0.1, 1);
    expect(factorialEffects(design, single.slice(0, 12))).toBeUndefined();
    expect(
      factorialEffects(
        design,
        single.filter(({ run }) => design.runs[run]![0]),
      ),
    ).toBeUndefined();
  });
});

describe('least squares', () => {
  it('fits a line with the textbook errors', () => {
    const { coefficients, standardErrors, degreesOfFreedom } = leastSquares(
      [1, 2, 3, 4, 5].map((x) => [1, x]),
      [2, 4, 5, 4, 5],
    );
    expect(coefficients[0]).toBeCloseTo(2.2, 12);
    expect(coefficients[1]).toBeCloseTo(0.6, 12);
    expect(standardErrors[1]).toBeCloseTo(Math.sqrt(2.4 / 3 / 10), 12);
    expect(degreesOfFreedom).toBe(3);
  });

  it('refuses columns that say the same', () => {
    expect(() =>
      leastSquares(
        [
          [1, 2],
          [1, 2],
          [1, 2],
        ],
        [1, 2, 3],
      ),
    ).toThrow(RangeError);
  });
});

describe("Student's t", () => {
  it.each([
    [0.95, 1, 12.706],
    [0.95, 5, 2.571],
    [0.95, 30, 2.042],
    [0.99, 10, 3.169],
    [0.95, 10_000, 1.96],
  ])('at %d with %d degrees is the table’s %d', (confidence, degrees, tabled) => {
    expect(studentTQuantile(confidence, degrees)).toBeCloseTo(tabled, 2);
    expect(studentTPValue(tabled, degrees)).toBeCloseTo(1 - confidence, 3);
  });
});
