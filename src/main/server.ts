/** `evenkeel server`: options, the shard on its thread, signals. */
import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Command, Option } from 'commander';
import { FLAGS } from '../flags/registry.ts';
import { describeFlags, selectFlags } from '../flags/selection.ts';
import { evenkeelVersion, gitSha } from './build.ts';
import type { RunningShard, ShardOptions } from './shardProcess.ts';
import type { WorkerReport } from './shardWorker.ts';

/**
 * The worker's heap may take most of the machine's memory: V8's default of 4 GB would end a server without `arena-storage` near 10 million
 * keys. The main thread's is fixed when Node starts (`--threads 0` keeps the default; NODE_OPTIONS=--max-old-space-size changes it).
 * `maxmemory` is the limit meant for operators.
 */
const HEAP_LIMIT_MB = Math.floor((totalmem() * 0.8) / (1024 * 1024));

interface ServerOptions {
  port?: string;
  host?: string;
  flags: string;
  shards: string;
  threads: string;
  config?: string;
}

export function serverCommand(): Command {
  return new Command('server')
    .description('run the Redis-compatible server')
    .option('--port <n>', 'TCP port (default 6379)')
    .option(
      '--host <address>',
      'address to listen on; several as one quoted, space-separated word (default all; protected mode lets only this machine in until a password is set)',
    )
    .addOption(
      new Option('--flags <set>', 'optimisations: none, all, default, +name,-name or a list').default(
        'default',
      ),
    )
    .addOption(new Option('--shards <n>', 'shards; this version runs one').default('1'))
    .addOption(
      new Option(
        '--threads <n>',
        '1: the shard has a thread of its own; 0: it shares the main thread',
      ).default('1'),
    )
    .option('--config <file>', 'configuration file in the syntax of redis.conf')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      '\nEvery parameter of redis.conf is an option as well: --maxmemory 100mb --requirepass secret ...',
    )
    .action(async (options: ServerOptions, command: Command) => {
      process.exitCode = await runServer(options, command.args);
    });
}

/** One line on standard error and the exit code for it. */
function refuse(message: string): number {
  process.stderr.write(`evenkeel: ${message}\n`);
  return 1;
}

async function runServer(options: ServerOptions, rest: string[]): Promise<number> {
  const startedMs = performance.now();
  let shardOptions: ShardOptions;
  try {
    shardOptions = resolveOptions(options, rest);
  } catch (error) {
    return refuse((error as Error).message);
  }
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  // More than once: supervisors signal the process and then its group, and the second must not cut the drain short.
  process.on('SIGTERM', stop);
  process.once('SIGINT', stop);
  let shard: RunningShard;
  try {
    shard =
      options.threads === '0' ? await startHere(shardOptions, stop) : await startWorker(shardOptions, stop);
  } catch (error) {
    return refuse((error as Error).message);
  }
  const where = shard.listeners
    .map(({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`)
    .join(', ');
  const flags = describeFlags(new Set(shard.flags));
  process.stdout.write(
    `Ready to accept connections on ${where} (flags: ${flags}; pid ${process.pid}; ${Math.round(performance.now() - startedMs)} ms)\n`,
  );
  await stopped;
  await shard.drain();
  return 0;
}

function resolveOptions(options: ServerOptions, rest: string[]): ShardOptions {
  const selected = selectFlags(options.flags);
  if (options.shards !== '1')
    throw new Error(`--shards ${options.shards}: this version runs one shard; use --shards 1`);
  if (options.threads !== '0' && options.threads !== '1')
    throw new Error(`--threads ${options.threads}: use 0 (main thread) or 1 (a thread of its own)`);
  const configurationArguments: string[] = [];
  if (options.port !== undefined) configurationArguments.push('--port', options.port);
  if (options.host !== undefined) configurationArguments.push('--bind', ...options.host.split(' '));
  return {
    flags: FLAGS.map((flag) => flag.name).filter((name) => selected.has(name)),
    // What commander did not know comes first, so that a stray word is not taken for a value of --port.
    configurationArguments: [...rest, ...configurationArguments],
    configurationFile: options.config === undefined ? undefined : readConfiguration(options.config),
    version: evenkeelVersion(),
    gitSha: gitSha(),
  };
}

function readConfiguration(path: string): { path: string; text: string } {
  try {
    return { path, text: readFileSync(path, 'latin1') };
  } catch (error) {
    throw new Error(
      `--config ${path}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (error as Error).message}`,
    );
  }
}

async function startHere(options: ShardOptions, stop: () => void): Promise<RunningShard> {
  const { startShard } = await import('./shardProcess.ts');
  return startShard(options, stop);
}

function startWorker(options: ShardOptions, stop: () => void): Promise<RunningShard> {
  const worker = new Worker(new URL('./shardWorker.ts', import.meta.url), {
    workerData: options,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
  });
  return new Promise((resolve, reject) => {
    let drained: () => void = () => {};
    worker.on('message', (report: WorkerReport) => {
      if (report.kind === 'failed') reject(new Error(report.message));
      else if (report.kind === 'shutdown') stop();
      else if (report.kind === 'drained') drained();
      else {
        resolve({
          listeners: report.listeners,
          flags: report.flags,
          drain: () =>
            new Promise<void>((done) => {
              drained = done;
              worker.postMessage('drain');
            }),
        });
      }
    });
    // Half a server is no server: if the shard's thread dies, the process goes with it and says why.
    worker.on('error', (error) => {
      reject(error);
      process.stderr.write(`evenkeel: the shard's thread died: ${error.stack ?? error.message}\n`);
      process.exit(70);
    });
  });
}
