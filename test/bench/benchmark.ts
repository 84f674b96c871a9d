/**
 * A microbenchmark: an operation repeated in batches until its time is up, its result folded into a hash so that nothing can be
 * optimised away and two variants can be seen to do the same work.
 *
 * Goals: notice that a hot function got slower, compare two variants of one interface. Non-goals: predicting a server's
 * throughput (the laboratory does that), comparing machines.
 */
export interface Benchmark {
  name: string;
  /**
   * Operations one call of the returned function does, and the function: a number that depends on what it did.
   * @param tiny whether little data will do: a run in the test suite
   */
  prepare(tiny: boolean): { operations: number; run: () => number };
}

export interface BenchmarkResult {
  name: string;
  nsPerOperation: number;
  /** Bytes allocated on the JavaScript heap per operation, garbage included: the median of several rounds. */
  allocatedBytesPerOperation: number;
  operations: number;
  /** Hash of the results of the first batches, the same for every run of the same code. */
  resultHash: string;
}

const HASHED_RUNS = 16;
const ROUND_MS = 5;
/** Few enough runs to stay within the young generation, which `run.ts` makes large: no collection, so growth is allocation. */
const ALLOCATION_RUNS = { full: 200, tiny: 4 };
/** The first round pays for code that the collection before it threw away. */
const ALLOCATION_ROUNDS = { full: 5, tiny: 1 };

/** Runs in a process of its own: order alone changes what V8 makes of a function. Needs `--expose-gc`. */
export function measure(benchmark: Benchmark, durationMs: number, tiny: boolean): BenchmarkResult {
  const { operations, run } = benchmark.prepare(tiny);
  const resultHash = hashOfResults(run);
  spin(run, durationMs / 3);
  const roundsNs: number[] = [];
  let total = 0;
  const deadline = performance.now() + durationMs;
  do {
    const runs = spin(run, Math.min(ROUND_MS, durationMs));
    roundsNs.push((runs.elapsedMs * 1e6) / (runs.count * operations));
    total += runs.count * operations;
  } while (performance.now() < deadline);
  roundsNs.sort((a, b) => a - b);
  return {
    name: benchmark.name,
    nsPerOperation: roundsNs[roundsNs.length >> 1]!,
    allocatedBytesPerOperation: allocatedBytesPerRun(run, tiny) / operations,
    operations: total,
    resultHash,
  };
}

function spin(run: () => number, durationMs: number): { count: number; elapsedMs: number } {
  const start = performance.now();
  let count = 0;
  do {
    run();
    count++;
  } while (performance.now() - start < durationMs);
  return { count, elapsedMs: performance.now() - start };
}

function allocatedBytesPerRun(run: () => number, tiny: boolean): number {
  const size = tiny ? 'tiny' : 'full';
  const runs = ALLOCATION_RUNS[size];
  const rounds: number[] = [];
  for (let round = 0; round < ALLOCATION_ROUNDS[size]; round++) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < runs; i++) run();
    rounds.push(Math.max(0, process.memoryUsage().heapUsed - before) / runs);
  }
  return rounds.sort((a, b) => a - b)[rounds.length >> 1]!;
}

/** Of what a benchmark's first runs returned: the same for every start of the same code. */
export function hashOfResults(run: () => number): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < HASHED_RUNS; i++) hash = Math.imul(hash ^ (run() | 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
