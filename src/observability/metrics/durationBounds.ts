/** Recorded durations as the buckets of a Prometheus histogram: edges that the recording has too, so no count is split. */
import { BUCKET_COUNT, bucketOf } from '../../base/latencyBuckets.ts';

/** Below is what no request reaches, above what nobody waits for. */
const FROM_US = 0.5;
const TO_US = 2 ** 24;

export class DurationBounds {
  /** Upper edges in seconds. */
  readonly seconds: readonly number[];
  /** Recorded bucket -> bucket of the histogram. */
  readonly #bucketOf: Uint8Array;

  /** @param perOctave 1, 2, 4, 8 or 16 buckets from a duration to its double. */
  constructor(perOctave: number) {
    const edgesUs: number[] = [];
    for (let octave = FROM_US; octave < TO_US; octave *= 2)
      for (let step = 0; step < perOctave; step++) edgesUs.push(octave * (1 + step / perOctave));
    edgesUs.push(TO_US);
    this.seconds = edgesUs.map((edgeUs) => edgeUs / 1e6);
    this.#bucketOf = new Uint8Array(BUCKET_COUNT);
    for (let bucket = 0, edge = 0; bucket < BUCKET_COUNT; bucket++) {
      while (edge < edgesUs.length && bucket >= bucketOf(edgesUs[edge]!)) edge++;
      this.#bucketOf[bucket] = edge;
    }
  }

  /** Counts by histogram bucket, what is beyond the last edge at the end. */
  counts(recorded: ArrayLike<number>): number[] {
    const counts = new Array<number>(this.seconds.length + 1).fill(0);
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket++)
      counts[this.#bucketOf[bucket]!]! += recorded[bucket]!;
    return counts;
  }
}
