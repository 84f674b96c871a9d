/**
 * A recording as seen from another thread: totals to be read at any time, and the records that came since the last look. Reading
 * never disturbs the writer.
 */

import { BUCKET_COUNT } from '../../base/latencyBuckets.ts';
import { INTERFERENCES, type Interference } from '../../ports/probe.ts';
import {
  fieldAt,
  REQUEST_FIELDS,
  REQUEST_RECORDS,
  REQUEST_SEQUENCE,
  RecordingRegions,
  type RecordingShape,
  type RequestField,
  totalAt,
  WORK_FIELDS,
  WORK_RECORDS,
  WORK_SEQUENCE,
} from './recordingLayout.ts';

/** What a shard's thread hands over: plain data and shared memory. */
export interface RecordingSource {
  readonly buffer: SharedArrayBuffer;
  /** Full names of the table's commands, by number. */
  readonly commands: readonly string[];
  readonly databases: number;
  /** Added to the shard's monotonic instants (microseconds) gives microseconds since the epoch. */
  readonly epochUs: number;
}

export type RequestRecord = Record<RequestField, number>;

export interface WorkRecord {
  readonly kind: Interference;
  readonly startUs: number;
  readonly endUs: number;
  readonly amount: number;
}

export interface Since<Item> {
  readonly items: Item[];
  /** Records that were overwritten before they could be read. */
  readonly lost: number;
}

export class ShardRecording {
  readonly commands: readonly string[];
  readonly epochUs: number;
  readonly regions: RecordingRegions;
  #requestsSeen = 0;
  #workSeen = 0;

  constructor({ buffer, commands, databases, epochUs }: RecordingSource) {
    this.commands = commands;
    this.epochUs = epochUs;
    const shape: RecordingShape = { commands: commands.length, databases };
    this.regions = new RecordingRegions(buffer, shape);
  }

  /** Durations from here on are recorded one by one. */
  set tailFromUs(durationUs: number) {
    this.regions.totals[totalAt('tailFromUs')] = durationUs;
  }

  get tailFromUs(): number {
    return this.regions.totals[totalAt('tailFromUs')]!;
  }

  /** Counts of service durations by bucket, of one command. A view: what it holds goes on changing. */
  serviceOf(command: number): Float64Array {
    return this.regions.serviceByCommand.subarray(command * BUCKET_COUNT, (command + 1) * BUCKET_COUNT);
  }

  executionOf(command: number): Float64Array {
    return this.regions.executions.subarray(command * BUCKET_COUNT, (command + 1) * BUCKET_COUNT);
  }

  /** Batches recorded since the last call. */
  requestsSince(): Since<RequestRecord> {
    const { sequences, requests } = this.regions;
    const length = REQUEST_FIELDS.length;
    const read = (slot: number): RequestRecord =>
      Object.fromEntries(
        REQUEST_FIELDS.map((field) => [field, requests[slot * length + fieldAt(field)]!]),
      ) as RequestRecord;
    return drain(sequences, REQUEST_SEQUENCE, REQUEST_RECORDS, this.#requestsSeen, read, (seen) => {
      this.#requestsSeen = seen;
    });
  }

  /** Work beside requests since the last call. */
  workSince(): Since<WorkRecord> {
    const { sequences, work } = this.regions;
    const read = (slot: number): WorkRecord => {
      const at = slot * WORK_FIELDS;
      return {
        kind: INTERFERENCES[work[at]!]!,
        startUs: work[at + 1]!,
        endUs: work[at + 2]!,
        amount: work[at + 3]!,
      };
    };
    return drain(sequences, WORK_SEQUENCE, WORK_RECORDS, this.#workSeen, read, (seen) => {
      this.#workSeen = seen;
    });
  }
}

/**
 * Copies what a ring got since `seen`. The writer goes on meanwhile: what it may have overwritten while it was copied, the slot it
 * is writing included, is lost and not half new.
 */
function drain<Item>(
  sequences: Int32Array,
  ring: number,
  size: number,
  seen: number,
  read: (slot: number) => Item,
  remember: (seen: number) => void,
): Since<Item> {
  const end = Atomics.load(sequences, ring);
  // Sequence numbers wrap; their differences do not.
  const pending = (end - seen) | 0;
  const count = Math.min(pending, size - 1);
  const copied: Item[] = [];
  for (let back = count; back > 0; back--) copied.push(read((end - back) & (size - 1)));
  const written = (Atomics.load(sequences, ring) - end) | 0;
  const overwritten = Math.max(0, count + written - (size - 1));
  remember(end);
  const items = copied.slice(overwritten);
  return { items, lost: pending - items.length };
}
