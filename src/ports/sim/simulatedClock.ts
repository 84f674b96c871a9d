import type { Clock } from '../clock.ts';

/** Time that moves only when told to. */
export class SimulatedClock implements Clock {
  #us: number;

  constructor(startMs: number) {
    this.#us = startMs * 1000;
  }

  advanceMs(ms: number): void {
    this.#us += ms * 1000;
  }

  nowMs(): number {
    return Math.floor(this.#us / 1000);
  }

  nowUs(): number {
    return Math.floor(this.#us);
  }

  monotonicUs(): number {
    return this.#us;
  }
}
