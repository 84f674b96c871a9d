import { describe, expect, it } from 'vitest';
import { planCpus } from './cpuPlan.ts';

describe('planCpus', () => {
  it.each([
    [[0, 1], [0], [1]],
    [[2, 5, 7], [2], [7]],
    [[0, 1, 2, 3], [0, 1], [3]],
    [[4, 5, 6, 7, 8, 9], [4, 5], [9]],
  ])('of CPUs %j gives the server %j and the generator %j', (allowed, server, generator) => {
    expect(planCpus(allowed, true)).toEqual({ server, generator, notes: [] });
  });

  it('says so where it cannot pin or has one CPU only', () => {
    expect(planCpus([0, 1], false).notes[0]).toContain('taskset is not available');
    expect(planCpus([0], true)).toMatchObject({
      server: [],
      generator: [],
      notes: [expect.stringContaining('Only one CPU')],
    });
  });
});
