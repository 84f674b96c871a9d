import { describe, expect, it } from 'vitest';
import { InstantaneousRates } from './instantaneousRates.ts';

describe('InstantaneousRates', () => {
  it('is the mean of the last sixteen samples', () => {
    const rates = new InstantaneousRates();
    expect(rates.commandsPerSec()).toBe(0);
    for (let i = 0; i <= 16; i++) rates.sample(i * 100, i * 50, i * 1000, i * 2000);
    expect(rates.commandsPerSec()).toBeCloseTo(500);
    expect(rates.inputBytesPerSec()).toBeCloseTo(10_000);
    expect(rates.outputBytesPerSec()).toBeCloseTo(20_000);
    // Silence pushes the old samples out.
    for (let i = 17; i <= 32; i++) rates.sample(i * 100, 16 * 50, 16_000, 32_000);
    expect(rates.commandsPerSec()).toBe(0);
  });

  it('skips totals that were reset and instants that did not move', () => {
    const rates = new InstantaneousRates();
    rates.sample(0, 100, 100, 100);
    rates.sample(0, 200, 200, 200);
    rates.sample(1000, 10, 10, 10);
    expect(rates.commandsPerSec()).toBe(0);
    rates.sample(2000, 26, 10, 10);
    expect(rates.commandsPerSec()).toBeCloseTo(1);
  });
});
