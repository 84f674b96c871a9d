/** The one script that runs on a shard, while it runs. */
export interface ScriptRun {
  /** Of a script its SHA1 in hexadecimal digits, of a function its name. */
  readonly name: string;
  /** EVAL and its kin, as against FCALL. */
  readonly isEval: boolean;
  readonly isReadOnly: boolean;
  /** May write whatever memory there is. */
  readonly allowsOutOfMemory: boolean;
  /** Whether there was room in memory when it began: what it writes later is not stopped half way. */
  readonly hadRoom: boolean;
  readonly startedUs: number;
  /** How often the operator had asked for a kill when it began. */
  readonly killsBefore: number;
  /** RESP version in which it gets replies: redis.setresp(). */
  protocol: 2 | 3;
  /** It has run a command that writes. */
  hasWritten: boolean;
  /** The log knows that it takes long. */
  isKnownSlow: boolean;
  /** SCRIPT KILL, FUNCTION KILL or the operator: ends at the next look. */
  isKilled: boolean;
}
