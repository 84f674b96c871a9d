/** `evenkeel server`: options, the shard on its thread, signals. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { FLAGS } from '../flags/registry.ts';
import { describeFlags, selectFlags } from '../flags/selection.ts';
import { evenkeelVersion, gitSha } from './build.ts';
import type { RunningControlPlane } from './controlPlane.ts';
import { resolvePeers } from './replication.ts';
import type { RunningShard, ShardOptions } from './shardProcess.ts';
import { startWorkers } from './shardWorkers.ts';

/** Every two shards have a channel of their own: 2,016 of them with 64. */
const SHARDS_MAX = 64;

interface ServerOptions {
  port?: string;
  host?: string;
  flags: string;
  shards: string;
  threads: string;
  config?: string;
  httpPort: string;
  httpHost: string;
  peers?: string;
  peerPort?: string;
  peerHost?: string;
  peersSecret?: string;
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
    .addOption(
      new Option(
        '--shards <n>',
        `1 to ${SHARDS_MAX}: threads that share the keys and the connections among them`,
      ).default('1'),
    )
    .addOption(
      new Option(
        '--threads <n>',
        '1: each shard has a thread of its own; 0: the only shard shares the main thread',
      ).default('1'),
    )
    .option(
      '--http-port <n>',
      'metrics, live page and commands over HTTP; 0 turns them off, and with them all recording',
      '9121',
    )
    .option('--http-host <address>', 'address for it', '127.0.0.1')
    .option('--peers <list>', 'nodes to replicate with, all of them taking writes: host:port,host:port,...')
    .option('--peer-port <n>', 'TCP port on which peers dial this node')
    .option('--peer-host <address>', 'address for it (default 127.0.0.1)')
    .option(
      '--peers-secret <text>',
      'shared by all nodes; better in EVENKEEL_PEERS_SECRET, as others may see a command line',
    )
    .option('--config <file>', 'configuration file in the syntax of redis.conf')
    .allowUnknownOption()
    .allowExcessArguments()
    .addHelpText(
      'after',
      '\nEvery parameter of redis.conf is an option as well: --maxmemory 100mb --requirepass secret ...',
    )
    .action(async (options: ServerOptions, command: Command) => {
      process.exitCode = await runServer(
        options,
        command.args,
        (option) => command.getOptionValueSource(option) === 'cli',
      );
    });
}

/** One line on standard error and the exit code for it. */
function refuse(message: string): number {
  process.stderr.write(`evenkeel: ${message}\n`);
  return 1;
}

async function runServer(
  options: ServerOptions,
  rest: string[],
  isAsked: (option: keyof ServerOptions) => boolean,
): Promise<number> {
  const startedMs = performance.now();
  let shardOptions: ShardOptions;
  let httpPort: number;
  try {
    shardOptions = resolveOptions(options, rest);
    httpPort = httpPortOf(options);
  } catch (error) {
    return refuse((error as Error).message);
  }
  // Loaded while the shards start.
  const controlPlaneModule = httpPort === 0 ? undefined : import('./controlPlane.ts');
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  // More than once: supervisors signal the process and then its group, and the second must not cut the drain short.
  process.on('SIGTERM', stop);
  process.once('SIGINT', stop);
  // A script that goes on and on keeps its shard's thread from every request: its end is asked for here.
  process.on('SIGUSR2', () => void Atomics.add(shardOptions.scriptKills, 0, 1));
  let shard: RunningShard;
  try {
    shard =
      options.threads === '0' ? await startHere(shardOptions, stop) : await startWorkers(shardOptions, stop);
  } catch (error) {
    return refuse((error as Error).message);
  }
  let controlPlane: RunningControlPlane | undefined;
  try {
    const dataPort = shard.listeners.find(({ kind }) => kind === 'tcp');
    if (dataPort === undefined && controlPlaneModule !== undefined) throw new NoPlainPortError();
    controlPlane = await (await controlPlaneModule)?.startControlPlane(shard.watched, {
      host: options.httpHost,
      port: httpPort,
      dataPort: dataPort!,
      version: shardOptions.version,
      gitSha: shardOptions.gitSha,
      flags: shard.flags,
      startedMs: performance.timeOrigin,
      capture: (order) => shard.capture(order),
    });
  } catch (error) {
    const reason = httpFailure(error as NodeJS.ErrnoException, options.httpHost, httpPort);
    if (isAsked('httpPort')) {
      await shard.drain();
      return refuse(reason);
    }
    process.stderr.write(`evenkeel: no metrics and no live page: ${reason}\n`);
  }
  const where = shard.listeners.map(placeOf).join(', ');
  const flags = describeFlags(new Set(shard.flags));
  const shards = shardOptions.shards === 1 ? '' : `shards: ${shardOptions.shards}; `;
  process.stdout.write(
    `Ready to accept connections on ${where} (${shards}flags: ${flags}; pid ${process.pid}; ${Math.round(performance.now() - startedMs)} ms)\n`,
  );
  if (controlPlane !== undefined)
    process.stdout.write(`Metrics, live page and commands over HTTP at ${controlPlane.url}\n`);
  await stopped;
  await Promise.all([shard.drain(), controlPlane?.close()]);
  return 0;
}

