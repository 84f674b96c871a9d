/**
 * Tagged `.hlog` V2 interval logs: how latency is kept on disk, whole.
 *
 * A log holds one line per interval and tag (`Tag=get,0.000,1.000,0.912,HISTF...`): start and length in seconds after the
 * start time in the head, the largest value in milliseconds, and the whole histogram as HdrHistogram V2, deflated, base64.
 * Histograms hold nanoseconds. Any HdrHistogram tool reads these files.
 *
 * Why: percentiles can be merged over any span later, while stored percentiles cannot be averaged.
 *
 * Encoding costs around a millisecond per interval, so do it after the block, never between two sends: keep one
 * LatencyTable (124 KiB) per interval and tag, and write them when the load has ended.
 *
 * Invariants: writing then reading gives the same count in every bucket. The minimum comes back as its bucket's lower
 * edge (< 0.1 % off); the maximum is within 0.5 us and 0.1 % of the recorded one, because the format prints it so.
 *
 * Format: https://github.com/HdrHistogram/HdrHistogram (HistogramLogWriter, version 1.3), as hdr-histogram-js 3 writes it.
 */
import {
  build,
  decodeFromCompressedBase64,
  type Histogram,
  HistogramLogWriter,
  initWebAssembly,
  JsHistogram,
} from 'hdr-histogram-js';
import {
  bucketHighNs,
  bucketLowNs,
  bucketOfLatencyNs,
  LatencyTable,
  latencyNsTrackableMax,
  latencyTableBuckets,
} from './latencyTable.ts';

const nsPerMs = 1e6;
const tagPrefix = 'Tag=';

/** One interval of one tag. Times are relative to the log's start time. */
export interface HlogInterval {
  /** What was measured, e.g. a command's name; undefined where the line carries no tag. */
  tag?: string;
  startMs: number;
  durationMs: number;
  table: LatencyTable;
}

/** A whole log as read back. */
export interface Hlog {
  /** Unix time in ms from the `#[StartTime:` line; undefined if the log has none. */
  startedAtUnixMs?: number;
  /** Comment lines of the head without `#`, bracketed metadata excluded. */
  comments: string[];
  intervals: HlogInterval[];
}

/** A log that is not one: names the line. */
export class HlogFormatError extends Error {
  readonly code = 'HLOG_FORMAT';
  readonly lineNumber: number;

  constructor(lineNumber: number, reason: string) {
    super(
      `line ${lineNumber} of the latency log is damaged: ${reason}. Delete the file or repeat the block.`,
    );
    this.name = 'HlogFormatError';
    this.lineNumber = lineNumber;
  }
}

/**
 * Converts to a WASM HdrHistogram in nanoseconds. Call `prepareHistograms` once before, and `destroy()` the result:
 * WASM memory is not garbage collected. Values beyond 2^40 - 1 ns arrive as that value.
 */
export function toHdrHistogram(table: LatencyTable): Histogram {
  const histogram = build({
    bitBucketSize: 64,
    lowestDiscernibleValue: 1,
    highestTrackableValue: latencyNsTrackableMax,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: true,
    autoResize: false,
  });
  const maxNs = Math.min(Math.floor(table.maxNs), latencyNsTrackableMax);
  const topBucket = bucketOfLatencyNs(maxNs);
  for (let index = 0; index < latencyTableBuckets; index++) {
    const times = table.counts[index]!;
    // The top bucket is entered by its exact maximum, so that the log's printed maximum is the recorded one.
    if (times !== 0) histogram.recordValueWithCount(index === topBucket ? maxNs : bucketLowNs(index), times);
  }
  return histogram;
}

/** Loads hdr-histogram-js's WASM build; once per process, before the first encoding. Later calls cost nothing. */
export async function prepareHistograms(): Promise<void> {
  await initWebAssembly();
}

/** Writes a log line by line into `sink` (append to a string, a file, a socket: the caller's choice). */
export class HlogWriter {
  readonly #writer: HistogramLogWriter;

