/**
 * What each effort buys. The numbers are the whole difference between `smoke`, `quick` and `full`; nothing else asks for the effort.
 *
 * Stopping: the number of pairs follows from block costs and the time limit, never from the data. A group-sequential design would save
 * blocks on large effects, but each look spends some of the error probability, and with six to twenty pairs the saving is smaller
 * than the spending. Three things change a session after it has begun, all blind to the measurements: a rejected block is rerun, pairs are
 * added where blocks were cheaper than planned, and the wall clock ends it.
 */
import type { BlockShape } from './bench.ts';
import type { Effort, LoadScenario, MemoryScenario } from './definition.ts';
import { elementsPerKey } from './memoryStages.ts';

export interface EffortPlan {
  limitSec: number;
  /** Share of the limit the planner may fill; the rest is for reruns, slow blocks and the report. */
  fill: number;
  pairsMax: number;
  /** Reruns of one rejected block, and of all together as a share of the planned blocks. */
  rerunsPerBlockMax: number;
  rerunShareMax: number;
  /** Seconds per pipeline depth against the null responder. */
  ceilingSec: number;
  ceilingAttempts: number;
  /** Whether a throwaway block per kind of scenario and arm measures the cost of blocks before planning. */
  calibrate: boolean;
}

export const stoppingRule =
  'pairs per cell follow from measured block costs and the time limit alone; rejected blocks are rerun; ' +
  'nothing is extended or stopped on account of the data';

/** @param minutes limit of a full session; ignored by the others, whose limits are promises. */
export function effortPlan(effort: Effort, minutes: number): EffortPlan {
  switch (effort) {
    case 'smoke':
      return {
        limitSec: 55,
        fill: 0.8,
        pairsMax: 1,
        rerunsPerBlockMax: 0,
        rerunShareMax: 0,
        ceilingSec: 0.3,
        ceilingAttempts: 1,
        calibrate: false,
      };
    case 'quick':
      return {
        limitSec: Math.min(minutes, 9.6) * 60,
        fill: 0.93,
        pairsMax: 12,
        rerunsPerBlockMax: 2,
        rerunShareMax: 0.25,
        ceilingSec: 0.6,
        ceilingAttempts: 2,
        calibrate: true,
      };
    case 'full':
      return {
        limitSec: minutes * 60,
        fill: 0.93,
        pairsMax: 20,
        rerunsPerBlockMax: 3,
        rerunShareMax: 0.25,
        ceilingSec: 2,
        ceilingAttempts: 3,
        calibrate: true,
      };
  }
}

/** Tails need more requests than means: open-loop blocks measure longer. A key with many elements counts as many. */
export function blockShape(effort: Effort, scenario: LoadScenario | MemoryScenario): BlockShape {
  const shape = shapeOf(effort, scenario);
  const elements = scenario.kind === 'memory' ? elementsPerKey(scenario) : 1;
  const memoryKeyCounts = shape.memoryKeyCounts.map((keys) => Math.round(keys / elements));
  return { ...shape, memoryKeyCounts };
}

function shapeOf(effort: Effort, scenario: LoadScenario | MemoryScenario): BlockShape {
  const open = scenario.kind === 'load' && scenario.loop.kind === 'open';
  switch (effort) {
    case 'smoke':
      return {
        warmupSecMin: 0.1,
        warmupSecMax: 0.2,
        measureSec: 0.3,
        intervalMs: 100,
        keysMax: 2_000,
        eventKeysMax: 2_000,
        memoryKeyCounts: [10_000, 30_000],
      };
    case 'quick':
      return {
        // Until V8 has compiled the generator, its compiler takes the CPU it spins on: an open loop warms up longer.
        warmupSecMin: open ? 2 : 0.4,
        warmupSecMax: open ? 2.5 : 0.9,
        measureSec: open ? 2 : 1,
        // Each interval's end wakes the runner, which on two CPUs is the generator's neighbour.
        intervalMs: open ? 500 : 100,
        keysMax: 50_000,
        eventKeysMax: 300_000,
        memoryKeyCounts: [400_000, 800_000, 1_200_000],
      };
    case 'full':
      return {
        warmupSecMin: open ? 2 : 1,
        warmupSecMax: open ? 3 : 2,
        measureSec: open ? 4 : 2,
        intervalMs: open ? 500 : 250,
        keysMax: 1_000_000,
        eventKeysMax: 2_000_000,
        memoryKeyCounts: [500_000, 1_000_000, 1_500_000, 2_000_000],
      };
  }
}
