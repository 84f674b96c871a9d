import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../test/seed.ts';
import { Prng } from '../../base/prng.ts';
import { INTERFERENCES } from '../../ports/probe.ts';
import type { RequestRecord, WaitRecord, WorkRecord } from '../recording/shardRecording.ts';
import { attribute } from './attribute.ts';
import { CAUSES } from './causes.ts';
import { Stretches } from './stretches.ts';
import { tailCauses } from './tailCauses.ts';

const SEED = testSeed();
const KEYS = 5;

const record = (fields: Partial<RequestRecord>): RequestRecord => ({
  kind: 0,
  arrivedUs: 1000,
  turnStartUs: 2000,
  batchStartUs: 3000,
  endUs: 4000,
  requests: 1,
  command: -1,
  executionStartUs: 0,
  executionEndUs: 0,
  lastCommand: 1,
  clientId: 1,
  unsentBytes: 0,
  ...fields,
});
interface Around {
  work: WorkRecord[];
  waits: WaitRecord[];
  usualExecutionUs: () => number;
}
const around = ({ work = [], waits = [], usualExecutionUs = () => 2000 }: Partial<Around>) => ({
  work: new Stretches(work),
  waits: new Stretches(waits),
  usualExecutionUs,
});
const work = (kind: WorkRecord['kind'], startUs: number, endUs: number, amount = 0): WorkRecord => ({
  kind,
  startUs,
  endUs,
  amount,
});