/** The control plane is a client of the plain port. */
class NoPlainPortError extends Error {
  readonly code = 'NO_PLAIN_PORT';
}

function placeOf({ address, kind, port }: RunningShard['listeners'][number]): string {
  if (kind === 'unix') return address;
  return `${address.includes(':') ? `[${address}]` : address}:${port}${kind === 'tls' ? ' (TLS)' : ''}`;
}

function httpPortOf({ httpPort }: ServerOptions): number {
  const port = /^\d{1,5}$/.test(httpPort) ? Number(httpPort) : -1;
  if (port < 0 || port > 65_535)
    throw new Error(`--http-port ${httpPort}: use a port from 1 to 65535, or 0 for none`);
  return port;
}

function httpFailure({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'NO_PLAIN_PORT') return 'they need the plain --port, which is 0; use --http-port 0';
  if (code === 'EADDRINUSE')
    return `port ${port} on ${host} is already in use; choose another with --http-port, or 0 for none`;
  if (code === 'EACCES')
    return `no permission to listen on ${host}:${port}; choose a port above 1024 with --http-port`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is not an address of this machine; use --http-host 127.0.0.1 or one of its own addresses`;
  return `cannot listen on ${host}:${port}: ${message}`;
}

function resolveOptions(options: ServerOptions, rest: string[]): ShardOptions {
  const selected = selectFlags(options.flags);
  const shards = shardCount(options.shards);
  if (options.threads !== '0' && options.threads !== '1')
    throw new Error(`--threads ${options.threads}: use 0 (main thread) or 1 (a thread of its own)`);
  if (options.threads === '0' && shards > 1)
    throw new Error(`--threads 0 has room for one shard; use --threads 1 with --shards ${shards}`);
  const replication = resolvePeers(options);
  if (replication !== undefined && shards > 1)
    throw new Error('--peers: a node with peers has one shard in this version; use --shards 1');
  const configurationArguments: string[] = [];
  if (options.port !== undefined) configurationArguments.push('--port', options.port);
  if (options.host !== undefined) configurationArguments.push('--bind', ...options.host.split(' '));
  return {
    flags: FLAGS.map((flag) => flag.name).filter((name) => selected.has(name)),
    // What commander did not know comes first, so that a stray word is not taken for a value of --port.
    configurationArguments: [...rest, ...configurationArguments],
    configurationFile: options.config === undefined ? undefined : readConfiguration(options.config),
    shards,
    runId: randomBytes(20).toString('hex'),
    replication,
    version: evenkeelVersion(),
    gitSha: gitSha(),
    scriptKills: new Int32Array(new SharedArrayBuffer(4)),
    isWatched: options.httpPort !== '0',
  };
}

function shardCount(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > SHARDS_MAX)
    throw new Error(`--shards ${text}: use a number from 1 to ${SHARDS_MAX}, at most one for each core`);
  return count;
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
