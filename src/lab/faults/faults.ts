/**
 * Faults with a known cause, to see whether tail attribution names it: each is made on purpose on a loaded server, at a known time.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pinned } from '../targets/childProcess.ts';
import type { RunningTarget } from '../targets/target.ts';
import { mixWorkload } from '../workloads/presets.ts';
import { parseWorkload, type Workload } from '../workloads/workload.ts';

/** Causes as the server's control plane calls them, and `culprit`: the command that `Fault.culprit` names, whoever had to wait for it. */
export type ChargedCause = string;
export const CULPRIT = 'culprit';

export interface FaultBench {
  readonly target: RunningTarget;
  /** Of the target's control plane. */
  readonly url: string;
  /** The target's. */
  readonly cpus: readonly number[];
  /** Writes what a workload's preload says. */
  write(workload: Workload): Promise<void>;
}

export interface Fault {
  readonly id: string;
  readonly title: string;
  /** How it is made, in one sentence. */
  readonly how: string;
  /** Where its time belongs. */
  readonly causes: readonly ChargedCause[];
  /** Command whose execution is in the way, lower case. */
  readonly culprit?: string;
  /** Flags of the target. */
  readonly flags: string;
  readonly rateOpsPerSec: number;
  /** Once, before the load. */
  prepare?(bench: FaultBench): Promise<void>;
  /** Before each injection; what it does is not looked at. */
  before?(bench: FaultBench): Promise<void>;
  /** Resolves when the fault is over. */
  inject(bench: FaultBench): Promise<void>;
  /** After each injection. */
  after?(bench: FaultBench): Promise<void>;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The load under which all faults happen. */
export const faultLoad = mixWorkload(1, 1, { keys: 100_000, valueBytes: 64 });
const OPEN_RATE = 3000;
const SLEEP_SEC = '0.05';
const HOG_MS = 50;
const REAL_TIME_PRIORITY = '10';
const SETTLE_MS = 300;
const FSYNC_SEC = '0.05';
/** The most there can be: evictions that take long enough to be a tail of their own. */
const EVICTION_SAMPLES = '64';
const EVICTED_BYTES = 16 * 1024 * 1024;

const keysOnly = (name: string, prefix: string, count: number, template: string[]): Workload =>
  parseWorkload({
    name,
    keys: { count, prefix, lengthBytes: 16, distribution: { kind: 'sequential' } },
    value: { kind: 'fixed', bytes: 32 },
    commands: [{ weight: 1, template }],
    preload: { template },
  });

const overdue = keysOnly('overdue keys', 'due:', 300_000, ['SET', '{key}', '{value}', 'PX', '1']);
const filling = keysOnly('more keys', 'more:', 300_000, ['SET', '{key}', '{value}']);
const manyFields = keysOnly('one large hash', 'f:', 300_000, ['HSET', 'large', '{keyId}', '{value}']);
const manyObjects = keysOnly('keys on the heap', 'heap:', 400_000, ['SET', '{key}', '{value}']);

/** Burns a core for a while. It ends by itself: nobody else on its core could end it. */
const HOG_PROGRAM = `const end = Date.now() + ${HOG_MS};
while (Date.now() < end);`;

/**
 * Ahead of all other threads of its core, as a kernel thread or an interrupt is: an ordinary process that computes hardly delays a thread
 * that sleeps most of the time. @throws where the system does not allow it.
 */
async function hog(cpus: readonly number[]): Promise<void> {
  const command = pinned(['chrt', '-f', REAL_TIME_PRIORITY, process.execPath, '-e', HOG_PROGRAM], cpus);
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0)
    throw new Error(`a real-time process cannot be started here (it takes root): ${complaint.trim()}`);
}

export const faults: readonly Fault[] = [
  {
    id: 'gc',
    title: 'A forced garbage collection',
    how: 'a full collection in the shard, with 400,000 keys as objects on its heap',
    causes: ['gc'],
    flags: 'none',
    rateOpsPerSec: OPEN_RATE,
    prepare: ({ write }) => write(manyObjects),
    async inject({ url }) {
      const response = await fetch(`${url}/api/collect-garbage`, { method: 'POST' });
      if (!response.ok) throw new Error(`the server collected no garbage: ${await response.text()}`);
    },
  },
  {
    id: 'cpu-hog',
    title: "Others on the shard's core",
    how: `a real-time process that starts, computes for ${HOG_MS} ms and ends, pinned to the shard's core`,
    causes: ['run-queue'],
    flags: 'all',
    rateOpsPerSec: OPEN_RATE,
    inject: ({ cpus }) => hog(cpus),
  },
  {
    id: 'fsync',
    title: 'A slow fsync',
    how: `CONFIG REWRITE, whose fsync takes ${FSYNC_SEC} s longer (DEBUG SLOW-FSYNC)`,
    causes: ['fsync'],
    flags: 'all',
    rateOpsPerSec: OPEN_RATE,
    prepare: async ({ target }) => void (await target.command('DEBUG', 'SLOW-FSYNC', FSYNC_SEC)),
    inject: async ({ target }) => void (await target.command('CONFIG', 'REWRITE')),
  },
  {
    id: 'debug-sleep',
    title: 'A shard that sleeps',
    how: `DEBUG SLEEP ${SLEEP_SEC}`,
    causes: [CULPRIT],
    culprit: 'debug',
    flags: 'all',
    rateOpsPerSec: OPEN_RATE,
    inject: async ({ target }) => void (await target.command('DEBUG', 'SLEEP', SLEEP_SEC)),
  },
  {
    id: 'large-key',
    title: 'An O(n) command on a large key',
    how: 'HSCAN over all of a hash of 300,000 fields, none of which matches',
    causes: [CULPRIT],
    culprit: 'hscan',
    flags: 'all',
    rateOpsPerSec: OPEN_RATE,
    prepare: ({ write }) => write(manyFields),
    inject: async ({ target }) =>
      void (await target.command('HSCAN', 'large', '0', 'MATCH', 'nothing', 'COUNT', '1000000')),
  },
  {
    id: 'expiry',
    title: 'An expiry storm',
    how: '300,000 keys, all overdue, when active expiry is switched on again',
    causes: ['expiry'],
    flags: 'all',
    rateOpsPerSec: OPEN_RATE,
    async before({ target, write }) {
      await target.command('DEBUG', 'SET-ACTIVE-EXPIRE', '0');
      await write(overdue);
    },
    async inject({ target }) {
      const due = Number(await target.command('DBSIZE'));
      await target.command('DEBUG', 'SET-ACTIVE-EXPIRE', '1');
      while (Number(await target.command('DBSIZE')) > due - 250_000) await sleep(10);
    },
  },
  {
    id: 'eviction',
    title: 'A memory limit that is suddenly lower',
    how: `maxmemory is set ${EVICTED_BYTES / 1024 / 1024} MiB below what is used, with allkeys-lru and ${EVICTION_SAMPLES} samples an eviction`,
    causes: ['eviction'],
    flags: 'all',
    rateOpsPerSec: OPEN_RATE,
    async prepare({ target }) {
      await target.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      await target.command('CONFIG', 'SET', 'maxmemory-samples', EVICTION_SAMPLES);
    },
    before: ({ write }) => write(filling),
    async inject({ target }) {
      const used = Number((await target.info('memory')).get('used_memory'));
      await target.command('CONFIG', 'SET', 'maxmemory', String(used - EVICTED_BYTES));
      await sleep(SETTLE_MS);
    },
    after: async ({ target }) => void (await target.command('CONFIG', 'SET', 'maxmemory', '0')),
  },
];
