import { decodeFromCompressedBase64, HistogramLogReader, listTags } from 'hdr-histogram-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { Prng } from '../../base/prng.ts';
import {
  formatHlog,
  HlogFormatError,
  type HlogInterval,
  mergeIntervals,
  prepareHistograms,
  readHlog,
} from './hlog.ts';
import { LatencyTable } from './latencyTable.ts';

const startedAtUnixMs = 1_700_000_000_123;

function randomTable(seed: number, values: number): LatencyTable {
  const prng = new Prng(seed);
  const table = new LatencyTable();
  for (let i = 0; i < values; i++) table.record(Math.floor(1000 * 10 ** (prng.float() * 8)));
  return table;
}

function twoTagsTwoSeconds(): HlogInterval[] {
  return [
    { tag: 'get', startMs: 0, durationMs: 1000, table: randomTable(1, 3000) },
    { tag: 'set', startMs: 0, durationMs: 1000, table: randomTable(2, 500) },
    { tag: 'get', startMs: 1000, durationMs: 987, table: randomTable(3, 2000) },
    { startMs: 1987, durationMs: 500, table: new LatencyTable() },
  ];
}

describe('hlog', () => {
  beforeAll(prepareHistograms);

  it('comes back with every bucket, time and tag', () => {
    const intervals = twoTagsTwoSeconds();
    const log = readHlog(formatHlog({ startedAtUnixMs, comments: ['block x/y/0/a'] }, intervals));
    expect(log.startedAtUnixMs).toBe(startedAtUnixMs);
    expect(log.comments).toEqual(['block x/y/0/a']);
    expect(log.intervals).toHaveLength(intervals.length);
    for (const [i, read] of log.intervals.entries()) {
      const written = intervals[i]!;
      expect(read.tag).toBe(written.tag);
      expect(read.startMs).toBeCloseTo(written.startMs, 6);
      expect(read.durationMs).toBeCloseTo(written.durationMs, 6);
      expect(read.table.counts).toEqual(written.table.counts);
      expect(read.table.count).toBe(written.table.count);
      expect(Math.abs(read.table.maxNs - written.table.maxNs)).toBeLessThanOrEqual(500);
    }
  });

  it('is understood by the library own reader', () => {
    const intervals = twoTagsTwoSeconds();
    const text = formatHlog({ startedAtUnixMs }, intervals);
    expect(listTags(text)).toEqual(['NO TAG', 'get', 'set']);
    const reader = new HistogramLogReader(text, 64, true);
    for (const written of intervals) {
      const histogram = reader.nextIntervalHistogram()!;
      expect(histogram.tag).toBe(written.tag ?? 'NO TAG');
      expect(histogram.totalCount).toBe(written.table.count);
      expect(histogram.startTimeStampMsec).toBeCloseTo(startedAtUnixMs + written.startMs, 0);
      if (written.table.count > 0) {
        const p99Ns = written.table.quantileNs(0.99);
        expect(Math.min(histogram.getValueAtPercentile(99), written.table.maxNs)).toBe(p99Ns);
      }
      histogram.destroy();
    }
    expect(reader.nextIntervalHistogram()).toBeNull();
  });

  it('carries latencies above four seconds and counts above 2^31 unharmed', () => {
    const table = new LatencyTable();
    for (const ns of [2 ** 31, 2 ** 32 + 5, 2 ** 39 + 12_345, 2 ** 40 - 1]) table.recordTimes(ns, 2);
    table.recordTimes(80_000, 3_000_000_000);
    const [interval] = readHlog(
      formatHlog({ startedAtUnixMs }, [{ startMs: 0, durationMs: 1, table }]),
    ).intervals;
    expect(interval!.table.counts).toEqual(table.counts);
  });

  it('merges intervals by tag as if recorded together', () => {
    const intervals = twoTagsTwoSeconds();
    const expected = new LatencyTable();
    expected.add(intervals[0]!.table);
    expected.add(intervals[2]!.table);
    expect(mergeIntervals(intervals, 'get').counts).toEqual(expected.counts);
    expect(mergeIntervals(intervals).count).toBe(5500);
  });

  it('names the damaged line of a log that is none', () => {
    const good = formatHlog({ startedAtUnixMs }, twoTagsTwoSeconds().slice(0, 1));
    const lines = good.trimEnd().split('\n');
    const histogramLine = lines.at(-1)!;
    const damage = (line: string) => () => readHlog([...lines.slice(0, -1), line].join('\n'));
    for (const line of [
      histogramLine.slice(0, -40),
      histogramLine.replace('0.000,', ''),
      histogramLine.replace('0.000,', 'x,'),
      histogramLine.replace('HISTF', 'JISTF'),
    ]) {
      expect(damage(line), line.slice(0, 40)).toThrow(HlogFormatError);
      expect(damage(line)).toThrow(`line ${lines.length} `);
    }
    expect(() => decodeFromCompressedBase64(histogramLine.split(',').at(-1)!)).not.toThrow();
  });

  it('refuses tags the format cannot carry', () => {
    const table = new LatencyTable();
    for (const tag of ['a,b', 'a b', '', 'a\nb']) {
      expect(() => formatHlog({ startedAtUnixMs }, [{ tag, startMs: 0, durationMs: 1, table }])).toThrow(
        RangeError,
      );
    }
  });
});
