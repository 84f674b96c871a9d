/**
 * LATENCY: events at least as long as `latency-monitor-threshold`, by kind, as time series of at most 160 samples with one second's
 * resolution: of several in one second the longest counts.
 */

/** Redis's names of what can be slow here. */
export type LatencyEvent =
  | 'command'
  | 'fast-command'
  | 'expire-cycle'
  | 'eviction-cycle'
  | 'while-blocked-cron';

const SAMPLES_MAX = 160;

export interface LatencySample {
  readonly atSec: number;
  /** Milliseconds. */
  durationMs: number;
}

export interface LatencySeries {
  /** Oldest first. */
  readonly samples: LatencySample[];
  /** The longest ever, milliseconds. */
  maxMs: number;
}

export class LatencyEvents {
  readonly #series = new Map<string, LatencySeries>();
  /** 0: nothing is watched. */
  thresholdMs = 0;

  note(event: LatencyEvent, durationUs: number, nowMs: number): void {
    const durationMs = Math.floor(durationUs / 1000);
    if (this.thresholdMs === 0 || durationMs < this.thresholdMs) return;
    const atSec = Math.floor(nowMs / 1000);
    let series = this.#series.get(event);
    if (series === undefined) {
      series = { samples: [], maxMs: 0 };
      this.#series.set(event, series);
    }
    series.maxMs = Math.max(series.maxMs, durationMs);
    const last = series.samples.at(-1);
    if (last?.atSec === atSec) {
      last.durationMs = Math.max(last.durationMs, durationMs);
      return;
    }
    series.samples.push({ atSec, durationMs });
    if (series.samples.length > SAMPLES_MAX) series.samples.shift();
  }

  get(event: string): LatencySeries | undefined {
    return this.#series.get(event);
  }

  all(): IterableIterator<[string, LatencySeries]> {
    return this.#series.entries();
  }

  /** @returns whether there was one. */
  forget(event: string): boolean {
    return this.#series.delete(event);
  }

  /** @returns how many kinds there were. */
  forgetAll(): number {
    const kinds = this.#series.size;
    this.#series.clear();
    return kinds;
  }
}
