/**
 * A recording as seen from another thread: totals to be read at any time, and the records that came since the last look. Reading
 * never disturbs the writer.
 */

import { BUCKET_COUNT } from '../../base/latencyBuckets.ts';
import { INTERFERENCES, type Interference } from '../../ports/probe.ts';
import {
  REQUEST_AT,
  REQUEST_FIELDS,
  REQUEST_RECORDS,
  REQUEST_SEQUENCE,
  RecordingRegions,
  type RecordingShape,
  type RequestField,
  totalAt,
  WAIT_FIELDS,
  WAIT_RECORDS,
  WAIT_SEQUENCE,
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

/** Between these instants the thread was ready to run and had no core for so long, and for the rest it ran or slept. Microseconds. */
export interface WaitRecord {
  readonly startUs: number;
  readonly endUs: number;
  readonly waitedUs: number;
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
  readonly #requests: RingReader<RequestRecord>;
  readonly #work: RingReader<WorkRecord>;
  readonly #waits: RingReader<WaitRecord>;

  constructor({ buffer, commands, databases, epochUs }: RecordingSource) {
    this.commands = commands;
    this.epochUs = epochUs;
    const shape: RecordingShape = { commands: commands.length, databases };
    this.regions = new RecordingRegions(buffer, shape);
    const { sequences, requests, work, waits } = this.regions;
    this.#requests = new RingReader(sequences, REQUEST_SEQUENCE, REQUEST_RECORDS, (slot) =>
      requestRecordAt(requests, slot * REQUEST_FIELDS.length),
    );
    this.#work = new RingReader(sequences, WORK_SEQUENCE, WORK_RECORDS, (slot) => {
      const at = slot * WORK_FIELDS;
      return {
        kind: INTERFERENCES[work[at]!]!,
        startUs: work[at + 1]!,
        endUs: work[at + 2]!,
        amount: work[at + 3]!,
      };
    });
    this.#waits = new RingReader(sequences, WAIT_SEQUENCE, WAIT_RECORDS, (slot) => {
      const at = slot * WAIT_FIELDS;
      return { startUs: waits[at]!, endUs: waits[at + 1]!, waitedUs: waits[at + 2]! };
    });
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
    return this.#requests.since();
  }

  /** Work beside requests since the last call. */
  workSince(): Since<WorkRecord> {
    return this.#work.since();
  }

  /** Stretches with time without a core since the last call. */
  waitsSince(): Since<WaitRecord> {
    return this.#waits.since();
  }
}

/** Spelt out: a few hundred of them are read a second, and objects of one shape are cheap. */
function requestRecordAt(ring: Float64Array, at: number): RequestRecord {
  return {
    kind: ring[at + REQUEST_AT.kind]!,
    arrivedUs: ring[at + REQUEST_AT.arrivedUs]!,
    turnStartUs: ring[at + REQUEST_AT.turnStartUs]!,
    batchStartUs: ring[at + REQUEST_AT.batchStartUs]!,
    endUs: ring[at + REQUEST_AT.endUs]!,
    requests: ring[at + REQUEST_AT.requests]!,
    command: ring[at + REQUEST_AT.command]!,
    executionStartUs: ring[at + REQUEST_AT.executionStartUs]!,
    executionEndUs: ring[at + REQUEST_AT.executionEndUs]!,
    lastCommand: ring[at + REQUEST_AT.lastCommand]!,
    clientId: ring[at + REQUEST_AT.clientId]!,
    unsentBytes: ring[at + REQUEST_AT.unsentBytes]!,
  };
}

/** One ring of a recording, and how far it has been read. */
class RingReader<Item> {
  readonly #sequences: Int32Array;
  readonly #ring: number;
  readonly #size: number;
  readonly #read: (slot: number) => Item;
  #seen = 0;

  /** @param ring of `sequences`. @param size slots, a power of two. */
  constructor(sequences: Int32Array, ring: number, size: number, read: (slot: number) => Item) {
    this.#sequences = sequences;
    this.#ring = ring;
    this.#size = size;
    this.#read = read;
  }

  /**
   * Copies what came since the last call. The writer goes on meanwhile: what it may have overwritten while it was copied, the slot it
   * is writing included, is lost and not half new.
   */
  since(): Since<Item> {
    const size = this.#size;
    const end = Atomics.load(this.#sequences, this.#ring);
    // Sequence numbers wrap; their differences do not.
    const pending = (end - this.#seen) | 0;
    const count = Math.min(pending, size - 1);
    const copied: Item[] = [];
    for (let back = count; back > 0; back--) copied.push(this.#read((end - back) & (size - 1)));
    const written = (Atomics.load(this.#sequences, this.#ring) - end) | 0;
    const overwritten = Math.max(0, count + written - (size - 1));
    this.#seen = end;
    const items = copied.slice(overwritten);
    return { items, lost: pending - items.length };
  }
}
