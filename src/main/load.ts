/**
 * `evenkeel load`: loads any target from the command line and prints what came back.
 *
 * Composition only: the job is built from the options, the target is started if it is one of ours to start, the generator
 * runs in a process of its own, and `loadReport.ts` draws the table.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { LoadError, runLoad } from '../lab/load/generatorProcess.ts';
import { formatLoadReport } from '../lab/load/loadReport.ts';
import type { GeneratorMessage, LoadJob } from '../lab/load/protocol.ts';
import { parseTarget, targetForms } from '../lab/targets/parseTarget.ts';
import { TargetError } from '../lab/targets/runningServer.ts';
import type { RunningTarget } from '../lab/targets/target.ts';
import { mixWorkload, presetDescription, presetNames, presetWorkload } from '../lab/workloads/presets.ts';
import { parseWorkload, type Workload, WorkloadError } from '../lab/workloads/workload.ts';

interface LoadOptions {
  rate?: number;
  arrivals: 'constant' | 'poisson';
  pipeline: number;
  connections: number;
  duration: number;
  warmup: number;
  requests: number;
  workload?: string;
  keys?: number;
  valueBytes?: number;
  ratio?: [number, number];
  seed: number;
  preload: boolean;
  interval: number;
  hlog?: string;
  cpus?: number[];
  serverCpus?: number[];
  json?: boolean;
  workloads?: boolean;
}

/** What a shell reports for a program ended by SIGINT. */
const exitInterrupted = 130;

export function loadCommand(): Command {
  return new Command('load')
    .description('load a server and print throughput, latency percentiles and what the generator itself cost')
    .argument('[target]', `what to load: ${targetForms}`, 'ours')
    .option(
      '--rate <ops>',
      'open loop at this many requests a second in all; closed loop without it',
      number(1, 1e8),
    )
    .addOption(
      new Option('--arrivals <kind>', 'spacing of an open loop')
        .choices(['constant', 'poisson'])
        .default('poisson'),
    )
    .option('--pipeline <n>', 'requests per batch of a closed loop', whole(1, 1024), 1)
    .option('--connections <n>', 'connections', whole(1, 10_000), 50)
    .option('--duration <s>', 'seconds measured', number(0.1, 86_400), 10)
    .option('--warmup <s>', 'longest warm-up in seconds; it ends sooner once steady', number(0, 3600), 5)
    .option('--requests <n>', 'stop after this many requests', whole(1, 1e12), 1e12)
    .option('--workload <name|file>', 'a preset (see --workloads) or a JSON file')
    .option('--ratio <get:set>', 'GET and SET in this proportion, instead of a workload', ratio)
    .option('--keys <n>', 'keys in the key space', whole(1, 2 ** 31 - 1))
    .option('--value-bytes <n>', 'fixed value length', whole(0, 16 * 1024 * 1024))
    .option('--seed <n>', 'same seed, same requests', whole(0, Number.MAX_SAFE_INTEGER), 1)
    .option('--no-preload', 'do not fill the key space first')
    .option('--interval <ms>', 'length of a recorded interval', whole(10, 60_000), 1000)
    .option('--hlog <file>', 'write an HdrHistogram interval log')
    .option('--cpus <list>', 'CPUs of the generator, as in 1 or 2,3', cpuList)
    .option('--server-cpus <list>', 'CPUs of a server started by this command', cpuList)
    .option('--json', 'print the whole result as JSON')
    .option('--workloads', 'list the presets and exit')
    .action(async (spec: string, options: LoadOptions) => {
      process.exitCode = await load(spec, options);
    });
}

