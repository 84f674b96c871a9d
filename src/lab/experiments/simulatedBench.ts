/**
 * A bench without a machine: targets are numbers, time is a counter. The runner's schedule, rejections, deadlines, resumption and
 * verdicts are tested on it, where the true effect is known.
 *
 * Block noise is log-normal around a slow drift, the shape seen on shared machines: a common wander that pairing must cancel, and an
 * independent part that it cannot.
 */
import { Prng } from '../../base/prng.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Bench, BlockFailure, type BlockMeasurement, type BlockRequest } from './bench.ts';
import type { MetricId, TargetDescription } from './result.ts';

export class SimulatedClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 1);

  advance(sec: number): void {
    this.#nowMs += sec * 1000;
  }
  nowMs(): number {
    return this.#nowMs;
  }
  nowUs(): number {
    return this.#nowMs * 1000;
  }
  monotonicUs(): number {
    return this.#nowMs * 1000;
  }
}

export interface SimulatedTarget {
  /** Requests per second when saturated. */
  opsPerSec: number;
  cpuUsPerRequest: number;
  latencyP99Us: number;
  bytesPerKey: number;
}

export interface SimulatedBenchOptions {
  targets: Record<string, SimulatedTarget>;
  seed: number;
  /** Standard deviation of the log of a block's noise. */
  noise: number;
  /** Seconds of a block beyond its warm-up and measurement. */
  fixedSec: number;
  /** Changes a block's measurement before it is judged: to make it late, stolen from, or fail by throwing. */
  tamper?: (request: BlockRequest, measurement: BlockMeasurement, blocksRun: number) => BlockMeasurement;
  /** Called before each block with the number already run. */
  beforeBlock?: (blocksRun: number) => void;
}

export class SimulatedBench implements Bench {
  readonly requests: BlockRequest[] = [];
  readonly #options: SimulatedBenchOptions;
  readonly #clock: SimulatedClock;
  readonly #prng: Prng;
  #drift = 0;

  constructor(options: SimulatedBenchOptions, clock: SimulatedClock) {
    this.#options = options;
    this.#clock = clock;
    this.#prng = new Prng(options.seed);
  }

  async describe(targetId: string): Promise<TargetDescription> {
    this.#clock.advance(this.#options.fixedSec / 2);
    this.#target(targetId);
    const kind = targetId === 'redis' ? 'redis' : 'evenkeel';
    return {
      id: targetId,
      label: `Simulated ${targetId}`,
      kind,
      command: ['simulated', targetId],
      pinnedCpus: [],
    };
  }

  async generatorCeiling(_pipeline: number, measureSec: number): Promise<number> {
    this.#clock.advance(measureSec);
    return 3_000_000;
  }

  notes(): string[] {
    return ['Simulated: no machine was measured.'];
  }

  async runBlock(request: BlockRequest, signal: AbortSignal): Promise<BlockMeasurement> {
    this.#options.beforeBlock?.(this.requests.length);
    this.requests.push(request);
    const startedAtIso = new Date(this.#clock.nowMs()).toISOString();
    const { warmupSecMax, measureSec } = request.shape;
    const memory = request.scenario.kind === 'memory';
    this.#clock.advance(this.#options.fixedSec + (memory ? 0 : warmupSecMax + measureSec));
    if (signal.aborted) throw new BlockFailure('interrupted');
    const measurement = this.#measure(request, startedAtIso);
    return this.#options.tamper?.(request, measurement, this.requests.length - 1) ?? measurement;
  }

  #measure(request: BlockRequest, startedAtIso: string): BlockMeasurement {
    const target = this.#target(request.targetId);
    this.#drift += this.#gaussian() * this.#options.noise * 0.3;
    const slowdown = (): number => Math.exp(this.#drift + this.#gaussian() * this.#options.noise);
    const opsPerSec = target.opsPerSec / slowdown();
    const p99Us = target.latencyP99Us * slowdown();
    const metrics: Partial<Record<MetricId, number>> =
      request.scenario.kind === 'memory'
        ? {
            'memory-bytes-per-key-rss': target.bytesPerKey,
            'memory-overhead-bytes-per-key':
              target.bytesPerKey - request.scenario.keyBytes - request.scenario.valueBytes,
          }
        : {
            'throughput-ops-per-sec': opsPerSec,
            'cpu-us-per-request': target.cpuUsPerRequest * slowdown(),
            'latency-p50-us': p99Us / 3,
            'latency-p99-us': p99Us,
            'latency-p999-us': p99Us * 2,
          };
    return {
      startedAtIso,
      durationSec: request.shape.measureSec,
      warmupSec: request.shape.warmupSecMax,
      requests: Math.round(opsPerSec * request.shape.measureSec),
      certificate: [{ id: 'hit-rate', declared: '1', observed: '1', ok: true }],
      metrics,
      generatorCpuShare: 0.4,
      generatorLatenessP99Us: 20,
      stealShare: 0,
      percentiles: [
        { q: 0.5, valueUs: p99Us / 3 },
        { q: 0.99, valueUs: p99Us },
      ],
      intervals: [],
      ...(request.scenario.kind === 'memory'
        ? {
            memoryPoints: request.shape.memoryKeyCounts.map((keys) => ({
              keys,
              rssBytes: 50_000_000 + keys * target.bytesPerKey,
            })),
          }
        : {}),
    };
  }

  #target(targetId: string): SimulatedTarget {
    // `aa` is a second process of the same program.
    const target = this.#options.targets[targetId === 'aa' ? 'all' : targetId];
    if (target === undefined) throw new BlockFailure(`no simulated target ${targetId}`);
    return target;
  }

  /** Box-Muller. */
  #gaussian(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.#prng.float()));
    return radius * Math.cos(2 * Math.PI * this.#prng.float());
  }
}
