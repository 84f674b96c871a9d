import { describe, expect, it } from 'vitest';
import type { BlockResult, LatencyInterval } from '../../experiments/result.ts';
import { fixtureSession } from '../sessionFixture.ts';
import { viewOf } from '../sessionView.ts';
import { bucketRange, columnsOf, type IntervalPair, pairedColumnsOf } from './heatmapColumns.ts';
import { differencePanels, differenceShades, shareDifferences } from './heatmapDifference.ts';

const interval = (startMs: number, bucketCounts: number[]): LatencyInterval => ({
  startMs,
  durationMs: 500,
  count: bucketCounts.reduce((sum, hits) => sum + hits, 0),
  bucketCounts,
});

const template = fixtureSession({ seed: 1, pairs: 2, secondsPerBlock: 1 }).blocks[0]!;
const block = (targetId: string, pair: number, intervals: LatencyInterval[]): BlockResult => ({
  ...template,
  targetId,
  pair,
  intervals,
});
const starts = ({ columns }: { columns: IntervalPair[] }) =>
  columns.map(({ a, b }) => [a.startMs, b.startMs, a.count, b.count]);

describe('columns of two targets', () => {
  const a = [block('a', 0, [interval(0, [1]), interval(500, [2])]), block('a', 1, [interval(0, [3])])];

  it('join the blocks of a pair by time since their start, in the order of the pairs', () => {
    const b = [block('b', 1, [interval(0, [30])]), block('b', 0, [interval(0, [10]), interval(500, [20])])];
    const paired = pairedColumnsOf(a.toReversed(), b);
    expect(starts(paired)).toEqual([
      [0, 0, 1, 10],
      [500, 500, 2, 20],
      [0, 0, 3, 30],
    ]);
    expect(paired.blockStarts).toEqual([2]);
  });

  it('leave out what one block ran longer than the other', () => {
    const b = [
      block('b', 0, [interval(0, [10]), interval(500, [20]), interval(1000, [7])]),
      block('b', 1, []),
    ];
    expect(starts(pairedColumnsOf(a, b))).toEqual([
      [0, 0, 1, 10],
      [500, 500, 2, 20],
    ]);
    const late = [block('b', 0, [interval(500.2, [20])])];
    expect(starts(pairedColumnsOf(a, late))).toEqual([[500, 500.2, 2, 20]]);
  });

  it('leave out a pair that lacks a block', () => {
    const paired = pairedColumnsOf(a, [block('b', 1, [interval(0, [30])])]);
    expect(starts(paired)).toEqual([[0, 0, 3, 30]]);
    expect(paired.blockStarts).toEqual([]);
    expect(pairedColumnsOf(a, []).columns).toEqual([]);
    expect(pairedColumnsOf([], a).columns).toEqual([]);
  });

  it('lose no request where they are merged for want of room', () => {
    const long = (targetId: string, hits: number) =>
      block(
        targetId,
        0,
        Array.from({ length: 1000 }, (_, i) => interval(500 * i, [0, hits])),
      );
    const { columns } = pairedColumnsOf([long('a', 1)], [long('b', 2)]);
    expect(columns.length).toBeLessThanOrEqual(360);
    const sum = (side: 'a' | 'b') => columns.reduce((total, column) => total + column[side].count, 0);
    expect([sum('a'), sum('b')]).toEqual([1000, 2000]);
    expect(columnsOf([long('a', 1)]).columns.length).toBe(columns.length);
  });
});

describe('the difference of a cell', () => {
  it('is of shares, whatever the number of requests', () => {
    const pair = { a: interval(0, [0, 90, 10]), b: interval(0, [0, 1980, 0, 20]) };
    const differences = shareDifferences(pair);
    expect(differences[0]).toBeUndefined();
    expect(differences[1]).toBeCloseTo(0.09, 12);
    expect(differences[2]).toBeCloseTo(-0.1, 12);
    expect(differences[3]).toBeCloseTo(0.01, 12);
    expect(shareDifferences({ a: interval(0, [5, 5]), b: interval(0, [1, 1]) })).toEqual([0, 0]);
  });

  const shadesOf = (a: number[], b: number[]) => differenceShades({ a: interval(0, a), b: interval(0, b) });

  it('has the strongest colours for all or nothing, and none where nobody has a request', () => {
    expect(shadesOf([10, 0, 0], [0, 10, 0])).toEqual([2, 63, 0]);
  });

  it('is as strong one way as the other, and shows one in a thousand', () => {
    const [less, more] = shadesOf([9990, 0, 10], [9990, 10, 0]).slice(1).toReversed();
    expect(less! + more!).toBe(2 + 63);
    // A quarter of the way from none, at 33, to all, at 63.
    expect(more).toBe(33 + Math.round(30 / 4));
  });

  it('counts as none below one in ten thousand', () => {
    expect(shadesOf([100_000, 0], [99_999, 1])).toEqual([1, 1]);
  });

  it('says nothing of an interval in which one side has no request', () => {
    expect(shadesOf([], [3, 4])).toEqual([]);
    expect(shadesOf([3, 4], [0, 0])).toEqual([]);
  });
});

describe('the panels', () => {
  const session = fixtureSession({ seed: 3, pairs: 3, secondsPerBlock: 4 });
  const view = viewOf(session);
  const byTarget = Map.groupBy(view.acceptedBlocks('whole', 'open-40k'), ({ targetId }) => targetId);
  const rows = bucketRange([...byTarget.values()].flat().flatMap(({ intervals }) => intervals))!;
  const titles = (comparisons: { a: string; b: string }[]) =>
    [
      ...(differencePanels(view, byTarget, comparisons, rows)?.text ?? '').matchAll(/aria-label="([^"]*)"/g),
    ].map((match) => match[1]);

  it('are one for each pair of targets that was compared, whatever the number of metrics', () => {
    const compared = { a: 'redis', b: 'all' };
    expect(titles([compared, { ...compared }, { a: 'redis', b: 'none' }])).toEqual([
      'Difference of latency over time, Evenkeel (all flags) minus Redis 7.4.1',
      'Difference of latency over time, Evenkeel (no flags) minus Redis 7.4.1',
    ]);
  });

  it('are left out with their legend where there is nothing to compare', () => {
    expect(differencePanels(view, byTarget, [], rows)).toBeUndefined();
    expect(differencePanels(view, byTarget, [{ a: 'redis', b: 'nobody' }], rows)).toBeUndefined();
  });
});
