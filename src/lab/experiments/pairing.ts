/**
 * From a session's blocks to paired values. Pure selection: a pair counts for a metric when both of its blocks were accepted and
 * both hold a finite value that is not negative; nothing else leaves or enters.
 */
import type { BlockResult, MetricId } from './result.ts';

export interface PairedValues {
  /** Pair numbers, ascending; `a` and `b` run along. */
  pairs: number[];
  a: number[];
  b: number[];
}

/** Where a set of blocks belongs. */
export interface CellId {
  experimentId: string;
  scenarioId: string;
}

/** Accepted blocks of one arm by pair number. With reruns, the accepted one; there is never more than one. */
export function acceptedByPair(
  blocks: readonly BlockResult[],
  cell: CellId,
  targetId: string,
): Map<number, BlockResult> {
  const found = new Map<number, BlockResult>();
  for (const block of blocks) {
    if (!block.accepted || block.targetId !== targetId) continue;
    if (block.experimentId !== cell.experimentId || block.scenarioId !== cell.scenarioId) continue;
    found.set(block.pair, block);
  }
  return found;
}

export function pairedValues(
  blocks: readonly BlockResult[],
  cell: CellId,
  metric: MetricId,
  a: string,
  b: string,
): PairedValues {
  const blocksA = acceptedByPair(blocks, cell, a);
  const blocksB = acceptedByPair(blocks, cell, b);
  const paired: PairedValues = { pairs: [], a: [], b: [] };
  for (const pair of [...blocksA.keys()].sort((left, right) => left - right)) {
    const valueA = blocksA.get(pair)?.metrics[metric];
    const valueB = blocksB.get(pair)?.metrics[metric];
    if (!isMeasured(valueA) || !isMeasured(valueB)) continue;
    paired.pairs.push(pair);
    paired.a.push(valueA);
    paired.b.push(valueB);
  }
  return paired;
}

/** Negative values (an overhead below nothing) have no ratio. Zeros have one by the convention of `pairedLogRatios`. */
function isMeasured(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}

/** Metrics that both arms measured in at least one pair of the cell, in the order they were first seen. */
export function sharedMetrics(
  blocks: readonly BlockResult[],
  cell: CellId,
  a: string,
  b: string,
): MetricId[] {
  const ofArm = (arm: string): Set<MetricId> =>
    new Set(
      [...acceptedByPair(blocks, cell, arm).values()].flatMap(
        (block) => Object.keys(block.metrics) as MetricId[],
      ),
    );
  const metricsB = ofArm(b);
  return [...ofArm(a)].filter((metric) => metricsB.has(metric));
}