describe('attribution', () => {
  it('charges waiting to requests ahead and the batch to the execution', () => {
    const { chargesUs, durationUs } = attribute(record({}), around({}));
    expect(durationUs).toBe(3000);
    expect(chargesUs).toMatchObject({ ahead: 2000, execution: 1000, unexplained: 0 });
  });

  it('divides a batch among its requests', () => {
    const { chargesUs } = attribute(record({ requests: 4 }), around({}));
    expect(chargesUs).toMatchObject({ ahead: 2750, execution: 250 });
  });

  it('charges work beside requests to its kind, overlaps to the first in line', () => {
    const { chargesUs } = attribute(
      record({}),
      around({ work: [work('expiry', 900, 1500), work('gc', 1400, 1600), work('tick', 5000, 6000)] }),
    );
    expect(chargesUs).toMatchObject({ expiry: 400, gc: 200, ahead: 1400, execution: 1000, tick: 0 });
  });

  it('charges the poll that follows work at once to that work', () => {
    const slice = (endUs: number) =>
      attribute(record({ batchStartUs: 2010 }), around({ work: [work('expiry', 900, endUs)] })).chargesUs;
    expect(slice(1970)).toMatchObject({ expiry: 1000, ahead: 10, execution: 1990 });
    expect(slice(1900)).toMatchObject({ expiry: 900, ahead: 110, execution: 1990 });
  });

  it('names a long command that was ahead, and knows its own', () => {
    const other = attribute(record({}), around({ work: [work('command', 500, 1800, KEYS)] }));
    expect(other.chargesUs).toMatchObject({ ahead: 2000, execution: 1000 });
    expect([...other.aheadOf]).toEqual([[KEYS, 800]]);
    const own = attribute(record({ command: KEYS }), around({ work: [work('command', 3100, 3900, KEYS)] }));
    expect(own.chargesUs).toMatchObject({ ahead: 2000, execution: 1000 });
  });

  it('leaves unexplained what a command does not usually take', () => {
    const { chargesUs } = attribute(record({}), around({ usualExecutionUs: () => 10 }));
    expect(chargesUs).toMatchObject({ execution: 10, unexplained: 990 });
  });

  it('takes time without a core from what is least explained', () => {
    const { chargesUs } = attribute(
      record({}),
      around({ usualExecutionUs: () => 10, waits: [{ startUs: 0, endUs: 5000, waitedUs: 1200 }] }),
    );
    expect(chargesUs).toMatchObject({ 'run-queue': 1200, unexplained: 0, ahead: 1790, execution: 10 });
  });

  it('takes it from work that was seen if nothing else is left, and never from a collection', () => {
    const { chargesUs } = attribute(
      record({ batchStartUs: 3990 }),
      around({
        work: [work('gc', 1000, 2000), work('expiry', 2000, 3500), work('tick', 3500, 3990)],
        waits: [{ startUs: 1000, endUs: 4000, waitedUs: 2900 }],
      }),
    );
    expect(chargesUs).toMatchObject({ gc: 1000, 'run-queue': 2000, expiry: 0, tick: 0 });
    const partly = attribute(
      record({ batchStartUs: 3990 }),
      around({
        work: [work('expiry', 1000, 3500), work('tick', 3500, 3990)],
        waits: [{ startUs: 1000, endUs: 4000, waitedUs: 1000 }],
      }),
    );
    expect(partly.chargesUs).toMatchObject({ 'run-queue': 1000, tick: 0, expiry: 2000 });
  });

  it('takes it from mere waiting before the wait for a long command', () => {
    const { chargesUs, aheadOf } = attribute(
      record({ arrivedUs: 900 }),
      around({
        work: [work('command', 1000, 3000, KEYS)],
        waits: [{ startUs: 900, endUs: 2500, waitedUs: 600 }],
        usualExecutionUs: () => 1000,
      }),
    );
    expect(chargesUs).toMatchObject({ 'run-queue': 600, execution: 1000, ahead: 1500 });
    expect([...aheadOf]).toEqual([[KEYS, 1500]]);
  });

  it(`charges every microsecond once, whatever overlaps, seed ${SEED}`, () => {
    const prng = new Prng(SEED);
    for (let round = 0; round < 500; round++) {
      const arrivedUs = prng.below(1000);
      const batchStartUs = arrivedUs + prng.below(1000);
      const endUs = batchStartUs + 1 + prng.below(1000);
      const turnStartUs = arrivedUs + prng.below(batchStartUs - arrivedUs + 1);
      const { chargesUs, durationUs } = attribute(
        record({ arrivedUs, turnStartUs, batchStartUs, endUs, requests: 1 + prng.below(64) }),
        around({
          work: Array.from({ length: prng.below(8) }, () => {
            const startUs = prng.below(3000);
            return work(
              INTERFERENCES[prng.below(INTERFERENCES.length)]!,
              startUs,
              startUs + prng.below(900),
              3,
            );
          }),
          waits: [
            { startUs: prng.below(500), endUs: 500 + prng.below(2000), waitedUs: prng.below(1500) },
            { startUs: 2500, endUs: 2600, waitedUs: prng.below(100) },
          ],
          usualExecutionUs: () => prng.below(50),
        }),
      );
      const total = CAUSES.reduce((sum, cause) => sum + chargesUs[cause], 0);
      expect(total, `seed ${SEED} round ${round}`).toBeCloseTo(durationUs, 6);
      for (const cause of CAUSES) expect(chargesUs[cause]).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('causes of a tail', () => {
  it('have shares of its time and lifts against ordinary requests', () => {
    const slow = attribute(record({}), around({ work: [work('gc', 1000, 3000)] }));
    const ordinary = attribute(record({ arrivedUs: 2990, turnStartUs: 2990, endUs: 3010 }), around({}));
    const causes = tailCauses(new Array(50).fill(slow), new Array(50).fill(ordinary));
    expect(causes.map(({ cause }) => cause)).toEqual(['gc', 'execution']);
    expect(causes[0]!.share).toBeCloseTo(2 / 3);
    expect(causes[0]!.lift).toBeGreaterThan(50);
    expect(causes[1]!.lift).toBeCloseTo(1, 1);
    expect(tailCauses([], [ordinary])).toEqual([]);
    expect(tailCauses([slow], [])[0]!.lift).toBeUndefined();
  });
});
