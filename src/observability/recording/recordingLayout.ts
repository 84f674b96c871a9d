/**
 * Where things are in a shard's recording: one block of shared memory that the shard's thread writes and any other thread reads. All
 * of it are 64-bit floats, which this machine writes whole, so a reader needs no lock; what belongs together (a record of a ring) is
 * guarded by a sequence number.
 */

import { BUCKET_COUNT } from '../../base/latencyBuckets.ts';
import { FIGURES, INTERFERENCES, type ShardFigures } from '../../ports/probe.ts';

/** Totals of the shard's thread, by position. */
export const TOTALS = [
  'turns',
  'busyUs',
  'batches',
  'requests',
  /** Written by the reader: service durations from here on are recorded one by one. Microseconds. */
  'tailFromUs',
] as const;
export type Total = (typeof TOTALS)[number];

/** Sizes of batches are counted by powers of two; the last takes all larger ones. */
export const BATCH_SIZE_COUNT = 16;

export const WORK_RECORDS = 4096;
export const WORK_FIELDS = 4;
/** Stretches of time during which the thread had no core for a while: from, to, and how long of it; microseconds. */
export const WAIT_RECORDS = 2048;
export const WAIT_FIELDS = 3;
export const REQUEST_RECORDS = 2048;
/** One record of a batch that was slow, or drawn as a sample; positions in REQUEST_FIELDS. */
export const REQUEST_FIELDS = [
  /** 0: beyond the threshold; 1: drawn whatever its duration. */
  'kind',
  /** The estimate that the service duration counts from. */
  'arrivedUs',
  'turnStartUs',
  'batchStartUs',
  'endUs',
  /** Requests in the batch. */
  'requests',
  /** The longest timed command of the batch: number (negative if none was timed), begin and end. */
  'command',
  'executionStartUs',
  'executionEndUs',
  /** The last command of the batch: what it is called by if none was timed. */
  'lastCommand',
  'clientId',
  /** Replies that the socket did not take. */
  'unsentBytes',
] as const;
export type RequestField = (typeof REQUEST_FIELDS)[number];

/** What a recording is of. */
export interface RecordingShape {
  /** Commands in the table. */
  readonly commands: number;
  readonly databases: number;
}

const FLOAT_BYTES = 8;
/** Sequence numbers of the three rings, in front. */
const SEQUENCES_BYTES = 16;

/** All regions of a recording, as views of `buffer`. */
export class RecordingRegions implements ShardFigures {
  readonly buffer: SharedArrayBuffer;
  /** Records ever written to the ring of work, to that of requests and to that of waits. */
  readonly sequences: Int32Array;
  readonly totals: Float64Array;
  /** Service durations of all requests, by bucket. */
  readonly service: Float64Array;
  /** The same by command: BUCKET_COUNT numbers for each. */
  readonly serviceByCommand: Float64Array;
  readonly executions: Float64Array;
  readonly executionUs: Float64Array;
  readonly serviceUsByCommand: Float64Array;
  readonly batchSizes: Float64Array;
  /** How often each kind of work was done, and how long it took. */
  readonly workCount: Float64Array;
  readonly workUs: Float64Array;
  readonly work: Float64Array;
  readonly requests: Float64Array;
  readonly waits: Float64Array;
  readonly figures: Float64Array;
  readonly calls: Float64Array;
  readonly rejected: Float64Array;
  readonly failed: Float64Array;
  readonly keys: Float64Array;
  readonly expiringKeys: Float64Array;

  constructor(buffer: SharedArrayBuffer, { commands, databases }: RecordingShape) {
    this.buffer = buffer;
    this.sequences = new Int32Array(buffer, 0, 3);
    let at = SEQUENCES_BYTES;
    const region = (length: number): Float64Array => {
      const view = new Float64Array(buffer, at, length);
      at += length * FLOAT_BYTES;
      return view;
    };
    this.totals = region(TOTALS.length);
    this.service = region(BUCKET_COUNT);
    this.serviceByCommand = region(BUCKET_COUNT * commands);
    this.executions = region(BUCKET_COUNT * commands);
    this.executionUs = region(commands);
    this.serviceUsByCommand = region(commands);
    this.batchSizes = region(BATCH_SIZE_COUNT);
    this.workCount = region(INTERFERENCES.length);
    this.workUs = region(INTERFERENCES.length);
    this.work = region(WORK_RECORDS * WORK_FIELDS);
    this.requests = region(REQUEST_RECORDS * REQUEST_FIELDS.length);
    this.waits = region(WAIT_RECORDS * WAIT_FIELDS);
    this.figures = region(FIGURES.length);
    this.calls = region(commands);
    this.rejected = region(commands);
    this.failed = region(commands);
    this.keys = region(databases);
    this.expiringKeys = region(databases);
  }

  static allocate(shape: RecordingShape): RecordingRegions {
    const { commands, databases } = shape;
    const floats =
      TOTALS.length +
      BUCKET_COUNT * (1 + 2 * commands) +
      5 * commands +
      2 * databases +
      FIGURES.length +
      BATCH_SIZE_COUNT +
      2 * INTERFERENCES.length +
      WORK_RECORDS * WORK_FIELDS +
      REQUEST_RECORDS * REQUEST_FIELDS.length +
      WAIT_RECORDS * WAIT_FIELDS;
    return new RecordingRegions(new SharedArrayBuffer(SEQUENCES_BYTES + floats * FLOAT_BYTES), shape);
  }
}

export const totalAt = (total: Total): number => TOTALS.indexOf(total);
/** Where in a record each field is. */
export const REQUEST_AT = Object.fromEntries(REQUEST_FIELDS.map((field, at) => [field, at])) as Readonly<
  Record<RequestField, number>
>;

/** Of `sequences`. */
export const WORK_SEQUENCE = 0;
export const REQUEST_SEQUENCE = 1;
export const WAIT_SEQUENCE = 2;
