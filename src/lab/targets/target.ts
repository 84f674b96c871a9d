/**
 * What the lab measures, seen from outside: something that can be started fresh, speaks RESP, and can be stopped.
 *
 * A `Target` is a recipe; each `start()` gives a new process with an empty keyspace (a URL target excepted: it is not ours
 * to start, stop or empty). The lab knows a target by its endpoint and its process ids alone, so ours, Redis, a null
 * responder and a server on another machine go through the same code.
 *
 * Invariants: `start()` resolves only when PING has been answered; the description's versions come from the target's own
 * INFO; `stop()` is idempotent and returns when the processes are gone; processes that were started are ended on exit, on
 * SIGINT/SIGTERM and when this process dies (see `childProcess.ts`).
 */
import type { TargetDescription } from '../experiments/result.ts';

/** Where a target listens. `username`/`password`/`db` only as a user's URL gave them. */
export interface Endpoint {
  host: string;
  port: number;
  username?: string;
  password?: string;
  db?: number;
}

export interface TargetStartOptions {
  /** Port to listen on; 0 or absent picks a free one. */
  port?: number;
  /** CPUs to pin to (taskset); empty or absent leaves it unpinned. */
  cpus?: number[];
  /** How long PING may take to be answered before start() rejects. Default 15,000. */
  readyTimeoutMs?: number;
  /** More arguments for a server's command line, appended last (not for `url` and `null`). */
  extraArguments?: string[];
}

/** A reply as the control client sees it. Errors inside arrays are kept as `Error` values. */
export type ControlReply = string | number | null | Error | ControlReply[];

export interface RunningTarget {
  /** Filled from INFO after start. */
  readonly description: TargetDescription;
  readonly endpoint: Endpoint;
  /** `redis://127.0.0.1:21100`. */
  readonly url: string;
  /** Processes whose CPU and memory are the target's. Empty where they are not on this machine (URL, docker). */
  readonly pids: number[];
  /** What the process printed last (at most 8 KB), for error messages. */
  readonly output: () => string;
  /** INFO parsed into a flat map, `used_memory` -> `1048576`. `section` as INFO takes it. */
  info(section?: string): Promise<Map<string, string>>;
  /** One control command over a connection of its own. Rejects on an error reply. */
  command(...args: string[]): Promise<ControlReply>;
  /** Ends the process (SIGTERM, then SIGKILL after 5 s), by pid. Closes the control connection. */
  stop(): Promise<void>;
}

export interface Target {
  /** Stable inside a session: `all`, `none`, `redis`, `-fast-path`. Derived from the spec unless given. */
  readonly id: string;
  /** The string it was parsed from; `parseTarget(spec)` gives an equal target. */
  readonly spec: string;
  readonly kind: TargetDescription['kind'];
  /**
   * Whether this target can run here, without starting it: the reason it cannot, as a sentence that tells the user what
   * to do, or undefined if it can.
   */
  unavailable(): Promise<string | undefined>;
  start(options?: TargetStartOptions): Promise<RunningTarget>;
}
