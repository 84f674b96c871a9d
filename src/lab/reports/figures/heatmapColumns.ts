/** From blocks to the columns of a heatmap: latency intervals end to end, merged where there are more of them than a figure has room for. */
import type { BlockResult, LatencyInterval } from '../../experiments/result.ts';
import { BUCKETS_PER_OCTAVE } from '../../measurement/heatmapBuckets.ts';

/** Columns of one panel, `Column` being an interval or two of them side by side. */
export interface HeatColumns<Column> {
  columns: Column[];
  /** Column at which each block but the first begins. */
  blockStarts: number[];
}

/** Latency buckets from `from` up to but not including `to`. */
export interface BucketRange {
  from: number;
  to: number;
}

/** The same stretch of time since the start of two blocks of one pair. */
export interface IntervalPair {
  a: LatencyInterval;
  b: LatencyInterval;
}

const COLUMNS_MAX = 360;

/** All intervals of one target, blocks in the order given. */
export function columnsOf(blocks: readonly BlockResult[]): HeatColumns<LatencyInterval> {
  return endToEnd(
    blocks.map(({ intervals }) => intervals),
    mergeIntervals,
  );
}

/**
 * Intervals of two targets side by side. Their blocks ran at different times, so the time they share is that since each block's start: pair
 * by pair, in order. A pair that lacks a block, and what one block of a pair ran longer than the other, is left out.
 */
export function pairedColumnsOf(
  blocksA: readonly BlockResult[],
  blocksB: readonly BlockResult[],
): HeatColumns<IntervalPair> {
  const byPair = new Map(blocksB.map((block) => [block.pair, block]));
  const pairs = blocksA
    .toSorted((x, y) => x.pair - y.pair)
    .map((blockA) => intervalPairs(blockA, byPair.get(blockA.pair)));
  return endToEnd(pairs, (group) => ({
    a: mergeIntervals(group.map(({ a }) => a)),
    b: mergeIntervals(group.map(({ b }) => b)),
  }));
}

function intervalPairs(blockA: BlockResult, blockB: BlockResult | undefined): IntervalPair[] {
  const byStart = new Map(blockB?.intervals.map((interval) => [Math.round(interval.startMs), interval]));
  return blockA.intervals.flatMap((a) => {
    const b = byStart.get(Math.round(a.startMs));
    return b === undefined ? [] : [{ a, b }];
  });
}

function endToEnd<Column>(
  blocks: readonly Column[][],
  merge: (group: readonly Column[]) => Column,
): HeatColumns<Column> {
  const columns: Column[] = [];
  const starts: number[] = [];
  for (const block of blocks) {
    if (block.length === 0) continue;
    if (columns.length > 0) starts.push(columns.length);
    columns.push(...block);
  }
  const size = Math.max(1, Math.ceil(columns.length / COLUMNS_MAX));
  if (size === 1) return { columns, blockStarts: starts };
  const merged: Column[] = [];
  for (let i = 0; i < columns.length; i += size) merged.push(merge(columns.slice(i, i + size)));
  return { columns: merged, blockStarts: starts.map((start) => start / size) };
}

function mergeIntervals(intervals: readonly LatencyInterval[]): LatencyInterval {
  const bucketCounts: number[] = [];
  let [count, durationMs] = [0, 0];
  for (const interval of intervals) {
    count += interval.count;
    durationMs += interval.durationMs;
    for (const [bucket, hits] of interval.bucketCounts.entries())
      bucketCounts[bucket] = (bucketCounts[bucket] ?? 0) + (hits || 0);
  }
  return { startMs: intervals[0]!.startMs, durationMs, count, bucketCounts };
}

/** Share of the interval's requests in each bucket; nothing of an interval without requests. */
export function sharesOf({ bucketCounts }: LatencyInterval): number[] {
  const total = bucketCounts.reduce((sum, hits) => sum + (hits || 0), 0);
  return total === 0 ? [] : bucketCounts.map((hits) => (hits || 0) / total);
}

/** Buckets from the lowest to the highest that holds anything, in whole octaves so that the axis has round ends. */
export function bucketRange(intervals: Iterable<LatencyInterval>): BucketRange | undefined {
  let [from, to] = [Number.POSITIVE_INFINITY, -1];
  for (const { bucketCounts } of intervals) {
    const first = bucketCounts.findIndex((hits) => hits > 0);
    if (first < 0) continue;
    from = Math.min(from, first);
    to = Math.max(
      to,
      bucketCounts.findLastIndex((hits) => hits > 0),
    );
  }
  if (to < 0) return undefined;
  const octave = (bucket: number) => Math.floor(bucket / BUCKETS_PER_OCTAVE) * BUCKETS_PER_OCTAVE;
  return { from: octave(from), to: octave(to) + BUCKETS_PER_OCTAVE };
}
