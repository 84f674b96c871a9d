/**
 * The bench: where blocks are really run. The runner knows nothing of processes, sockets or /proc; it asks this interface, and a
 * simulated bench with a clock of its own stands in for it in the tests.
 */
import type { LoadScenario, MemoryScenario } from './definition.ts';
import type { BlockResult, TargetDescription } from './result.ts';

/** How long each part of a block takes and how much it loads; chosen by effort, equal for every arm. */
export interface BlockShape {
  warmupSecMin: number;
  warmupSecMax: number;
  measureSec: number;
  intervalMs: number;
  /** Keyspace of load scenarios is cut down to this at small efforts. */
  keysMax: number;
  /** What an event acts on is cut down to this many keys (or fields). */
  eventKeysMax: number;
  /** Ascending key counts at which memory is read. */
  memoryKeyCounts: number[];
}

export interface BlockRequest {
  blockId: string;
  targetId: string;
  scenario: LoadScenario | MemoryScenario;
  seed: number;
  shape: BlockShape;
  /** The bench gives the block up after this long; a hung server must not hold the session. */
  timeoutSec: number;
  /** The flag this block is about and must run with: a server that fell back to its other side measures nothing of it. */
  flagInEffect?: string;
  /** File name for the raw latency log, relative to the session's directory; absent for none. */
  hlog?: string;
}

/** Everything a block's record holds except who it was for and whether it counts. */
export type BlockMeasurement = Omit<
  BlockResult,
  'id' | 'experimentId' | 'scenarioId' | 'targetId' | 'pair' | 'sequence' | 'accepted' | 'rejections'
>;

export interface Bench {
  /** Starts the target once, asks it who it is and stops it. Rejects with a BenchError if it cannot run here. */
  describe(targetId: string, signal: AbortSignal): Promise<TargetDescription>;
  /** A fresh process, preload, warm-up, measurement, stop. Rejects with BlockFailure where the target or the generator failed. */
  runBlock(request: BlockRequest, signal: AbortSignal): Promise<BlockMeasurement>;
  /** Closed-loop requests per second the generator reaches against the null responder. */
  generatorCeiling(pipeline: number, measureSec: number, signal: AbortSignal): Promise<number>;
  /** What a reader must know about the bench: no taskset, one CPU, hidden /proc. */
  notes(): string[];
}

/** A block that produced no measurement: counts as rejected with this text, never as a number. */
export class BlockFailure extends Error {
  override name = 'BlockFailure';
  readonly code = 'BLOCK_FAILED';
}

/** A target that cannot be run here at all; the text says what to do. */
export class BenchError extends Error {
  override name = 'BenchError';
  readonly code = 'BENCH';
}
