import { InstantaneousRates } from './instantaneousRates.ts';

/** Counters of a shard since start or CONFIG RESETSTAT. Plain numbers here, typed arrays where there is one per command. */
export class ServerStats {
  keyspaceHits = 0;
  keyspaceMisses = 0;
  expiredKeys = 0;
  expiredFields = 0;
  evictedKeys = 0;
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

  constructor(commandCount: number) {
    this.callsByCommand = new Float64Array(commandCount);
    this.rejectedByCommand = new Float64Array(commandCount);
    this.failedByCommand = new Float64Array(commandCount);
    this.timedByCommand = new Float64Array(commandCount);
    this.timedUsByCommand = new Float64Array(commandCount);
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
  }
}
