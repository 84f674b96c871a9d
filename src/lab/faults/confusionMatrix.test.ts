/** Where the time of the tail goes, fault by fault. */
import { describe, expect, it } from 'vitest';
import { confusionRow, type SlowRequest } from './confusionMatrix.ts';

const slow = (atMs: number, durationUs: number, rest: Partial<SlowRequest> = {}): SlowRequest => ({
  atMs,
  durationUs,
  command: 'get',
  requests: 1,
  chargesUs: { gc: durationUs },
  aheadOfUs: {},
  ...rest,
});

describe('a row of the confusion matrix', () => {
  const injections = [{ quietFromMs: 800, startMs: 1000, endMs: 1100 }];

  it('takes requests that met the fault, and no others', () => {
    const row = confusionRow({ id: 'gc', causes: ['gc'] }, injections, [
      slow(700, 50_000),
      slow(950, 60_000),
      slow(1050, 5000),
      slow(1099, 5000),
      slow(1100, 5000),
    ]);
    expect(row).toMatchObject({
      injections: 1,
      requests: 3,
      tailUs: 70_000,
      shares: { gc: 1 },
      trueShare: 1,
    });
  });

  it('leaves out what a quiet time as long has too', () => {
    const row = confusionRow({ id: 'gc', causes: ['gc'] }, injections, [
      slow(850, 1000, { chargesUs: { 'run-queue': 800, tick: 200 } }),
      slow(1050, 5000, { chargesUs: { gc: 4600, 'run-queue': 400 } }),
    ]);
    expect(row).toMatchObject({ requests: 1, tailUs: 4600, shares: { gc: 1 }, trueShare: 1 });
  });

  it('weighs by requests, and what goes elsewhere is not the true share', () => {
    const row = confusionRow({ id: 'gc', causes: ['gc'] }, injections, [
      slow(1000, 1000, { requests: 3, chargesUs: { gc: 900, unexplained: 100 } }),
      slow(1000, 1000, { chargesUs: { 'run-queue': 1000 } }),
    ]);
    expect(row.requests).toBe(4);
    expect(row.shares).toEqual({ gc: 0.675, unexplained: 0.075, 'run-queue': 0.25 });
    expect(row.trueShare).toBeCloseTo(0.675, 9);
  });

  it('tells waiting for the culprit from waiting for others', () => {
    const fault = { id: 'sleep', causes: ['culprit'], culprit: 'debug' };
    const row = confusionRow(fault, injections, [
      slow(1000, 1000, { command: 'debug', chargesUs: { execution: 1000 } }),
      slow(1000, 1000, { chargesUs: { ahead: 900, execution: 100 }, aheadOfUs: { debug: 700, keys: 100 } }),
    ]);
    expect(row.shares).toEqual({ culprit: 0.85, ahead: 0.1, execution: 0.05 });
    expect(row.trueShare).toBeCloseTo(0.85, 9);
  });

  it('is empty where nothing was slow', () => {
    expect(confusionRow({ id: 'gc', causes: ['gc'] }, injections, [])).toMatchObject({
      requests: 0,
      trueShare: 0,
    });
  });
});