/** @returns the exit code: 0, 1 if the run failed, 2 if it was not possible as asked, 130 if stopped before measuring. */
async function load(spec: string, options: LoadOptions): Promise<number> {
  if (options.workloads) {
    for (const name of presetNames) process.stdout.write(`${name.padEnd(14)} ${presetDescription(name)}\n`);
    return 0;
  }
  let running: RunningTarget | undefined;
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  try {
    const workload = workloadOf(options);
    const target = parseTarget(spec);
    const reason = await target.unavailable();
    if (reason !== undefined) throw new TargetError(reason);
    const cpus = defaultCpus(options);
    process.on('SIGINT', interrupt);
    running = await target.start({ cpus: cpus.server });
    const job = jobOf(options, workload, running);
    const result = await runLoad(job, {
      cpus: cpus.generator,
      signal: interrupted.signal,
      onMessage: options.json ? () => {} : showProgress,
    });
    clearProgress();
    if (result.endedBy === 'stopped' && result.counters.answered === 0) {
      process.stderr.write('stopped before anything was measured\n');
      return exitInterrupted;
    }
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ target: running.description, job, result }, null, 2)}\n`
        : formatLoadReport(running.description, job, result),
    );
    return 0;
  } catch (error) {
    clearProgress();
    if (error instanceof TargetError || error instanceof WorkloadError) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    if (error instanceof LoadError) {
      process.stderr.write(`${error.message}\n`);
      return 1;
    }
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
    await running?.stop();
  }
}

function workloadOf(options: LoadOptions): Workload {
  const sizes = {
    ...(options.keys === undefined ? {} : { keys: options.keys }),
    ...(options.valueBytes === undefined ? {} : { valueBytes: options.valueBytes }),
  };
  if (options.ratio) {
    if (options.workload) throw new WorkloadError('give --ratio or --workload, not both');
    return mixWorkload(options.ratio[0], options.ratio[1], sizes);
  }
  const name = options.workload ?? 'get-set';
  if (!name.endsWith('.json')) return presetWorkload(name, sizes);
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(name, 'utf8'));
  } catch (error) {
    throw new WorkloadError(`could not read ${name}: ${(error as Error).message}`);
  }
  const workload = parseWorkload(parsed);
  const changed = {
    ...workload,
    keys: { ...workload.keys, count: options.keys ?? workload.keys.count },
    value:
      options.valueBytes === undefined
        ? workload.value
        : { kind: 'fixed' as const, bytes: options.valueBytes },
  };
  return parseWorkload(changed);
}

function jobOf(options: LoadOptions, workload: Workload, target: RunningTarget): LoadJob {
  return {
    id: `load ${target.description.id}`,
    endpoint: target.endpoint,
    workload,
    seed: options.seed,
    connections: options.connections,
    loop:
      options.rate === undefined
        ? { kind: 'closed', pipeline: options.pipeline }
        : { kind: 'open', rateOpsPerSec: options.rate, arrivals: options.arrivals },
    warmup: { minSec: Math.min(1, options.warmup), maxSec: options.warmup },
    measureSec: options.duration,
    requestsMax: options.requests,
    intervalMs: options.interval,
    preload: options.preload,
    ...(options.hlog === undefined ? {} : { hlogPath: path.resolve(options.hlog) }),
  };
}

/** The last CPU for the generator and the first for the server, where there are two. */
function defaultCpus(options: LoadOptions): { generator: number[]; server: number[] } {
  const count = availableParallelism();
  const apart = count >= 2;
  return {
    generator: options.cpus ?? (apart ? [count - 1] : []),
    server: options.serverCpus ?? (apart ? [0] : []),
  };
}

function showProgress(message: GeneratorMessage): void {
  if (!process.stderr.isTTY) return;
  let text: string | undefined;
  if (message.type === 'phase') text = message.phase;
  else if (message.type === 'preload') text = `preload ${Math.round((100 * message.done) / message.total)} %`;
  else if (message.type === 'interval') {
    text = `warm-up ${Math.round(message.interval.throughputOpsPerSec)} ops/s, p99 ${Math.round(message.interval.p99Us)} us`;
  } else if (message.type === 'progress') {
    text = `measuring ${message.elapsedSec.toFixed(0)} s, ${message.answered} requests`;
  }
  if (text !== undefined) process.stderr.write(`\r\x1b[2K${text}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
}

function number(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`give a number from ${min} to ${max}`);
    return value;
  };
}

function whole(min: number, max: number): (text: string) => number {
  const inRange = number(min, max);
  return (text) => {
    const value = inRange(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError('give a whole number');
    return value;
  };
}

function ratio(text: string): [number, number] {
  const match = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(text);
  const weights: [number, number] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || weights[0] + weights[1] === 0) throw new InvalidArgumentError('give two weights, as in 9:1');
  return weights;
}

function cpuList(text: string): number[] {
  if (!/^\d+(,\d+)*$/.test(text)) throw new InvalidArgumentError('give CPU numbers, as in 1 or 2,3');
  return text.split(',').map(Number);
}
