/**
 * Latency tables by interval. All tables of the measured part are made before it begins: rotating is then one assignment,
 * while merging or clearing 124 KiB between two sends would itself be a tail latency.
 *
 * Invariant: every recorded latency is in exactly one interval; one that comes after the last interval's end (a late
 * answer, in the drain) is in the last.
 */
import type { LatencyInterval } from '../experiments/result.ts';
import { heatmapBucket } from '../measurement/heatmapBuckets.ts';
import {
  bucketLowNs,
  bucketOfLatencyNs,
  LatencyTable,
  latencyTableBuckets,
} from '../measurement/latencyTable.ts';
import type { IntervalStats, LatencySummary } from './protocol.ts';

export interface RecordedInterval {
  intended: LatencyTable;
  service: LatencyTable;
  /** Answers that arrived in this interval, whenever their requests were due. */
  answered: number;
}

export class IntervalRecorder {
  readonly intervals: RecordedInterval[] = [];
  readonly intervalNs: number;
  #startNs = 0;
  #endNs = Number.POSITIVE_INFINITY;
  #index = 0;
  #current: RecordedInterval;

  /** @param withIntended false where intended and service latency are the same (closed loop): one table serves as both. */
  constructor(intervalNs: number, count: number, withIntended: boolean) {
    this.intervalNs = intervalNs;
    for (let i = 0; i < Math.max(1, count); i++) {
      const service = new LatencyTable();
      this.intervals.push({ service, intended: withIntended ? new LatencyTable() : service, answered: 0 });
    }
    this.#current = this.intervals[0]!;
  }

  get startNs(): number {
    return this.#startNs;
  }

  /** Index of the interval that `advance` last came to. */
  get index(): number {
    return this.#index;
  }

  begin(startNs: number): void {
    this.#startNs = startNs;
    this.#endNs = startNs + this.intervalNs;
  }

  /** Brings the current interval up to `nowNs`. @returns true if at least one interval ended. */
  advance(nowNs: number): boolean {
    if (nowNs < this.#endNs) return false;
    while (nowNs >= this.#endNs) {
      this.#index += 1;
      this.#endNs += this.intervalNs;
    }
    this.#current = this.intervals[Math.min(this.#index, this.intervals.length - 1)]!;
    return true;
  }

  /** A batch of a closed loop: `times` requests with one latency. */
  recordBatch(latencyNs: number, times: number): void {
    this.#current.service.recordTimes(latencyNs, times);
    this.#current.answered += times;
  }

  /** One request of an open loop. */
  recordRequest(intendedLatencyNs: number, serviceLatencyNs: number): void {
    this.#current.intended.record(intendedLatencyNs);
    this.#current.service.record(serviceLatencyNs);
    this.#current.answered += 1;
  }

  merged(which: 'intended' | 'service'): LatencyTable {
    const whole = new LatencyTable();
    for (const interval of this.intervals) whole.add(interval[which]);
    return whole;
  }
}

/** Figures of one interval, for the steady-state test and for progress. */
export function intervalStats(
  phase: IntervalStats['phase'],
  index: number,
  intervalNs: number,
  recorded: RecordedInterval,
): IntervalStats {
  const [p50, p99] = recorded.intended.quantilesNs([0.5, 0.99]);
  return {
    phase,
    startMs: (index * intervalNs) / 1e6,
    durationMs: intervalNs / 1e6,
    answered: recorded.answered,
    throughputOpsPerSec: recorded.answered / (intervalNs / 1e9),
    p50Us: p50! / 1000,
    p99Us: p99! / 1000,
    maxUs: recorded.intended.maxNs / 1000,
  };
}

/** Of each bucket of a table its bucket on the report's axis: looked up, because intervals are also counted between two sends. */
const axisBuckets = Uint8Array.from({ length: latencyTableBuckets }, (_, i) => heatmapBucket(bucketLowNs(i)));

/** Counts on the report's coarse axis. */
export function latencyInterval(index: number, intervalNs: number, table: LatencyTable): LatencyInterval {
  const last = table.count === 0 ? -1 : bucketOfLatencyNs(table.maxNs);
  const bucketCounts: number[] = last < 0 ? [] : new Array(axisBuckets[last]! + 1).fill(0);
  for (let i = bucketOfLatencyNs(table.minNs); i <= last; i++)
    bucketCounts[axisBuckets[i]!]! += table.counts[i]!;
  return {
    startMs: (index * intervalNs) / 1e6,
    durationMs: intervalNs / 1e6,
    count: table.count,
    bucketCounts,
  };
}

/** Quantiles of the published curve: nines in steps, so that the 1/(1-q) axis is evenly filled. */
export const curveQuantiles: readonly number[] = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.825, 0.85, 0.875, 0.9, 0.925, 0.95, 0.9625,
  0.975, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.9975, 0.999, 0.9995, 0.9999, 0.99995, 0.99999, 1,
];

export function summarize(table: LatencyTable): LatencySummary {
  if (table.count === 0) {
    const none = { count: 0, meanUs: 0, minUs: 0, p50Us: 0, p90Us: 0, p95Us: 0 };
    return { ...none, p99Us: 0, p999Us: 0, p9999Us: 0, maxUs: 0, percentiles: [] };
  }
  const values = table.quantilesNs(curveQuantiles);
  const at = (q: number): number => values[curveQuantiles.indexOf(q)]! / 1000;
  return {
    count: table.count,
    meanUs: table.meanNs() / 1000,
    minUs: table.minNs / 1000,
    p50Us: at(0.5),
    p90Us: at(0.9),
    p95Us: at(0.95),
    p99Us: at(0.99),
    p999Us: at(0.999),
    p9999Us: at(0.9999),
    maxUs: table.maxNs / 1000,
    percentiles: curveQuantiles.map((q, i) => ({ q, valueUs: values[i]! / 1000 })),
  };
}
