import { BUCKET_COUNT, bucketOf } from '../base/latencyBuckets.ts';
import { InstantaneousRates } from './instantaneousRates.ts';

/** Counters of a shard since start or CONFIG RESETSTAT. Plain numbers here, typed arrays where there is one per command. */
export class ServerStats {
  keyspaceHits = 0;
  keyspaceMisses = 0;
  expiredKeys = 0;
  expiredFields = 0;
  evictedKeys = 0;
  evictedClients = 0;
  /** Connections closed for their unread replies, and for their unparsed requests. */
  outputLimitCloses = 0;
  queryLimitCloses = 0;
  lazyfreedObjects = 0;
  netInputBytes = 0;
  netOutputBytes = 0;
  errorReplies = 0;
  protocolErrors = 0;
  peakMemoryBytes = 0;
  /** Fed by the shard's tick. */
  readonly rates = new InstantaneousRates();
  /** By error code (`ERR`, `WRONGTYPE`); bounded, as Redis bounds it. */
  readonly errorsByCode = new Map<string, number>();
  /** By command number of the table. */
  callsByCommand: Float64Array;
  rejectedByCommand: Float64Array;
  failedByCommand: Float64Array;
  /** Calls whose execution was timed, and the microseconds they took. */
  timedByCommand: Float64Array;
  timedUsByCommand: Float64Array;
  /** Their durations: BUCKET_COUNT counts for each command. */
  readonly #executions: Float64Array;

  /** @param executions memory for the distributions of durations: others may read them there. */
  constructor(
    commandCount: number,
    executions: Float64Array = new Float64Array(commandCount * BUCKET_COUNT),
  ) {
    this.#executions = executions;
    this.callsByCommand = new Float64Array(commandCount);
    this.rejectedByCommand = new Float64Array(commandCount);
    this.failedByCommand = new Float64Array(commandCount);
    this.timedByCommand = new Float64Array(commandCount);
    this.timedUsByCommand = new Float64Array(commandCount);
  }

  /** A call was timed. */
  countExecution(commandNumber: number, durationUs: number): void {
    this.timedByCommand[commandNumber]!++;
    this.timedUsByCommand[commandNumber]! += durationUs;
    this.#executions[commandNumber * BUCKET_COUNT + bucketOf(durationUs)]!++;
  }

  /** Durations of a command's timed calls, by bucket (latencyBuckets.ts). */
  executionCounts(commandNumber: number): Float64Array {
    return this.#executions.subarray(commandNumber * BUCKET_COUNT, (commandNumber + 1) * BUCKET_COUNT);
  }

  commandsProcessed(): number {
    let total = 0;
    for (const calls of this.callsByCommand) total += calls;
    return total;
  }

  /** Microseconds spent in a command: timed calls extrapolated to all. Slow commands are all timed, fast ones sampled. */
  executionUs(commandNumber: number): number {
    const timed = this.timedByCommand[commandNumber]!;
    return timed === 0
      ? 0
      : (this.timedUsByCommand[commandNumber]! / timed) * this.callsByCommand[commandNumber]!;
  }

  countError(code: string): void {
    this.errorReplies++;
    const known = this.errorsByCode.get(code);
    if (known !== undefined || this.errorsByCode.size < 128) this.errorsByCode.set(code, (known ?? 0) + 1);
  }

  reset(): void {
    this.keyspaceHits =
      this.keyspaceMisses =
      this.expiredKeys =
      this.expiredFields =
      this.evictedKeys =
      this.evictedClients =
      this.outputLimitCloses =
      this.queryLimitCloses =
      this.lazyfreedObjects =
        0;
    this.netInputBytes =
      this.netOutputBytes =
      this.errorReplies =
      this.protocolErrors =
      this.peakMemoryBytes =
        0;
    this.errorsByCode.clear();
    this.callsByCommand.fill(0);
    this.rejectedByCommand.fill(0);
    this.failedByCommand.fill(0);
    this.timedByCommand.fill(0);
    this.timedUsByCommand.fill(0);
    this.#executions.fill(0);
  }
}
