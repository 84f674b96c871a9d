/**
 * What a server process cost between two instants: CPU, run-queue wait, context switches, over all its threads.
 *
 * CPU time is summed from `/proc/<pid>/task/<tid>/schedstat`, which the scheduler keeps in nanoseconds (a running thread's
 * figure lags by up to one scheduler tick, 1 to 10 ms). The kernel prints user and system apart only in ticks of 10 ms, and on
 * most kernels samples that split; so the exact total is divided in proportion to the ticks. Blocks shorter than a second
 * have too few ticks for the split to mean much.
 *
 * Threads come and go. A thread born between the snapshots counts from zero. One that ended took its schedstat along; its
 * CPU is recovered, to a tick, from the process's own total, which keeps the dead. Its waits and switches are lost.
 *
 * Where the kernel has no schedstat (CONFIG_SCHED_INFO off), totals come from ticks and run-queue wait is unknown.
 *
 * A snapshot of Redis's six threads takes 0.4 ms, of which each of its files takes some 20 us: take it at the block's edges.
 */
import type { MetricId } from '../experiments/result.ts';
import type { ProcFiles } from './procFiles.ts';
import {
  kilobyteField,
  type ProcessTicks,
  parseColonLines,
  parseCpuList,
  parseSchedStat,
  parseStatTicks,
  tickUs,
} from './procFormats.ts';

/** The process under test has gone: the block failed, whatever else was measured. */
export class ProcessGoneError extends Error {
  readonly code = 'PROCESS_GONE';

  constructor(pid: number, cause: unknown) {
    super(`process ${pid} is gone or may not be read; look at its own output for why it ended`, { cause });
    this.name = 'ProcessGoneError';
  }
}

interface ThreadCounters {
  /** Undefined where the kernel keeps no schedstat. */
  onCpuNs?: number;
  runQueueWaitNs?: number;
  voluntarySwitches: number;
  involuntarySwitches: number;
  allowedCpus: number[];
}

export interface ProcessSnapshot {
  pid: number;
  ticks: ProcessTicks;
  threads: Map<number, ThreadCounters>;
}

export interface ProcessCost {
  cpuUs: number;
  /** Absent where not one tick passed, so that nothing is known of the split. */
  cpuUserUs?: number;
  cpuSystemUs?: number;
  /** Absent where the kernel does not tell. */
  runQueueWaitUs?: number;
  voluntarySwitches: number;
  involuntarySwitches: number;
  /** How `cpuUs` was had: nanosecond counters, or ticks of 10 ms. */
  source: 'schedstat' | 'ticks';
  threads: number;
}

/** Resident memory. `rssBytes` is exact from smaps_rollup, else VmRSS, which lags by per-CPU batches of some pages. */
export interface ProcessMemory {
  rssBytes: number;
  /** Shared pages divided among their users. Absent where smaps_rollup may not be read. */
  pssBytes?: number;
}

export class ProcessMeter {
  readonly #files: ProcFiles;
  readonly pid: number;

  constructor(pid: number, files: ProcFiles) {
    this.pid = pid;
    this.#files = files;
  }

  /** Reads all threads' counters. @throws ProcessGoneError */
  snapshot(): ProcessSnapshot {
    const { pid } = this;
    const stat = this.#readOwn('stat');
    const threads = new Map<number, ThreadCounters>();
    for (const name of this.#listThreads()) {
      const counters = this.#readThread(`/proc/${pid}/task/${name}`);
      if (counters !== undefined) threads.set(Number(name), counters);
    }
    return { pid, ticks: parseStatTicks(stat), threads };
  }

  /**
   * Reads resident memory. Apart from the snapshot because smaps_rollup walks the page tables (milliseconds for gigabytes)
   * while holding a lock that page faults wait for: never call it inside a measured stretch.
   * @throws ProcessGoneError
   */
  memory(): ProcessMemory {
    const rollup = this.#tryRead(`/proc/${this.pid}/smaps_rollup`);
    if (rollup !== undefined) {
      const fields = parseColonLines(rollup);
      const rssBytes = kilobyteField(fields, 'Rss');
      const pssBytes = kilobyteField(fields, 'Pss');
      if (rssBytes !== undefined) return { rssBytes, ...(pssBytes === undefined ? {} : { pssBytes }) };
    }
    const rssBytes = kilobyteField(parseColonLines(this.#readOwn('status')), 'VmRSS');
    // A zombie has a status without VmRSS: its memory is gone with it.
    if (rssBytes === undefined) throw new ProcessGoneError(this.pid, undefined);
    return { rssBytes };
  }

  #readThread(directory: string): ThreadCounters | undefined {
    const status = this.#tryRead(`${directory}/status`);
    if (status === undefined) return undefined;
    const fields = parseColonLines(status);
    const schedStat = this.#tryRead(`${directory}/schedstat`);
    return {
      ...(schedStat === undefined ? {} : parseSchedStat(schedStat)),
      voluntarySwitches: Number(fields.get('voluntary_ctxt_switches') ?? 0),
      involuntarySwitches: Number(fields.get('nonvoluntary_ctxt_switches') ?? 0),
      allowedCpus: parseCpuList(fields.get('Cpus_allowed_list') ?? ''),
    };
  }

  #listThreads(): string[] {
    try {
      return this.#files.list(`/proc/${this.pid}/task`);
    } catch (error) {
      throw new ProcessGoneError(this.pid, error);
    }
  }

