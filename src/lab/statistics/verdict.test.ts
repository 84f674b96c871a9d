import { describe, expect, it } from 'vitest';
import { classifyVerdict, type Evidence } from './verdict.ts';

/** A significant increase of 12 % (11 .. 13 %) in a metric where more is better, 12 pairs. */
const increase: Evidence = {
  ratio: { estimate: 1.12, low: 1.11, high: 1.13, confidence: 0.95 },
  pairs: 12,
  pValue: 0.001,
  pValueEquivalence: 1,
  higherIsBetter: true,
};
const ratio = (low: number, estimate: number, high: number) => ({ estimate, low, high, confidence: 0.95 });
const claimed = { ratioMin: 1.1, ratioMax: 1.15 };

describe('verdict without a claim', () => {
  it('follows the direction that is good for the metric', () => {
    expect(classifyVerdict(increase)).toBe('improvement');
    expect(classifyVerdict({ ...increase, higherIsBetter: false })).toBe('regression');
    const decrease = { ...increase, ratio: ratio(0.85, 0.9, 0.95) };
    expect(classifyVerdict(decrease)).toBe('regression');
    expect(classifyVerdict({ ...decrease, higherIsBetter: false })).toBe('improvement');
  });

  it('is never decided on fewer than six pairs, whatever the values', () => {
    for (const claim of [undefined, claimed, { ratioMin: 0.5, ratioMax: 2 }]) {
      for (const pValueEquivalence of [0, 1]) {
        const evidence = { ...increase, pairs: 5, pValue: 0, pValueEquivalence, ...(claim && { claim }) };
        expect(classifyVerdict(evidence)).toBe('undecided');
      }
    }
  });

  it('is undecided when the adjusted p-value is not small, or the interval holds 1', () => {
    expect(classifyVerdict({ ...increase, pValue: 0.2 })).toBe('undecided');
    expect(classifyVerdict({ ...increase, ratio: ratio(0.98, 1.05, 1.12) })).toBe('undecided');
  });

  it('calls a real but tiny difference no effect', () => {
    const tiny = { ...increase, ratio: ratio(1.005, 1.01, 1.015), pValueEquivalence: 0.001 };
    expect(classifyVerdict(tiny)).toBe('no-effect');
  });
});

describe('verdict on a claim of +10 .. 15 %', () => {
  const judge = (low: number, estimate: number, high: number, more: Partial<Evidence> = {}) =>
    classifyVerdict({ ...increase, claim: claimed, ratio: ratio(low, estimate, high), ...more });

  it.each([
    ['confirmed', 1.11, 1.12, 1.13],
    ['confirmed', 1.05, 1.12, 1.2],
    ['smaller-than-claimed', 1.03, 1.05, 1.08],
    ['smaller-than-claimed', 0.98, 1.02, 1.06],
    ['larger-than-claimed', 1.18, 1.2, 1.25],
    ['improvement', 1.03, 1.07, 1.11],
    ['improvement', 1.12, 1.17, 1.2],
    ['improvement', 1.01, 1.12, 1.25],
    ['undecided', 0.95, 1.05, 1.15],
    ['regression', 0.8, 0.9, 0.95],
  ] as const)('is %s for %f .. %f .. %f', (verdict, low, estimate, high) => {
    const pValue = low > 1 || high < 1 ? 0.001 : 0.3;
    expect(judge(low, estimate, high, { pValue })).toBe(verdict);
  });

  it('is no effect, not merely smaller, when equivalence is shown', () => {
    expect(judge(0.99, 1.005, 1.02, { pValue: 0.5, pValueEquivalence: 0.001 })).toBe('no-effect');
  });
});

describe('verdict on other claims', () => {
  it('mirrors for a claimed decrease', () => {
    const claim = { ratioMin: 0.75, ratioMax: 0.85 };
    const memory = { ...increase, claim, higherIsBetter: false };
    expect(classifyVerdict({ ...memory, ratio: ratio(0.78, 0.8, 0.82) })).toBe('confirmed');
    expect(classifyVerdict({ ...memory, ratio: ratio(0.9, 0.92, 0.94) })).toBe('smaller-than-claimed');
    expect(classifyVerdict({ ...memory, ratio: ratio(0.5, 0.55, 0.6) })).toBe('larger-than-claimed');
    expect(classifyVerdict({ ...memory, ratio: ratio(1.1, 1.2, 1.3) })).toBe('regression');
  });

  it('confirms a small claim inside the equivalence margin rather than calling it no effect', () => {
    const evidence = {
      ...increase,
      claim: { ratioMin: 1.02, ratioMax: 1.05 },
      ratio: ratio(1.018, 1.022, 1.026),
      pValueEquivalence: 0.01,
    };
    expect(classifyVerdict(evidence)).toBe('confirmed');
  });

  it('confirms a claim of no change by the interval lying inside it', () => {
    const claim = { ratioMin: 0.95, ratioMax: 1.05 };
    expect(classifyVerdict({ ...increase, claim, pValue: 0.6, ratio: ratio(0.97, 1.0, 1.03) })).toBe(
      'confirmed',
    );
    expect(classifyVerdict({ ...increase, claim, pValue: 0.6, ratio: ratio(0.9, 1.0, 1.1) })).toBe(
      'undecided',
    );
    expect(classifyVerdict({ ...increase, claim })).toBe('improvement');
  });

  it('refuses a claim that is no range', () => {
    expect(() => classifyVerdict({ ...increase, claim: { ratioMin: 1.2, ratioMax: 1.1 } })).toThrow(
      RangeError,
    );
    expect(() => classifyVerdict({ ...increase, claim: { ratioMin: 0, ratioMax: 1.1 } })).toThrow(RangeError);
  });
});
