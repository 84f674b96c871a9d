/**
 * The real bench: a fresh server process per block, pinned; the generator in a process of its own on another CPU; /proc counters
 * read at the edges of the measured part, so that start, preload and warm-up are not charged to the requests.
 *
 *   start -> preload -> warm-up -> [measure: counters before ... counters after] -> drain -> stop
 */
import path from 'node:path';
import { LoadError, runLoad } from '../load/generatorProcess.ts';
import type { GeneratorMessage, LoadJob, LoadResult } from '../load/protocol.ts';
import { machineShares, machineSnapshot } from '../measurement/machineMeter.ts';
import { ProcessMeter } from '../measurement/processMeter.ts';
import type { ProcFiles } from '../measurement/procFiles.ts';
import { labelOfCopy } from '../targets/copies.ts';
import type { RunningTarget, Target } from '../targets/target.ts';
import { parseWorkload, withKeysAtMost } from '../workloads/workload.ts';
import { type Bench, BenchError, BlockFailure, type BlockMeasurement, type BlockRequest } from './bench.ts';
import { BlockEdges } from './blockEdges.ts';
import { certify } from './certificate.ts';
import type { CpuPlan } from './cpuPlan.ts';
import type { LoadScenario, MemoryScenario } from './definition.ts';
import { countCommand, memoryMetrics, memoryWorkload, readMemory } from './memoryStages.ts';
import type { CertificateCheck, MemoryPoint, MetricId, TargetDescription } from './result.ts';
import { runtimeMetrics } from './runtimeMetrics.ts';
import { EventRun } from './targetEvent.ts';

/** Whoever follows blocks while they run. */
export interface Audience {
  readonly isPresent: boolean;
  /** How often somebody has asked for something so far: also who did not stay has had an answer made. */
  readonly visits: number;
  /** What the generator says of the block that runs. */
  hear(message: GeneratorMessage): void;
}

export interface LabBenchOptions {
  /** By arm id. */
  targets: ReadonlyMap<string, Target>;
  /** Labels by arm id that say more than the target's own. */
  labels: ReadonlyMap<string, string>;
  cpus: CpuPlan;
  /** Directory of the session: latency logs go below it. */
  outDir: string;
  procFiles: ProcFiles;
  /** Wall clock of blocks, ms since the epoch. */
  nowMs: () => number;
  /** Resolves after so many ms: memory needs a moment to settle before it is read. */
  pause: (ms: number) => Promise<void>;
  audience?: Audience;
}

const nullTargetId = 'null';
/** Allocators return memory in the background; reading at once would charge the last batch's buffers to the keys. */
const memorySettleMs = 300;

export class LabBench implements Bench {
  readonly #options: LabBenchOptions;
  #pidsHidden = false;

  constructor(options: LabBenchOptions) {
    this.#options = options;
  }

