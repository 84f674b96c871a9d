/**
 * /proc counters at the edges of a block's measured part: CPU, waits and switches of the target's processes, steal and load of the machine.
 * Start, preload and warm-up lie before the first edge and are not charged to the requests.
 */
import { type MachineSnapshot, machineShares, machineSnapshot } from '../measurement/machineMeter.ts';
import {
  addCosts,
  costMetrics,
  ProcessMeter,
  type ProcessSnapshot,
  processCost,
} from '../measurement/processMeter.ts';
import type { ProcFiles } from '../measurement/procFiles.ts';
import { BlockFailure } from './bench.ts';
import type { MetricId } from './result.ts';

interface Edge {
  processes: ProcessSnapshot[];
  machine: MachineSnapshot;
}

/** Without processes of ours (a URL target) there is nothing to read but the machine. */
export class BlockEdges {
  readonly #meters: ProcessMeter[];
  readonly #cpus: readonly number[];
  readonly #files: ProcFiles;
  #before: Edge | undefined;
  #after: Edge | undefined;

  constructor(pids: readonly number[], cpus: readonly number[], files: ProcFiles) {
    this.#meters = pids.map((pid) => new ProcessMeter(pid, files));
    this.#cpus = cpus;
    this.#files = files;
  }

  phase(phase: string): void {
    if (phase === 'measure') this.#before = this.#snapshot();
    if (phase === 'drain') this.#after = this.#snapshot();
  }

  /** `busyUs`: CPU time that anybody used on the CPUs measured on; `cpuUs`: the target's share of it. */
  measured(block: { durationSec: number; requests: number }): {
    metrics: Partial<Record<MetricId, number>>;
    stealShare: number;
    busyUs: number;
    cpuUs: number;
  } {
    const [before, after] = [this.#before, this.#after];
    if (before === undefined || after === undefined)
      throw new BlockFailure('the generator named no measured part');
    const { stealShare, busyShare } = machineShares(before.machine, after.machine, this.#cpus);
    const busyUs = busyShare * Math.max(1, this.#cpus.length) * block.durationSec * 1e6;
    if (this.#meters.length === 0) return { metrics: {}, stealShare, busyUs, cpuUs: 0 };
    const cost = addCosts(
      before.processes.map((snapshot, index) => processCost(snapshot, after.processes[index]!)),
    );
    return { metrics: costMetrics(cost, block), stealShare, busyUs, cpuUs: cost.cpuUs };
  }

  /** Resident memory of the target's processes, read after the measured part: walking the page tables takes milliseconds. */
  resident(): Partial<Record<MetricId, number>> {
    if (this.#meters.length === 0) return {};
    const bytes = this.#meters.reduce((sum, meter) => sum + meter.memory().rssBytes, 0);
    return { 'memory-resident-bytes': bytes };
  }

  #snapshot(): Edge {
    return {
      processes: this.#meters.map((meter) => meter.snapshot()),
      machine: machineSnapshot(this.#files),
    };
  }
}
