import type { Timer, Timers } from '../timers.ts';

export class NodeTimers implements Timers {
  after(durationMs: number, callback: () => void): Timer {
    const timeout = setTimeout(callback, durationMs);
    return { cancel: () => clearTimeout(timeout) };
  }
}
