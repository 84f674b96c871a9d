/**
 * Which CPUs the server and the generator get. They never share one: a generator that takes the server's CPU measures itself.
 *
 *   1 CPU     nothing to pin: both share it, and the report says so
 *   2, 3      server on the first, generator on the last
 *   4 and on  server on two (a runtime's helper threads get the second), generator on the last, the rest for the system
 */
export interface CpuPlan {
  server: number[];
  generator: number[];
  notes: string[];
}

export function planCpus(allowed: readonly number[], canPin: boolean): CpuPlan {
  if (!canPin) {
    return {
      server: [],
      generator: [],
      notes: [
        'taskset is not available: server and generator were not pinned (Debian: apt-get install util-linux).',
      ],
    };
  }
  if (allowed.length < 2) {
    return {
      server: [],
      generator: [],
      notes: [
        'Only one CPU may be used: server and generator shared it, so throughput and latency include each other.',
      ],
    };
  }
  const generator = [allowed.at(-1)!];
  return { server: allowed.slice(0, allowed.length >= 4 ? 2 : 1), generator, notes: [] };
}
