/** Time as the core sees it. One read per batch of commands, never one per command: a read costs 40 ns. */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Wall clock, microseconds since the Unix epoch (TIME). */
  nowUs(): number;
  /** Monotonic, microseconds with a fraction, arbitrary origin. */
  monotonicUs(): number;
}
