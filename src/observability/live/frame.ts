/** What the live page is told once a second: plain data, the same for every listener. Times of day in ms since the epoch. */
import type { Cause } from '../attribution/causes.ts';
import type { CauseShare } from '../attribution/tailCauses.ts';

export interface Percentiles {
  readonly p50Us: number | null;
  readonly p99Us: number | null;
  readonly p999Us: number | null;
  readonly maxUs: number | null;
}

export interface CommandFrame extends Percentiles {
  readonly name: string;
  readonly perSec: number;
  readonly failedPerSec: number;
  /** Of the calls that were timed, since start. */
  readonly executionP50Us: number | null;
  readonly executionP99Us: number | null;
}

/** A piece of work that may have been in somebody's way. */
export interface LaneFrame {
  readonly shard: number;
  readonly kind: string;
  readonly startMs: number;
  readonly durationUs: number;
  /** A command's name, or how much was done. */
  readonly detail: string;
}

export interface SlowFrame {
  readonly shard: number;
  readonly atMs: number;
  readonly durationUs: number;
  readonly command: string;
  /** Requests in its batch. */
  readonly requests: number;
  readonly clientId: number;
  /** One sentence: the largest causes. */
  readonly why: string;
  readonly chargesUs: Partial<Record<Cause, number>>;
  /** Part of the charge `ahead` that is long executions of other batches, by command. */
  readonly aheadOfUs: Readonly<Record<string, number>>;
}

export interface Frame extends Percentiles {
  readonly atMs: number;
  readonly seconds: number;
  readonly requestsPerSec: number;
  /** Counts of service durations: bucket (latencyBuckets.ts), count, bucket, count, ... */
  readonly buckets: readonly number[];
  /** Shares of the time of all shards' threads. */
  readonly busyShare: number;
  readonly runQueueShare: number | null;
  readonly keys: number;
  readonly bytesPerKey: number;
  readonly memoryBytes: Readonly<Record<string, number>>;
  readonly residentBytes: number;
  readonly clients: number;
  /** Durations from here on were recorded one by one. */
  readonly tailFromUs: number;
  readonly causes: readonly CauseShare[];
  readonly lanes: readonly LaneFrame[];
  readonly slow: readonly SlowFrame[];
  readonly commands: readonly CommandFrame[];
  /** Records overwritten before they were read: the tail is longer than what is shown. */
  readonly lost: number;
}

/** The first event of every listener. */
export interface Greeting {
  readonly server: {
    readonly version: string;
    readonly gitSha: string;
    readonly node: string;
    readonly flags: readonly string[];
  };
  /** Oldest first. */
  readonly history: readonly Frame[];
}
