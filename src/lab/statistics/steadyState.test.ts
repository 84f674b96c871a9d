import { describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import { type SteadySeries, steadyState, warmupTolerances } from './steadyState.ts';

const throughput = (values: number[]): SteadySeries => ({
  name: 'throughput',
  values,
  ...warmupTolerances.throughput,
});
const p99 = (values: number[]): SteadySeries => ({ name: 'p99', values, ...warmupTolerances.p99 });

describe('steady state', () => {
  it('ends warm-up only when the last windows are level', () => {
    const curve = [400, 700, 850, 930, 970, 985, 1000, 1001, 999, 1002, 1000, 998];
    const firstSteady = curve.findIndex((_, i) => steadyState([throughput(curve.slice(0, i + 1))]).steady);
    // Windows 985, 1000, 1001, 999, 1002 are the first five within 4 % of drift; before, 930 or less is among them.
    expect(firstSteady).toBe(9 - 1);
  });

  it('sees slow growth that scatter alone would pass', () => {
    const creeping = [1000, 1015, 1030, 1045, 1060];
    const { steady, reasons } = steadyState([throughput(creeping)]);
    expect(steady).toBe(false);
    expect(reasons).toEqual(['throughput drifts by 5.8 %']);
    expect(steadyState([throughput([1030, 1000, 1060, 1015, 1030])]).steady).toBe(true);
  });

  it('wants every series calm', () => {
    const level = [100, 100, 101, 100, 99];
    expect(steadyState([throughput(level), p99([200, 210, 190, 205, 900])]).reasons).toHaveLength(1);
    expect(steadyState([throughput(level), p99([200, 210, 190, 205, 200])]).steady).toBe(true);
  });

  it('waits for enough windows, and never passes on nothing', () => {
    expect(steadyState([throughput([1, 1, 1, 1])]).reasons).toEqual(['throughput: 4 of 5 windows seen']);
    expect(steadyState([]).steady).toBe(false);
    expect(steadyState([p99([0, 0, 0, 0, 0])]).steady).toBe(true);
    expect(steadyState([p99([0, 0, 0, 0, 7])]).steady).toBe(false);
    expect(() => steadyState([throughput([1, 1])], 2)).toThrow(RangeError);
  });

  it('ends soon on a noisy but level machine', () => {
    const seed = 5;
    const prng = new Prng(seed);
    let ended = 0;
    for (let run = 0; run < 200; run++) {
      const values = Array.from({ length: 15 }, () => 1e6 * (1 + 0.03 * (prng.float() - 0.5)));
      if (values.some((_, i) => steadyState([throughput(values.slice(0, i + 1))]).steady)) ended += 1;
    }
    expect(ended, `seed ${seed}`).toBeGreaterThanOrEqual(198);
  });
});
