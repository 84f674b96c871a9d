/** What can be profiled by name: a load, and what to look for in its flamegraph. */
export interface ProfileScenario {
  readonly title: string;
  /** A preset of the load generator (`evenkeel load --workloads`). */
  readonly workload: string;
  readonly keys: number;
  readonly valueBytes?: number;
  readonly pipeline: number;
  readonly connections: number;
  /** More of the server's command line. */
  readonly query?: string;
}

export const profileScenarios: Readonly<Record<string, ProfileScenario>> = {
  'get-set': {
    title: 'GET and SET in equal parts, pipelined: decoding, lookup, replies',
    workload: 'get-set',
    keys: 100_000,
    valueBytes: 64,
    pipeline: 16,
    connections: 50,
  },
  unpipelined: {
    title: 'One request at a time on each connection: mostly the transport and the kernel',
    workload: 'get-set',
    keys: 100_000,
    valueBytes: 64,
    pipeline: 1,
    connections: 50,
  },
  'arena-storage': {
    title: 'SET over a million keys: records, index, allocation',
    workload: 'set',
    keys: 1_000_000,
    valueBytes: 64,
    pipeline: 64,
    connections: 50,
  },
  hashes: {
    title: 'HINCRBY on many small hashes',
    workload: 'hincrby',
    keys: 10_000,
    pipeline: 16,
    connections: 50,
  },
  expiry: {
    title: 'Keys that expire soon: what active expiry costs',
    workload: 'set-ttl',
    keys: 200_000,
    pipeline: 16,
    connections: 50,
  },
  'multi-key': {
    title: 'MGET of 100 keys over two shards: plans, mailboxes, replies',
    workload: 'mget-100',
    keys: 100_000,
    pipeline: 1,
    connections: 20,
    query: 'shards=2',
  },
};