  notes(): string[] {
    const hidden =
      'A target ran where its processes cannot be seen: no CPU per request and no memory for it.';
    return [...this.#options.cpus.notes, ...(this.#pidsHidden ? [hidden] : [])];
  }

  async describe(targetId: string, signal: AbortSignal): Promise<TargetDescription> {
    return this.#withTarget(targetId, signal, async (running) => {
      if (running.pids.length === 0) this.#pidsHidden = true;
      const twin = targetId === 'aa' ? ', second process (A/A)' : '';
      const label = this.#options.labels.get(targetId) ?? labelOfCopy(running.description.label, targetId);
      const { flagsRefused = [] } = running.description;
      const without = flagsRefused.length === 0 ? '' : `, without ${flagsRefused.join(', ')}: refused here`;
      return { ...running.description, id: targetId, label: `${label}${twin}${without}` };
    });
  }

  async generatorCeiling(pipeline: number, measureSec: number, signal: AbortSignal): Promise<number> {
    return this.#withTarget(nullTargetId, signal, async (running) => {
      const result = await this.#load(
        {
          id: `ceiling/${pipeline}`,
          workload: ceilingWorkload,
          seed: 1,
          connections: 50,
          loop: { kind: 'closed', pipeline },
          warmup: { minSec: 0.3, maxSec: 0.6 },
          measureSec,
          intervalMs: 100,
          preload: false,
        },
        running,
        signal,
      );
      return result.throughputOpsPerSec;
    });
  }

  async runBlock(request: BlockRequest, signal: AbortSignal): Promise<BlockMeasurement> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(request.timeoutSec * 1000))]);
    const { audience } = this.#options;
    const [wasPresent, visits] = [audience?.isPresent, audience?.visits];
    const measurement = await this.#withTarget(request.targetId, limited, (running) =>
      request.scenario.kind === 'memory'
        ? this.#memoryBlock(request, request.scenario, running, limited)
        : this.#loadBlock(request, request.scenario, running, limited),
    );
    const isWatched = wasPresent === true || audience?.visits !== visits;
    return isWatched ? { ...measurement, watched: true } : measurement;
  }

  /** Starts, uses and always stops. An abort stops the target at once, which ends whatever waits for it. */
  async #withTarget<T>(
    targetId: string,
    signal: AbortSignal,
    use: (running: RunningTarget) => Promise<T>,
  ): Promise<T> {
    const target = this.#options.targets.get(targetId);
    if (target === undefined) throw new BenchError(`no target ${targetId} in this session`);
    signal.throwIfAborted();
    const running = await target.start({ cpus: this.#options.cpus.server });
    const stop = (): void => void running.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await use(running);
    } catch (error) {
      if (signal.aborted)
        throw new BlockFailure('the block was given up: interrupted, or longer than the time left');
      const printed = running.output().trim().split('\n').at(-1) ?? '';
      const said = printed === '' ? '' : ` Last line of ${targetId}: ${printed}`;
      throw new BlockFailure(`${error instanceof Error ? error.message : String(error)}.${said}`, {
        cause: error,
      });
    } finally {
      signal.removeEventListener('abort', stop);
      await running.stop();
    }
  }

  async #loadBlock(
    request: BlockRequest,
    scenario: LoadScenario,
    running: RunningTarget,
    signal: AbortSignal,
  ): Promise<BlockMeasurement> {
    const workload = withKeysAtMost(scenario.workload, request.shape.keysMax);
    const { shape } = request;
    const event = scenario.event && new EventRun(scenario.event, running, this.#options);
    await event?.prepare(shape.eventKeysMax, (prepared) =>
      this.#preload(
        { id: `${request.blockId}/event`, workload: prepared, seed: request.seed },
        running,
        signal,
      ),
    );
    const edges = new BlockEdges(running.pids, this.#cpus(), this.#options.procFiles);
    const infoBefore = await running.info();
    const result = await this.#load(
      {
        id: request.blockId,
        workload,
        seed: request.seed,
        connections: scenario.connections,
        loop: scenario.loop,
        warmup: { minSec: shape.warmupSecMin, maxSec: shape.warmupSecMax },
        measureSec: shape.measureSec,
        intervalMs: shape.intervalMs,
        preload: workload.preload !== undefined,
        ...(request.hlog === undefined ? {} : { hlogPath: path.join(this.#options.outDir, request.hlog) }),
      },
      running,
      signal,
      (message) => {
        if (message.type === 'phase') edges.phase(message.phase);
        if (message.type === 'phase' && message.phase === 'measure') event?.begin(shape.measureSec);
        this.#options.audience?.hear(message);
      },
    );
    const eventChecks = (await event?.end(infoBefore, () => running.info())) ?? [];
    const infoAfter = await running.info();
    const edge = edges.measured({ durationSec: result.measuredSec, requests: result.counters.answered });
    const open = scenario.loop.kind === 'open';
    return {
      startedAtIso: result.startedAtIso,
      durationSec: result.measuredSec,
      warmupSec: result.warmup.sec,
      requests: result.counters.answered,
      certificate: [
        ...certify(scenario, workload, result),
        this.#othersCheck(edge.busyUs, edge.cpuUs, result),
        ...eventChecks,
        ...flagCheck(request.flagInEffect, infoBefore),
      ],
      metrics: {
        ...loadMetrics(result, open),
        ...edge.metrics,
        ...edges.resident(),
        ...runtimeMetrics(infoBefore, infoAfter),
      },
      generatorCpuShare: open ? result.generator.busyShare : result.generator.cpuShare,
      generatorLatenessP99Us: result.generator.lateness.p99Us,
      stealShare: edge.stealShare,
      percentiles: result.intended.percentiles,
      intervals: result.intervals,
      ...(request.hlog === undefined ? {} : { hlog: request.hlog }),
    };
  }

  /** How much of the CPUs in use went to neither server nor generator: no ground for rejection, pairing bears it, but a reader should know. */
  #othersCheck(busyUs: number, serverUs: number, { generator }: LoadResult): CertificateCheck {
    const cpus = Math.max(1, this.#cpus().length);
    const othersUs = Math.max(0, busyUs - serverUs - generator.cpuUserUs - generator.cpuSystemUs);
    const share = generator.wallUs > 0 ? othersUs / (generator.wallUs * cpus) : 0;
    return {
      id: 'other-load',
      declared: 'informative',
      observed: `others used ${(share * 100).toFixed(0)} % of the CPUs measured on`,
      ok: true,
    };
  }

  #cpus(): number[] {
    return [...new Set([...this.#options.cpus.server, ...this.#options.cpus.generator])];
  }

  async #memoryBlock(
    request: BlockRequest,
    scenario: MemoryScenario,
    running: RunningTarget,
    signal: AbortSignal,
  ): Promise<BlockMeasurement> {
    if (running.pids.length === 0) return this.#memoryOutOfSight();
    const startedMs = this.#options.nowMs();
    const meters = running.pids.map((pid) => new ProcessMeter(pid, this.#options.procFiles));
    const before = machineSnapshot(this.#options.procFiles);
    const points: MemoryPoint[] = [];
    let keys = 0;
    for (const [stage, target] of request.shape.memoryKeyCounts.entries()) {
      const workload = memoryWorkload(scenario, stage, target - keys);
      const job = { id: `${request.blockId}/${stage}`, workload, seed: request.seed + stage };
      await this.#preload(job, running, signal);
      keys = target;
      await running.command('MEMORY', 'PURGE').catch(() => undefined);
      await this.#options.pause(memorySettleMs);
      signal.throwIfAborted();
      points.push({ keys, ...(await readMemory(running, meters)) });
    }
    const stored = Number(await running.command(...countCommand(scenario)));
    const { stealShare } = machineShares(before, machineSnapshot(this.#options.procFiles));
    const durationSec = (this.#options.nowMs() - startedMs) / 1000;
    return {
      startedAtIso: new Date(startedMs).toISOString(),
      durationSec,
      warmupSec: 0,
      requests: keys,
      certificate: [{ id: 'keys-stored', declared: `${keys}`, observed: `${stored}`, ok: stored === keys }],
      metrics: memoryMetrics(points, scenario, request),
      generatorCpuShare: 0,
      generatorLatenessP99Us: 0,
      stealShare,
      percentiles: [],
      intervals: [],
      memoryPoints: points,
    };
  }

  /** A server elsewhere: its memory cannot be read, and nobody's server is filled with keys for nothing. */
  #memoryOutOfSight(): BlockMeasurement {
    return {
      startedAtIso: new Date(this.#options.nowMs()).toISOString(),
      durationSec: 0,
      warmupSec: 0,
      requests: 0,
      certificate: [
        {
          id: 'memory-in-sight',
          declared: "the server's processes are on this machine",
          observed: 'they are not: memory cannot be read',
          ok: false,
        },
      ],
      metrics: {},
      generatorCpuShare: 0,
      generatorLatenessP99Us: 0,
      stealShare: 0,
      percentiles: [],
      intervals: [],
    };
  }

  /** Writes a workload's preload and nothing else. */
  #preload(
    job: Pick<LoadJob, 'id' | 'workload' | 'seed'>,
    running: RunningTarget,
    signal: AbortSignal,
  ): Promise<LoadResult> {
    const loop = { kind: 'closed' as const, pipeline: 64 };
    const warmup = { minSec: 0, maxSec: 0 };
    const shape = { connections: 4, loop, warmup, measureSec: 0, intervalMs: 100, preload: true };
    return this.#load({ ...job, ...shape }, running, signal);
  }

  async #load(
    job: Omit<LoadJob, 'endpoint' | 'requestsMax'>,
    running: RunningTarget,
    signal: AbortSignal,
    onMessage?: (message: GeneratorMessage) => void,
  ): Promise<LoadResult> {
    const whole = { ...job, endpoint: running.endpoint, requestsMax: Number.MAX_SAFE_INTEGER };
    const result = await runLoad(whole, {
      cpus: this.#options.cpus.generator,
      signal,
      // Only who hears the messages wants more of them.
      ...(onMessage === undefined
        ? {}
        : { onMessage, isWatched: () => this.#options.audience?.isPresent === true }),
    });
    if (result.endedBy === 'stopped') throw new LoadError('internal', 'the load was stopped before its end');
    return result;
  }
}

function loadMetrics(result: LoadResult, open: boolean): Partial<Record<MetricId, number>> {
  const throughput = { 'throughput-ops-per-sec': result.throughputOpsPerSec };
  // A closed loop's latency is the batch's, measured from a send that waited for the server: it decides nothing here.
  const { p50Us, p90Us, p95Us, p99Us, p999Us, p9999Us, maxUs } = result.intended;
  if (!open) return { ...throughput, 'latency-p50-us': p50Us, 'latency-p99-us': p99Us };
  return {
    ...throughput,
    'latency-p50-us': p50Us,
    'latency-p90-us': p90Us,
    'latency-p95-us': p95Us,
    'latency-p99-us': p99Us,
    'latency-p999-us': p999Us,
    'latency-p9999-us': p9999Us,
    'latency-max-us': maxUs,
  };
}

/** A server that could not use a flag (no io_uring in this container, say) names it in INFO and runs the baseline. */
function flagCheck(flag: string | undefined, info: ReadonlyMap<string, string>): CertificateCheck[] {
  const refused = (info.get('evenkeel_flags_refused') ?? '').split(',');
  if (flag === undefined || !refused.includes(flag)) return [];
  const observed = 'refused by the server here: it fell back to the baseline';
  return [{ id: 'flag-in-effect', declared: flag, observed, ok: false }];
}

const ceilingWorkload = parseWorkload({
  name: 'ceiling',
  keys: { count: 10_000, lengthBytes: 16, distribution: { kind: 'uniform' } },
  commands: [
    { weight: 1, template: ['GET', '{key}'] },
    { weight: 1, template: ['SET', '{key}', '{value}'] },
  ],
});
