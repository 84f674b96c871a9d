import { describe, expect, it } from 'vitest';
import { FaultCounts } from './faults.ts';
import { ReplicationRun } from './replicationRun.ts';

/** The first seeds; `make sim` runs as many as one likes. */
const SEEDS = 40;

describe('simulated replication', () => {
  it('converges, loses no acknowledged increment and brings nothing back, whatever goes wrong', () => {
    const faults = new FaultCounts();
    let tombstonesCollected = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const report = new ReplicationRun(seed).run();
      expect(report.failures, `make sim SEED=${seed}`).toEqual([]);
      faults.add(report.faults);
      tombstonesCollected += report.tombstonesCollected;
    }
    expect(faults.neverFired()).toEqual([]);
    expect(tombstonesCollected).toBeGreaterThan(0);
  });

  it('takes the same turns from the same seed, and others from another', () => {
    const hash = (seed: number): number => new ReplicationRun(seed).run().traceHash;
    expect(hash(4)).toBe(hash(4));
    expect(hash(4)).not.toBe(hash(5));
  });
});