  #readOwn(file: string): string {
    try {
      return this.#files.readText(`/proc/${this.pid}/${file}`);
    } catch (error) {
      throw new ProcessGoneError(this.pid, error);
    }
  }

  /** undefined where the thread has just ended or the kernel has no such file. */
  #tryRead(path: string): string | undefined {
    try {
      return this.#files.readText(path);
    } catch {
      return undefined;
    }
  }
}

/** What happened between two snapshots of one process. @throws RangeError if they are of different processes. */
export function processCost(before: ProcessSnapshot, after: ProcessSnapshot): ProcessCost {
  if (before.pid !== after.pid)
    throw new RangeError(`snapshots of ${before.pid} and ${after.pid} do not subtract`);
  let onCpuNs = 0;
  let runQueueWaitNs = 0;
  let voluntarySwitches = 0;
  let involuntarySwitches = 0;
  let exact = after.threads.size > 0;
  for (const [tid, end] of after.threads) {
    const earlier = before.threads.get(tid);
    // Counters never fall; where one has, the number was given to a new thread.
    const start = earlier !== undefined && (earlier.onCpuNs ?? 0) <= (end.onCpuNs ?? 0) ? earlier : undefined;
    if (end.onCpuNs === undefined || end.runQueueWaitNs === undefined) exact = false;
    onCpuNs += (end.onCpuNs ?? 0) - (start?.onCpuNs ?? 0);
    runQueueWaitNs += (end.runQueueWaitNs ?? 0) - (start?.runQueueWaitNs ?? 0);
    voluntarySwitches += end.voluntarySwitches - (start?.voluntarySwitches ?? 0);
    involuntarySwitches += end.involuntarySwitches - (start?.involuntarySwitches ?? 0);
  }
  const userTicks = after.ticks.userTicks - before.ticks.userTicks;
  const systemTicks = after.ticks.systemTicks - before.ticks.systemTicks;
  const ticks = userTicks + systemTicks;
  const someThreadEnded = [...before.threads.keys()].some((tid) => !after.threads.has(tid));
  const liveUs = onCpuNs / 1000;
  const cpuUs = !exact ? ticks * tickUs : someThreadEnded ? Math.max(liveUs, ticks * tickUs) : liveUs;
  return {
    cpuUs,
    ...(ticks > 0
      ? { cpuUserUs: (cpuUs * userTicks) / ticks, cpuSystemUs: (cpuUs * systemTicks) / ticks }
      : {}),
    ...(exact ? { runQueueWaitUs: runQueueWaitNs / 1000 } : {}),
    voluntarySwitches,
    involuntarySwitches,
    source: exact ? 'schedstat' : 'ticks',
    threads: after.threads.size,
  };
}

/** Adds the costs of a target's processes. What one of them does not know, the sum does not know. */
export function addCosts(costs: readonly ProcessCost[]): ProcessCost {
  const sum = (pick: (cost: ProcessCost) => number) => costs.reduce((total, cost) => total + pick(cost), 0);
  const sumIfKnown = (key: 'cpuUserUs' | 'cpuSystemUs' | 'runQueueWaitUs') =>
    costs.every((cost) => cost[key] !== undefined) ? { [key]: sum((cost) => cost[key]!) } : {};
  return {
    cpuUs: sum((cost) => cost.cpuUs),
    ...sumIfKnown('cpuUserUs'),
    ...sumIfKnown('cpuSystemUs'),
    ...sumIfKnown('runQueueWaitUs'),
    voluntarySwitches: sum((cost) => cost.voluntarySwitches),
    involuntarySwitches: sum((cost) => cost.involuntarySwitches),
    source: costs.every((cost) => cost.source === 'schedstat') ? 'schedstat' : 'ticks',
    threads: sum((cost) => cost.threads),
  };
}

/** The block metrics that follow from a cost. Metrics of unknown quantities are absent, as are those per request without any. */
export function costMetrics(
  cost: ProcessCost,
  block: { durationSec: number; requests: number },
): Partial<Record<MetricId, number>> {
  const metrics: Partial<Record<MetricId, number>> = {};
  if (block.requests > 0) {
    metrics['cpu-us-per-request'] = cost.cpuUs / block.requests;
    if (cost.cpuUserUs !== undefined) metrics['cpu-user-us-per-request'] = cost.cpuUserUs / block.requests;
    if (cost.cpuSystemUs !== undefined)
      metrics['cpu-system-us-per-request'] = cost.cpuSystemUs / block.requests;
  }
  if (block.durationSec > 0) {
    metrics['context-switches-per-sec'] =
      (cost.voluntarySwitches + cost.involuntarySwitches) / block.durationSec;
    if (cost.runQueueWaitUs !== undefined)
      metrics['run-queue-wait-us-per-sec'] = cost.runQueueWaitUs / block.durationSec;
  }
  return metrics;
}

/** CPUs that the process's threads may run on, all threads together, ascending. */
export function allowedCpus(snapshot: ProcessSnapshot): number[] {
  const cpus = new Set([...snapshot.threads.values()].flatMap((thread) => thread.allowedCpus));
  return [...cpus].sort((a, b) => a - b);
}

/** Whether every thread is confined to `cpus`: pinning a process after it started leaves its older threads where they were. */
export function isPinnedTo(snapshot: ProcessSnapshot, cpus: readonly number[]): boolean {
  const allowed = allowedCpus(snapshot);
  return allowed.length > 0 && allowed.every((cpu) => cpus.includes(cpu));
}
