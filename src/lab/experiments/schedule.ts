/**
 * The order of the blocks, fixed by a seed before the first one runs.
 *
 * Drift (a warming machine, a noisy neighbour) is the enemy: whatever always runs second wears it. So arms alternate in ABBA or
 * BAAB order, drawn at random per group of two pairs; with more than two arms each replicate is a complete block in random
 * order, and every second replicate is its predecessor reversed, which for two arms is exactly ABBA/BAAB. Cells (experiment x scenario) take
 * turns group by group, in an order drawn per round, so that a session cut short has lost pairs evenly and not whole cells.
 *
 *   round 0:  cell 3 [A B, B A]  cell 1 [B A, A B]  cell 2 [A B, B A]
 *   round 1:  cell 1 [A B, B A]  cell 3 [B A, A B]  cell 2 [B A, A B]
 *
 * Each cell and each round draws from a stream of its own, keyed by (seed, name): adding an experiment or a pair changes no
 * other cell's order, and `--resume` with the same seed walks the same schedule.
 *
 * Invariants: same seed and cells, same schedule; every pair holds each arm of its cell once; in every complete group each arm
 * stands at each end equally often; a cell's pairs appear in ascending order.
 */
import { Prng } from '../../base/prng.ts';

export interface Cell {
  experimentId: string;
  scenarioId: string;
  /** Target ids, at least two (one for a memory or curve cell without comparison is legal too). */
  arms: string[];
  pairs: number;
}

export interface PlannedBlock {
  experimentId: string;
  scenarioId: string;
  targetId: string;
  pair: number;
  /** Order inside the pair, from 0. */
  position: number;
}

/** One pair (or complete block): the unit that is run or left out as a whole. */
export interface PlannedPair {
  experimentId: string;
  scenarioId: string;
  pair: number;
  blocks: PlannedBlock[];
}

/** Pairs that stand side by side in a group: two make ABBA. */
const pairsPerGroup = 2;

/** A 32-bit FNV-1a hash of the name, mixed into the seed: independent streams by name. */
export function streamSeed(seed: number, name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return seed + (hash >>> 0) * 0x2_0000;
}

/** Fisher-Yates over a copy. */
function shuffled<T>(items: readonly T[], prng: Prng): T[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = prng.below(index + 1);
    [result[index], result[other]] = [result[other]!, result[index]!];
  }
  return result;
}

/** Order of the arms in pair `pair` of a cell: random in even pairs, the reverse of its predecessor in odd ones. */
export function armOrder(
  seed: number,
  cell: Pick<Cell, 'experimentId' | 'scenarioId' | 'arms'>,
  pair: number,
): string[] {
  const group = Math.floor(pair / pairsPerGroup);
  const prng = new Prng(streamSeed(seed, `${cell.experimentId}/${cell.scenarioId}#${group}`));
  const order = shuffled([...cell.arms].sort(), prng);
  return pair % pairsPerGroup === 0 ? order : order.reverse();
}

/** The whole session's pairs in the order in which they run. */
export function schedule(seed: number, cells: readonly Cell[]): PlannedPair[] {
  const planned: PlannedPair[] = [];
  const roundsMax = Math.max(0, ...cells.map((cell) => Math.ceil(cell.pairs / pairsPerGroup)));
  const inNameOrder = [...cells].sort((left, right) => (cellKey(left) < cellKey(right) ? -1 : 1));
  for (let round = 0; round < roundsMax; round++) {
    const first = round * pairsPerGroup;
    const order = shuffled(inNameOrder, new Prng(streamSeed(seed, `round#${round}`)));
    for (const cell of order) {
      const end = Math.min(first + pairsPerGroup, cell.pairs);
      for (let pair = first; pair < end; pair++) planned.push(plannedPair(seed, cell, pair));
    }
  }
  return planned;
}

function plannedPair(seed: number, cell: Cell, pair: number): PlannedPair {
  const { experimentId, scenarioId } = cell;
  const blocks = armOrder(seed, cell, pair).map((targetId, position) => ({
    experimentId,
    scenarioId,
    targetId,
    pair,
    position,
  }));
  return { experimentId, scenarioId, pair, blocks };
}

export function cellKey(cell: { experimentId: string; scenarioId: string }): string {
  return `${cell.experimentId}/${cell.scenarioId}`;
}

/**
 * Seed of the load in one pair. Both arms get the same one: they answer the very same requests, and the difference between two
 * draws of a workload does not enter the comparison.
 */
export function loadSeed(seed: number, experimentId: string, scenarioId: string, pair: number): number {
  return new Prng(streamSeed(seed, `load:${experimentId}/${scenarioId}#${pair}`)).uint32();
}
