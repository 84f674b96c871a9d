import { performance } from 'node:perf_hooks';
import type { Timer, Timers } from '../timers.ts';

export class NodeTimers implements Timers {
  after(durationMs: number, callback: () => void): Timer {
    const timeout = setTimeout(callback, durationMs);
    return { cancel: () => clearTimeout(timeout) };
  }

  /** Immediates run behind the poll that is being served, and cost no other. */
  afterTurn(callback: () => void): void {
    setImmediate(callback);
  }

  /** libuv's own account of its polls. */
  idleUs(): number {
    return performance.nodeTiming.idleTime * 1000;
  }
}
