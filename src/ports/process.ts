/** What the core may ask of the process it lives in: identity, memory, CPU. Real and simulated implementations. */
export interface ProcessInfo {
  readonly pid: number;
  readonly platform: string;
  readonly nodeVersion: string;
  readonly architectureBits: number;
  /** Bytes resident, from the operating system. */
  rssBytes(): number;
  /** Bytes of the JavaScript heap in use, and of memory outside it (array buffers). */
  heapUsedBytes(): number;
  externalBytes(): number;
  /** Bytes allocated on this thread's JavaScript heap so far, garbage included; microseconds spent collecting. As of the last sample. */
  allocatedBytes(): number;
  gcPauseUs(): number;
  /** Brings the two above up to date; cheap, to be called a few times a second. */
  sampleHeap(): void;
  /** A full collection, now: stops the thread for as long as it takes. */
  collectGarbage(): void;
  /** Total physical memory of the machine in bytes. */
  systemMemoryBytes(): number;
  /** CPU time of the process so far, microseconds. */
  cpuUserUs(): number;
  cpuSystemUs(): number;
}
