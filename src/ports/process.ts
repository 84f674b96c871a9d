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
  /** Total physical memory of the machine in bytes. */
  systemMemoryBytes(): number;
  /** CPU time of the process so far, microseconds. */
  cpuUserUs(): number;
  cpuSystemUs(): number;
}
