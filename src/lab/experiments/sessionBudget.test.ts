/** Several experiments under one time limit, on the simulated bench: what is compared can be decided, and the rest is named. */
import { describe, expect, it } from 'vitest';
import { pairsMinForFamily } from '../statistics/multiplicity.ts';
import { mixWorkload } from '../workloads/presets.ts';
import type { ExperimentDefinition } from './definition.ts';
import { flagArms } from './flagArms.ts';
import type { EnvironmentFingerprint, SessionResult } from './result.ts';
import { Session } from './runner.ts';
import { closedLoop } from './scenarios.ts';
import { noiseExperimentId } from './sessionCells.ts';
import { SimulatedBench, SimulatedClock, type SimulatedTarget } from './simulatedBench.ts';

const target: SimulatedTarget = {
  opsPerSec: 1_000_000,
  cpuUsPerRequest: 0.8,
  latencyP99Us: 400,
  bytesPerKey: 150,
};
const flags = ['a', 'b', 'c', 'd', 'e', 'f'];
const definitions = flags.map(
  (flag): ExperimentDefinition => ({
    id: `judge-${flag}`,
    title: '',
    question: '',
    flag,
    ...flagArms(flag),
    scenarios: [closedLoop('GET', mixWorkload(1, 0), 16)],
    budgets: [],
  }),
);

async function simulate(minutes: number, noiseFloor = true): Promise<SessionResult> {
  const clock = new SimulatedClock();
  const targets = Object.fromEntries(['all', ...flags.map((flag) => `-${flag}`)].map((arm) => [arm, target]));
  const session = new Session(
    {
      definitions,
      effort: 'full',
      seed: 1,
      minutes,
      noiseFloor,
      costClass: () => 'ours',
      analysisIntervalSec: Number.POSITIVE_INFINITY,
    },
    {
      bench: new SimulatedBench({ targets, seed: 1, noise: 0.02, fixedSec: 1 }, clock),
      clock,
      progress: { note() {}, planned() {}, blockStarted() {}, blockEnded() {}, ended() {} },
      save() {},
      environment: () => ({ gitSha: '' }) as Partial<EnvironmentFingerprint> as EnvironmentFingerprint,
    },
  );
  return session.run(new AbortController().signal);
}

const pairsByCell = ({ plan }: SessionResult): Map<string, number> =>
  new Map(plan!.cells.map(({ experimentId, pairs }) => [experimentId, pairs]));

describe('several experiments under one limit', () => {
  it('all get the pairs of a verdict where there is time, and one A/A arm serves them all', async () => {
    const session = await simulate(20);
    const pairs = pairsByCell(session);
    expect(pairs.size).toBe(flags.length + 1);
    for (const count of pairs.values()) expect(count).toBeGreaterThanOrEqual(pairsMinForFamily(1));
    expect(session.plan!.notes).toEqual(['Simulated: no machine was measured.']);
    for (const { comparisons } of session.experiments)
      expect(comparisons[0]!.pairs).toBeGreaterThanOrEqual(6);
  });

  it('decide some rather than none where there is not, and the plan names the others and the time they need', async () => {
    const session = await simulate(4);
    const pairs = pairsByCell(session);
    const decided = definitions.filter(({ id }) => pairs.get(id)! >= pairsMinForFamily(1));
    expect(decided.length).toBeGreaterThan(1);
    expect(decided.length).toBeLessThan(flags.length);
    const note = session.plan!.notes.find((each) => each.startsWith('Too few pairs'))!;
    for (const { id } of definitions) expect(note.includes(`${id}/p16`)).toBe(pairs.get(id)! < 6);
    const minutes = Number(/--minutes (\d+)/.exec(note)![1]);
    const repeated = pairsByCell(await simulate(minutes));
    for (const { id } of definitions) expect(repeated.get(id)).toBeGreaterThanOrEqual(6);
  });

  it('have no A/A arm where it is left out', async () => {
    const session = await simulate(10, false);
    expect(pairsByCell(session).has(noiseExperimentId)).toBe(false);
    expect(session.noiseFloor).toEqual([]);
  });
});
