/** What exporters and the live page know of a server: its shards' recordings and the few facts that are the process's. */
import type { ShardRecording } from './recording/shardRecording.ts';

export interface ServerFacts {
  readonly version: string;
  readonly gitSha: string;
  readonly nodeVersion: string;
  /** Names of the flags in effect. */
  readonly flags: readonly string[];
  readonly startedMs: number;
}

/** Read from the operating system when asked. */
export interface ProcessMeters {
  /** CPU seconds of the whole process. */
  cpuUserSec(): number;
  cpuSystemSec(): number;
  residentBytes(): number;
  /** Seconds that this shard's thread was ready and waited for a core; undefined where the system does not tell. */
  runQueueWaitSec(shard: number): number | undefined;
}

export interface ObservedServer {
  readonly facts: ServerFacts;
  /** By shard. */
  readonly recordings: readonly ShardRecording[];
  readonly meters: ProcessMeters;
  nowMs(): number;
}
