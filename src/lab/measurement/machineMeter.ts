/**
 * What the machine did meanwhile: the share of CPU time that the hypervisor gave to others (steal), and how busy the CPUs were.
 * Steal is counted in ticks of 10 ms, so a block of a second resolves it to 1 % of one CPU.
 */
import type { ProcFiles } from './procFiles.ts';
import { type CpuTimes, parseCpuTimes } from './procFormats.ts';

export type MachineSnapshot = Map<'all' | number, CpuTimes>;

export function machineSnapshot(files: ProcFiles): MachineSnapshot {
  return parseCpuTimes(files.readText('/proc/stat'));
}

export interface MachineShares {
  /** Stolen time over all time, 0..1. */
  stealShare: number;
  /** Everything but idle, waiting for I/O and stolen, over all time, 0..1. */
  busyShare: number;
}

/** Shares between two snapshots, over all CPUs or those named. Zero where no tick passed. @throws RangeError for a CPU that is not there. */
export function machineShares(
  before: MachineSnapshot,
  after: MachineSnapshot,
  cpus?: readonly number[],
): MachineShares {
  let total = 0;
  let stolen = 0;
  let idle = 0;
  for (const cpu of cpus === undefined || cpus.length === 0 ? (['all'] as const) : cpus) {
    const [start, end] = [before.get(cpu), after.get(cpu)];
    if (start === undefined || end === undefined) throw new RangeError(`this machine has no CPU ${cpu}`);
    total += end.totalTicks - start.totalTicks;
    stolen += end.stealTicks - start.stealTicks;
    // The kernel's idle and iowait counters may run backwards by a tick or two; a share may not.
    idle += Math.max(0, end.idleTicks - start.idleTicks);
  }
  if (total <= 0) return { stealShare: 0, busyShare: 0 };
  return {
    stealShare: Math.max(0, stolen / total),
    busyShare: Math.min(1, Math.max(0, (total - idle - stolen) / total)),
  };
}
