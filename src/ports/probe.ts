/**
 * What a shard tells whoever watches it. Called from the data plane, so an implementation allocates nothing and takes
 * nanoseconds: counts and instants go into typed arrays, everything else is done by other threads.
 *
 * A batch is what one read of one connection brought: requests that run one after the other, with one write of all their replies.
 */

/**
 * What may be in a request's way on the shard's thread: work that is no request, and commands that take long. The order is that of codes
 * in records.
 */
export const INTERFERENCES = [
  'gc',
  'expiry',
  'release',
  'eviction',
  'growth',
  'tick',
  'fsync',
  'snapshot',
  'command',
] as const;
export type Interference = (typeof INTERFERENCES)[number];

/**
 * What a shard reports ten times a second beside what its probe is told: totals since start or CONFIG RESETSTAT, and sizes as of now.
 * Bytes are bytes; all are numbers of this shard alone but those of the process.
 */
export const FIGURES = [
  'connectedClients',
  'connectionsReceived',
  'connectionsRejected',
  'keyspaceHits',
  'keyspaceMisses',
  'expiredKeys',
  'expiredFields',
  'evictedKeys',
  'releasedObjects',
  'netInputBytes',
  'netOutputBytes',
  'errorReplies',
  'protocolErrors',
  'dirty',
  'usedMemoryBytes',
  'peakMemoryBytes',
  'maxMemoryBytes',
  'indexBytes',
  'recordBytes',
  'slackBytes',
  'collectionBytes',
  'deadlineBytes',
  'pendingReleaseBytes',
  'clientBufferBytes',
  'heapBytes',
  'externalBytes',
  'allocatedHeapBytes',
  'collectionPauseUs',
  'configurationChanges',
  'nowMs',
] as const;
export type Figure = (typeof FIGURES)[number];

/** Filled by the shard, kept by the probe. */
export interface ShardFigures {
  /** By position in FIGURES. */
  readonly figures: Float64Array;
  /** By command number. */
  readonly calls: Float64Array;
  readonly rejected: Float64Array;
  readonly failed: Float64Array;
  /** Durations of timed calls: BUCKET_COUNT counts (latencyBuckets.ts) for each command. Written as they are timed. */
  readonly executions: Float64Array;
  readonly executionUs: Float64Array;
  /** By database. */
  readonly keys: Float64Array;
  readonly expiringKeys: Float64Array;
}

export interface Probe {
  /** Where the shard writes what it reports; undefined if nobody wants it. */
  readonly reported: ShardFigures | undefined;
  /** Bytes of a connection have come and are about to be decoded. */
  batchBegins(): void;
  /** A command of the batch is about to run. @param command its number in the table. */
  called(command: number): void;
  /** A command was timed. Slow commands all are, fast ones are sampled. Instants in microseconds, monotonic. */
  executed(command: number, startUs: number, endUs: number): void;
  /** The batch's replies were written. @param unsentBytes what the socket has not taken yet. */
  batchEnds(clientId: number, unsentBytes: number): void;
  /** Work beside the requests, or growth within one, is over. @param amount how much of it there was: entries, bytes; a command's number. */
  worked(kind: Interference, startUs: number, endUs: number, amount: number): void;
}

/** Watches nothing: for tests, and for measuring what watching costs. */
export class NoProbe implements Probe {
  readonly reported = undefined;

  batchBegins(): void {}
  called(): void {}
  executed(): void {}
  batchEnds(): void {}
  worked(): void {}
}
