/** Something that will be called once. */
export interface Timer {
  /** No effect once it was called. */
  cancel(): void;
}

/** Time limits on the loop that also moves the bytes; a loop of its own cannot serve Node's timers to the millisecond. */
export interface Timers {
  /** Calls once, from the event loop, after at least `durationMs`. The process stays alive for it. */
  after(durationMs: number, callback: () => void): Timer;
  /** Calls once, when all sockets that are ready in this turn of the loop have been served. */
  afterTurn(callback: () => void): void;
  /** Microseconds that the loop has waited for something to do, since it began; with io_uring this includes what is sent meanwhile. */
  idleUs(): number;
}
