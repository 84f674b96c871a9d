/** Waiting for a core, cut into windows short enough to tell which requests met it. */
import type { RunQueueWindow } from '../attribution/attribute.ts';
import type { RunQueueWatch } from './liveFeed.ts';

/** Microseconds that a shard's thread has run, and waited for a core, so far. */
export type RunQueueMeter = () => { readonly ranUs: number; readonly waitedUs: number };

/** Windows with less are noise of the meter: nobody was kept waiting for long. */
const WORTH_KEEPING_US = 20;

export class RunQueueSampler implements RunQueueWatch {
  readonly #meters: readonly (RunQueueMeter | undefined)[];
  readonly #nowUs: (shard: number) => number;
  readonly #windows: RunQueueWindow[][];
  readonly #lastUs: number[];
  readonly #last: { readonly ranUs: number; readonly waitedUs: number }[];

  /** @param nowUs the shard's monotonic clock as this thread knows it. */
  constructor(meters: readonly (RunQueueMeter | undefined)[], nowUs: (shard: number) => number) {
    this.#meters = meters;
    this.#nowUs = nowUs;
    this.#windows = meters.map(() => []);
    this.#lastUs = meters.map((_, shard) => nowUs(shard));
    this.#last = meters.map((meter) => meter?.() ?? { ranUs: 0, waitedUs: 0 });
  }

  /** To be called every few milliseconds: ends a window and begins the next. */
  sample(): void {
    this.#meters.forEach((meter, shard) => {
      if (meter === undefined) return;
      const times = meter();
      const endUs = this.#nowUs(shard);
      const last = this.#last[shard]!;
      const [ranUs, waitedUs] = [times.ranUs - last.ranUs, times.waitedUs - last.waitedUs];
      if (waitedUs >= WORTH_KEEPING_US)
        this.#windows[shard]!.push({ startUs: this.#lastUs[shard]!, endUs, ranUs, waitedUs });
      this.#lastUs[shard] = endUs;
      this.#last[shard] = times;
    });
  }

  windowsSince(): readonly (readonly RunQueueWindow[])[] | undefined {
    if (this.#meters.every((meter) => meter === undefined)) return undefined;
    return this.#windows.map((windows) => windows.splice(0));
  }
}
