/**
 * What a block costs beyond its own warm-up and measurement: starting, preloading, stopping. Guessed from the keys it writes until a
 * calibration block of the same kind has told; the pairs themselves tell better still.
 */
import { elementsPerKey } from './memoryStages.ts';
import { cellKey } from './schedule.ts';
import type { SessionCell } from './sessionCells.ts';

/** Start and stop of server and generator, and its ring of requests. */
const startSec = 0.9;
/** Keys per second that a preload writes on a modest machine. */
const preloadKeysPerSec = 300_000;
/** A memory block's stage: the generator's start, and the pause before memory is read. */
const stageSec = 0.8;

/** Keys the block writes before it is measured. */
function writtenKeys({ scenario, shape }: SessionCell): number {
  if (scenario.kind === 'memory') return (shape.memoryKeyCounts.at(-1) ?? 0) * elementsPerKey(scenario);
  const { workload, event } = scenario;
  const ofWorkload =
    workload.preload === undefined
      ? 0
      : Math.min(workload.keys.count, shape.keysMax) * workload.preload.share;
  const ofEvent = event?.prepared === undefined ? 0 : Math.min(event.prepared.keys.count, shape.eventKeysMax);
  return ofWorkload + ofEvent;
}

/** A guess of the fixed cost, seconds. */
export function guessedFixedSec(cell: SessionCell): number {
  const stages = cell.scenario.kind === 'memory' ? cell.shape.memoryKeyCounts.length * stageSec : 0;
  return startSec + stages + writtenKeys(cell) / preloadKeysPerSec;
}

/** The whole block, from its fixed cost. A memory block is nothing else. */
export function blockSec({ scenario, shape }: SessionCell, fixedSec: number): number {
  return scenario.kind === 'memory' ? fixedSec : fixedSec + shape.warmupSecMax + shape.measureSec;
}

/** Blocks with the same key have the same fixed cost. `costClass`: targets that start and load alike, such as all of our own flag sets. */
export function costKey(cell: SessionCell, costClass: string): string {
  return `${cell.scenario.kind}/${Math.round(writtenKeys(cell))}/${costClass}`;
}

export function cellKeyOf(cell: SessionCell): string {
  return cellKey({ experimentId: cell.experimentId, scenarioId: cell.scenario.id });
}
