import type { ProcessInfo } from '../process.ts';

/** A process with fixed figures. */
export class SimulatedProcess implements ProcessInfo {
  readonly pid = 4242;
  readonly platform = 'simulated';
  readonly nodeVersion = 'v24.0.0';
  readonly architectureBits = 64;

  collections = 0;

  allocatedBytes(): number {
    return 1_000_000;
  }

  gcPauseUs(): number {
    return 1000;
  }

  sampleHeap(): void {}

  collectGarbage(): void {
    this.collections++;
  }

  rssBytes(): number {
    return 64 * 1024 * 1024;
  }

  heapUsedBytes(): number {
    return 16 * 1024 * 1024;
  }

  externalBytes(): number {
    return 8 * 1024 * 1024;
  }

  systemMemoryBytes(): number {
    return 8 * 1024 * 1024 * 1024;
  }

  cpuUserUs(): number {
    return 1_000_000;
  }

  cpuSystemUs(): number {
    return 500_000;
  }
}
