/**
 * Hybrid logical clock (Kulkarni et al., 2014): stamps that follow the wall clock where it behaves, never go back where it does
 * not, and always exceed every stamp seen before them, so that whoever has seen a write stamps later than it.
 *
 * A stamp is `ticks` = wall milliseconds * 1024 + counter, a safe integer until the year 2248, and the replica that made it.
 * More than 1024 stamps in a millisecond run ahead of the wall clock, which is allowed. A replica is one start of one process
 * (its name is drawn anew at every start), so no stamp is ever made twice, whatever snapshot a node starts from.
 */

export interface Stamp {
  readonly ticks: number;
  readonly replica: string;
}

export const TICKS_PER_MS = 1024;

/** Before every stamp of every replica. */
export const NO_STAMP: Stamp = { ticks: 0, replica: '' };

/** Total order: by time, the replica's name breaks ties. */
export function compareStamps(a: Stamp, b: Stamp): number {
  if (a.ticks !== b.ticks) return a.ticks - b.ticks;
  return a.replica < b.replica ? -1 : a.replica > b.replica ? 1 : 0;
}

export const laterStamp = (a: Stamp, b: Stamp): Stamp => (compareStamps(a, b) >= 0 ? a : b);

export class HybridClock {
  readonly replica: string;
  readonly #wallMs: () => number;
  #ticks = 0;

  constructor(replica: string, wallMs: () => number) {
    this.replica = replica;
    this.#wallMs = wallMs;
  }

  /** The last stamp made or seen. */
  get ticks(): number {
    return this.#ticks;
  }

  /** A stamp later than any made or seen before. */
  next(): Stamp {
    this.#ticks = Math.max(this.#ticks + 1, this.#wallMs() * TICKS_PER_MS);
    return { ticks: this.#ticks, replica: this.replica };
  }

  observe(ticks: number): void {
    if (ticks > this.#ticks) this.#ticks = ticks;
  }

  /** How far a foreign stamp lies ahead of this node's wall clock, in ms; negative if it does not. */
  aheadMs(ticks: number): number {
    return ticks / TICKS_PER_MS - this.#wallMs();
  }
}
