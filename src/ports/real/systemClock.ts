import type { Clock } from '../clock.ts';

export class SystemClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  nowUs(): number {
    return Math.floor((performance.timeOrigin + performance.now()) * 1000);
  }

  monotonicUs(): number {
    return performance.now() * 1000;
  }
}
