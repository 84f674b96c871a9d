import { describe, expect, it } from 'vitest';
import type { LoadResult } from '../load/protocol.ts';
import { mixWorkload } from '../workloads/presets.ts';
import { acceptanceLimits, rejectionsOf } from './acceptance.ts';
import { certify } from './certificate.ts';
import type { LoadScenario } from './definition.ts';

const workload = mixWorkload(1, 1, { keys: 1000, valueBytes: 64 });
const scenario: LoadScenario = {
  kind: 'load',
  id: 'p16',
  label: '',
  workload,
  connections: 50,
  loop: { kind: 'closed', pipeline: 16 },
  decides: [],
  tier: 1,
};
const open: LoadScenario = {
  ...scenario,
  loop: { kind: 'open', rateOpsPerSec: 40_000, arrivals: 'poisson' },
};

function result(change: (result: LoadResult) => void = () => {}): LoadResult {
  const command = (name: string) => ({ name, declaredShare: 0.5, answered: 50_000 });
  const sound = {
    sentOpsPerSec: 40_010,
    warmup: { sec: 0.5, steady: true, reason: '' },
    generator: { cpuShare: 0.6, busyShare: 0.4 },
    counters: {
      errors: 0,
      unanswered: 0,
      firstErrors: [],
      hits: 50_000,
      misses: 0,
      commands: [command('get'), command('set')],
      sample: { keys: 100_000, values: 50_000, valueBytesMean: 64, topRanks: [{ rank: 3, count: 130 }] },
    },
  } as unknown as LoadResult;
  change(sound);
  return sound;
}

function failing(checks: ReturnType<typeof certify>): string[] {
  return checks.filter(({ ok }) => !ok).map(({ id }) => id);
}

describe('certify', () => {
  it('passes what was declared', () => {
    expect(failing(certify(scenario, workload, result()))).toEqual([]);
    expect(failing(certify(open, workload, result()))).toEqual([]);
  });

  it.each([
    [
      'reply-types',
      (each: LoadResult) =>
        Object.assign(each.counters, { errors: 1, firstErrors: [{ text: 'ERR', count: 1 }] }),
    ],
    ['answered', (each: LoadResult) => Object.assign(each.counters, { unanswered: 3 })],
    ['hit-rate', (each: LoadResult) => Object.assign(each.counters, { hits: 45_000, misses: 5000 })],
    ['value-size', (each: LoadResult) => Object.assign(each.counters.sample, { valueBytesMean: 60 })],
    [
      'key-distribution',
      (each: LoadResult) => Object.assign(each.counters.sample, { topRanks: [{ rank: 0, count: 5000 }] }),
    ],
    ['command-mix', (each: LoadResult) => Object.assign(each.counters.commands[0]!, { answered: 90_000 })],
  ])('fails %s', (id, change) => {
    expect(failing(certify(scenario, workload, result(change)))).toEqual([id]);
  });

  it('fails an open loop that was not offered what it declares', () => {
    const slow = result((each) => Object.assign(each, { sentOpsPerSec: 38_000 }));
    expect(failing(certify(open, workload, slow))).toEqual(['achieved-rate']);
  });

  it('names a generator at its limit in a closed loop without rejecting the block', () => {
    const checks = certify(
      scenario,
      workload,
      result((each) => Object.assign(each.generator, { cpuShare: 0.99 })),
    );
    expect(checks.find(({ id }) => id === 'generator-cpu')!.observed).toContain('generator-bound');
    expect(failing(checks)).toEqual([]);
  });
});

describe('rejectionsOf', () => {
  const measurement = {
    startedAtIso: '',
    durationSec: 1,
    warmupSec: 1,
    requests: 1,
    certificate: [],
    metrics: {},
    generatorCpuShare: 0.9,
    generatorLatenessP99Us: 5000,
    stealShare: 0,
    percentiles: [],
    intervals: [],
  };

  it('holds generator and lateness against open loops only', () => {
    expect(rejectionsOf(measurement, 'closed', acceptanceLimits)).toEqual([]);
    expect(rejectionsOf(measurement, 'open', acceptanceLimits)).toEqual([
      'generator busy 90 % above 70 %',
      'generator late by 5000 us at p99, limit 500 us',
    ]);
  });

  it('names the failed check', () => {
    const certificate = [{ id: 'hit-rate', declared: '100 %', observed: '90 %', ok: false }];
    expect(rejectionsOf({ ...measurement, certificate }, 'closed', acceptanceLimits)).toEqual([
      'hit-rate: declared 100 %, observed 90 %',
    ]);
  });
});
