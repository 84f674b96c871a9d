/** Benchmarks that nobody runs rot: each runs tiny here, and twice with the same result. */
import { describe, expect, it } from 'vitest';
import { hashOfResults, measure } from './benchmark.ts';
import { benchmarks } from './benchmarks.ts';

describe('microbenchmarks', () => {
  it.each(benchmarks.map((benchmark) => [benchmark.name, benchmark] as const))('%s', (_name, benchmark) => {
    const first = measure(benchmark, 1, true);
    expect(first.operations).toBeGreaterThan(0);
    expect(first.nsPerOperation).toBeGreaterThan(0);
    expect(hashOfResults(benchmark.prepare(true).run)).toBe(first.resultHash);
  });
});