  /** Writes the head at once. `comments` are free text, one line each. */
  constructor(sink: (text: string) => void, head: { startedAtUnixMs: number; comments?: readonly string[] }) {
    this.#writer = new HistogramLogWriter(sink);
    for (const comment of head.comments ?? [])
      this.#writer.outputComment(comment.replaceAll(/[\r\n]+/g, ' '));
    this.#writer.outputLogFormatVersion();
    const startedAtSec = (head.startedAtUnixMs / 1000).toFixed(3);
    this.#writer.outputComment(
      `[StartTime: ${startedAtSec} (seconds since epoch), ${new Date(head.startedAtUnixMs).toISOString()}]`,
    );
    // Readers otherwise guess from the timestamps' size whether they are relative.
    this.#writer.outputComment(`[BaseTime: ${startedAtSec} (seconds since epoch)]`);
    this.#writer.outputLegend();
  }

  /**
   * Writes one interval; an empty table is written too (an interval without replies is a finding).
   * @throws RangeError if the tag holds a comma, a space or a line break, which the format cannot carry.
   */
  write(interval: HlogInterval): void {
    const histogram = toHdrHistogram(interval.table);
    try {
      if (interval.tag !== undefined) {
        if (!/^[^,\s]+$/.test(interval.tag))
          throw new RangeError(`not a tag for a latency log: "${interval.tag}"`);
        histogram.tag = interval.tag;
      }
      const startSec = interval.startMs / 1000;
      this.#writer.outputIntervalHistogram(
        histogram,
        startSec,
        startSec + interval.durationMs / 1000,
        nsPerMs,
      );
    } finally {
      histogram.destroy();
    }
  }
}

/** A whole log as text. */
export function formatHlog(
  head: { startedAtUnixMs: number; comments?: readonly string[] },
  intervals: Iterable<HlogInterval>,
): string {
  let text = '';
  const writer = new HlogWriter((part) => {
    text += part;
  }, head);
  for (const interval of intervals) writer.write(interval);
  return text;
}

/**
 * Reads a log of ours or of any HdrHistogram writer (then counts are re-binned by value; its values must be ns).
 * @throws HlogFormatError naming the damaged line.
 */
export function readHlog(text: string): Hlog {
  const log: Hlog = { comments: [], intervals: [] };
  let lineNumber = 0;
  for (const line of text.split(/\r\n|\r|\n/)) {
    lineNumber += 1;
    if (line.trim() === '' || line.startsWith('"StartTimestamp"')) continue;
    if (line.startsWith('#[StartTime:')) {
      log.startedAtUnixMs = Number.parseFloat(line.slice('#[StartTime:'.length)) * 1000;
      if (Number.isNaN(log.startedAtUnixMs))
        throw new HlogFormatError(lineNumber, 'no number in the start time');
    } else if (line.startsWith('#')) {
      if (!line.startsWith('#[')) log.comments.push(line.slice(1));
    } else {
      log.intervals.push(readIntervalLine(line, lineNumber));
    }
  }
  return log;
}

function readIntervalLine(line: string, lineNumber: number): HlogInterval {
  const fields = line.split(',');
  const tag = fields[0]!.startsWith(tagPrefix) ? fields.shift()!.slice(tagPrefix.length) : undefined;
  if (fields.length !== 4) throw new HlogFormatError(lineNumber, `${fields.length} fields instead of 4`);
  const [startSec, durationSec, maxMs] = fields.slice(0, 3).map((field) => Number(field.trim() || 'none'));
  if (!Number.isFinite(startSec) || !Number.isFinite(durationSec) || !Number.isFinite(maxMs)) {
    throw new HlogFormatError(lineNumber, 'start, length and maximum must be numbers');
  }
  let histogram: Histogram;
  try {
    histogram = decodeFromCompressedBase64(fields[3]!, 64, false);
  } catch (error) {
    throw new HlogFormatError(lineNumber, error instanceof Error ? error.message : String(error));
  }
  const table = fromHdrHistogram(histogram, maxMs! * nsPerMs);
  return {
    ...(tag === undefined ? {} : { tag }),
    startMs: startSec! * 1000,
    durationMs: durationSec! * 1000,
    table,
  };
}

/** Counts of a decoded histogram; `maxNsHint` (the line's printed maximum) places the maximum inside its bucket. */
function fromHdrHistogram(histogram: Histogram, maxNsHint: number): LatencyTable {
  const table = new LatencyTable();
  if (!(histogram instanceof JsHistogram))
    throw new TypeError('only JavaScript histograms expose their buckets');
  let topIndex = -1;
  for (let index = 0; index < histogram.countsArrayLength; index++) {
    if (histogram.getCountAtIndex(index) > 0) topIndex = index;
  }
  for (let index = 0; index <= topIndex; index++) {
    const times = histogram.getCountAtIndex(index);
    if (times === 0) continue;
    const lowNs = histogram.valueFromIndex(index);
    if (index < topIndex) {
      table.recordTimes(lowNs, times);
      continue;
    }
    const bucket = bucketOfLatencyNs(lowNs);
    table.recordTimes(Math.min(Math.max(lowNs, Math.round(maxNsHint)), bucketHighNs(bucket)), times);
  }
  return table;
}

/** Merges intervals into one table, of one tag or of all: the only sound way to a block's percentiles. */
export function mergeIntervals(intervals: Iterable<HlogInterval>, tag?: string): LatencyTable {
  const merged = new LatencyTable();
  for (const interval of intervals) {
    if (tag === undefined || interval.tag === tag) merged.add(interval.table);
  }
  return merged;
}
