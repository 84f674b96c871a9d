/** `evenkeel attribution`: faults with a known cause are injected into a loaded server; what does tail attribution say they were? */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import type { EnvironmentFingerprint } from '../lab/experiments/result.ts';
import {
  type ConfusionRow,
  confusionRow,
  type Injection,
  type SlowRequest,
} from '../lab/faults/confusionMatrix.ts';
import { renderConfusion } from '../lab/faults/confusionTable.ts';
import { type Fault, type FaultBench, faultLoad, faults } from '../lab/faults/faults.ts';
import { runLoad } from '../lab/load/generatorProcess.ts';
import type { LoadJob } from '../lab/load/protocol.ts';
import { pinSelf } from '../lab/targets/childProcess.ts';
import { httpUrl } from '../lab/targets/httpUrl.ts';
import { parseTarget } from '../lab/targets/parseTarget.ts';
import type { Workload } from '../lab/workloads/workload.ts';
import { wholeNumber } from './experiment.ts';
import { cpuPlan, fingerprint, reportingErrors, UsageError } from './labSession.ts';
import { publishStudy } from './publishStudy.ts';

interface AttributionOptions {
  rounds: number;
  seed: number;
  only?: string;
  publish?: true;
}

export interface AttributionResult {
  readonly environment: EnvironmentFingerprint;
  readonly rows: readonly ConfusionRow[];
}

const CONNECTIONS = 30;
/** Between injections, so that each begins on a quiet server. */
const PAUSE_MS = 1000;
/** After something was written: the tail begins at the p99 of the last ten seconds, and writing is slow. */
const PAUSE_AFTER_WRITING_MS = 11_000;
/** What is slow in such a time would have been slow without the fault too. */
const QUIET_MS = 2000;
/** Slow requests are joined with their causes a second late. */
const JOINED_AFTER_MS = 2500;
/** The first of their kind meet code that is still being compiled, by threads on the same core. */
const UNCOUNTED_ROUNDS = 5;
/** As long as a session can last; the load is stopped when the last fault is over. */
const LOAD_SEC_MAX = 600;
const WRITING_CONNECTIONS = 8;

export function attributionCommand(): Command {
  return new Command('attribution')
    .description('inject faults with a known cause and publish what tail attribution says they were')
    .option('--rounds <n>', 'injections of each fault', wholeNumber, 12)
    .option('--only <fault>', `one of ${faults.map(({ id }) => id).join(', ')}`)
    .option('--seed <n>', 'seed of the load', wholeNumber, 1)
    .option('--publish', 'write the result and the README in experiments/tail-attribution')
    .action((options: AttributionOptions) => reportingErrors(() => run(options)));
}

async function run(options: AttributionOptions): Promise<void> {
  const { only, rounds, seed } = options;
  const chosen = faults.filter(({ id }) => only === undefined || id === only);
  if (chosen.length === 0)
    throw new UsageError(`no fault is called ${only}. There are: ${faults.map(({ id }) => id).join(', ')}`);
  if (only !== undefined && options.publish)
    throw new UsageError('--publish takes all faults: leave out --only');
  const cpus = cpuPlan();
  pinSelf(cpus.generator);
  const environment = fingerprint(seed, cpus);
  const startedMs = performance.now();
  const rows: ConfusionRow[] = [];
  for (const fault of chosen) {
    process.stderr.write(`${fault.title}: ${rounds} times ...\n`);
    rows.push(await measure(fault, { rounds, seed, cpus }));
  }
  environment.durationSec = (performance.now() - startedMs) / 1000;
  process.stdout.write(`${renderConfusion(rows, chosen)}\n`);
  const result: AttributionResult = { environment, rows };
  if (options.publish) publishStudy('tail-attribution', result, renderConfusion(rows, chosen));
}

interface MeasureOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly cpus: ReturnType<typeof cpuPlan>;
}

async function measure(fault: Fault, { rounds, seed, cpus }: MeasureOptions): Promise<ConfusionRow> {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-fault-'));
  const configuration = path.join(folder, 'evenkeel.conf');
  writeFileSync(configuration, '');
  const target = await parseTarget(`ours:${fault.flags}?instruments=1&enable-debug-command=yes`).start({
    cpus: [...cpus.server],
    extraArguments: ['--config', configuration],
  });
  const stop = new AbortController();
  try {
    const job = (rest: Partial<LoadJob>): LoadJob => ({
      id: `attribution ${fault.id}`,
      endpoint: target.endpoint,
      workload: faultLoad,
      seed,
      connections: CONNECTIONS,
      loop: { kind: 'open', rateOpsPerSec: fault.rateOpsPerSec, arrivals: 'poisson' },
      warmup: { minSec: 1, maxSec: 3 },
      measureSec: LOAD_SEC_MAX,
      requestsMax: 1e12,
      intervalMs: 1000,
      preload: true,
      ...rest,
    });
    const onGenerator = { cpus: [...cpus.generator] };
    const bench: FaultBench = {
      target,
      url: httpUrl(target),
      cpus: cpus.server,
      write: async (workload: Workload) => {
        await runLoad(
          job({
            workload,
            connections: WRITING_CONNECTIONS,
            warmup: { minSec: 0, maxSec: 0 },
            measureSec: 0,
          }),
          onGenerator,
        );
      },
    };
    await fault.prepare?.(bench);
    const measuring = Promise.withResolvers<void>();
    const load = runLoad(job({}), {
      ...onGenerator,
      signal: stop.signal,
      onMessage: (message) => {
        if (message.type === 'phase' && message.phase === 'measure') measuring.resolve();
      },
    });
    load.catch(measuring.reject);
    await measuring.promise;
    const { injections, slow } = await inject(fault, bench, rounds);
    stop.abort();
    await load;
    return confusionRow(fault, injections, slow);
  } finally {
    stop.abort();
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inject(
  fault: Fault,
  bench: FaultBench,
  rounds: number,
): Promise<{ injections: Injection[]; slow: SlowRequest[] }> {
  const injections: Injection[] = [];
  const slow: SlowRequest[] = [];
  let sinceMs = Date.now();
  // Only the newest are kept there, so they are fetched as they come.
  const fetchSlow = async (): Promise<void> => {
    const untilMs = Date.now() - JOINED_AFTER_MS;
    const response = await fetch(`${bench.url}/api/slow?sinceMs=${sinceMs}&untilMs=${untilMs}`);
    slow.push(...((await response.json()) as SlowRequest[]));
    sinceMs = untilMs;
  };
  for (let round = -UNCOUNTED_ROUNDS; round < rounds; round++) {
    await fault.before?.(bench);
    await sleep(fault.before === undefined ? PAUSE_MS : PAUSE_AFTER_WRITING_MS);
    const quietFromMs = Date.now();
    await sleep(QUIET_MS);
    const startMs = Date.now();
    await fault.inject(bench);
    if (round >= 0) injections.push({ quietFromMs, startMs, endMs: Date.now() });
    await fault.after?.(bench);
    await fetchSlow();
  }
  await sleep(2 * JOINED_AFTER_MS);
  await fetchSlow();
  return { injections, slow };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
