/**
 * What system tests need of the machine: the Redis tools, and servers of both kinds started on free ports and ended by pid.
 *
 * A suite that needs a tool which is missing is skipped under a name that ends in `[needs <tool>]`; the closing line of
 * `make test` reads the reason from there.
 */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 20;

/** REDIS_SERVER names a binary; redis-cli and redis-benchmark are looked for beside it first, then on PATH. */
export function findTool(name: 'redis-server' | 'redis-cli' | 'redis-benchmark'): string | undefined {
  const named = process.env.REDIS_SERVER;
  const candidates = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  if (named !== undefined && named !== '')
    candidates.unshift(name === 'redis-server' ? named : join(named, '..', name));
  return candidates.find(isExecutable);
}

/** `v=7.4.1` of `redis-server --version`. */
export function toolVersion(path: string): string | undefined {
  return /v=(\d+\.\d+\.\d+)/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }))?.[1];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The name a suite carries: with the reason appended when the tool is missing. */
export const needing = (name: string, tool: string, path: string | undefined): string =>
  path === undefined ? `${name} [needs ${tool}]` : name;

export const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));

/** Polls until `condition` holds; throws with `what` when it does not within the time. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await pause(POLL_MS);
  }
}

/** A port nobody listens on now. PORT_RANGE=first-last confines the choice. */
export async function freePort(): Promise<number> {
  const range = /^(\d+)-(\d+)$/.exec(process.env.PORT_RANGE ?? '');
  if (range === null) return listenOnce(0);
  const [first, last] = [Number(range[1]), Number(range[2])];
  for (let attempt = 0; attempt < 1000; attempt++) {
    const port = first + Math.floor(Math.random() * (last - first + 1));
    const free = await listenOnce(port).catch(() => undefined);
    if (free !== undefined) return free;
  }
  throw new Error(`no free port in ${range[0]}`);
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      const bound = (probe.address() as net.AddressInfo).port;
      probe.close(() => resolve(bound));
    });
  });
}

/** A server under test, ours or Redis's. */
export class RunningServer {
  readonly port: number;
  readonly process: ChildProcess;
  stdout = '';
  stderr = '';
  /** Set when the process has ended. */
  ended: { code: number | null; signal: NodeJS.Signals | null } | undefined;

  constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.process = child;
    child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString('latin1');
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString('latin1');
    });
    // 'close' comes after the streams are read to their end.
    child.once('close', (code, signal) => {
      this.ended = { code, signal };
    });
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** SIGTERM, then SIGKILL if it does not go. */
  async stop(): Promise<void> {
    if (this.ended !== undefined) return;
    this.process.kill('SIGTERM');
    await eventually('the server ends', () => this.ended !== undefined, STOP_TIMEOUT_MS).catch(() =>
      this.process.kill('SIGKILL'),
    );
    await eventually('the killed server ends', () => this.ended !== undefined, STOP_TIMEOUT_MS);
  }
}

export interface EvenkeelOptions {
  flags?: string;
  threads?: 0 | 1;
  shards?: number;
  /** Further arguments, `--requirepass secret` and the like. */
  arguments?: string[];
  /** Taken as it is; by default a free one on 127.0.0.1. */
  port?: number;
  host?: string;
  /** Command line of Node itself. */
  nodeArguments?: string[];
  /** Beyond the environment of the test. */
  environment?: Record<string, string>;
  /** What `ulimit -n` says to the process. */
  descriptorsMax?: number;
}

/** Starts the program without waiting for anything. A server keeps nothing on disk unless its arguments or its file say otherwise. */
export function spawnEvenkeel(
  args: string[],
  { nodeArguments = [], environment = {}, descriptorsMax }: EvenkeelOptions = {},
): ChildProcess {
  const keepsNothing = args[0] === 'server' && !args.includes('--save') && !args.includes('--config');
  const words = keepsNothing ? ['server', '--save', '', ...args.slice(1)] : args;
  const command = [process.execPath, ...nodeArguments, join(ROOT, 'src/main/evenkeel.ts'), ...words];
  if (descriptorsMax !== undefined)
    command.unshift('sh', '-c', `ulimit -n ${descriptorsMax} && exec "$0" "$@"`);
  const options = {
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
  };
  if (args[0] === 'server') return spawnInFolder(command, options);
  return spawn(command[0]!, command.slice(1), { ...options, cwd: ROOT });
}

/** In a folder of its own that goes with the process: what one server saves, no other loads. */
function spawnInFolder(command: readonly string[], options: SpawnOptions): ChildProcess {
  const cwd = mkdtempSync(join(tmpdir(), 'evenkeel-server-'));
  const child = spawn(command[0]!, command.slice(1), { ...options, cwd });
  child.once('close', () => rmSync(cwd, { recursive: true, force: true }));
  return child;
}

export async function startEvenkeel(options: EvenkeelOptions = {}): Promise<RunningServer> {
  const port = options.port ?? (await freePort());
  const args = ['server', '--port', String(port), '--host', options.host ?? '127.0.0.1', '--http-port', '0'];
  args.push('--flags', options.flags ?? 'default', '--threads', String(options.threads ?? 1));
  if (options.shards !== undefined) args.push('--shards', String(options.shards));
  const child = spawnEvenkeel([...args, ...(options.arguments ?? [])], options);
  return ready(new RunningServer(port, child));
}

/** One that need not listen on a plain port: answers once it says that it is ready. @param args of its command line. */
export async function startUntilReady(args: string[]): Promise<RunningServer> {
  const server = new RunningServer(0, spawnEvenkeel(['server', '--http-port', '0', ...args]));
  try {
    await eventually(
      'the server is ready',
      () => server.stdout.includes('Ready to accept') || server.ended !== undefined,
      START_TIMEOUT_MS,
    );
    if (server.ended !== undefined) throw new Error(`the server ended at once: ${server.stderr}`);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/** A server with its control plane on a port of its own, which answers. @param more of its command line. */
export async function startObservedEvenkeel(
  ...more: string[]
): Promise<{ server: RunningServer; url: string; port: number }> {
  const [port, httpPort] = [await freePort(), await freePort()];
  const args = ['server', '--port', String(port), '--host', '127.0.0.1', '--http-port', String(httpPort)];
  const server = new RunningServer(port, spawnEvenkeel([...args, ...more]));
  const url = `http://127.0.0.1:${httpPort}`;
  await eventually(
    'the address is printed',
    () => server.stdout.includes(`HTTP at ${url}\n`),
    START_TIMEOUT_MS,
  );
  return { server, url, port };
}

/** Redis with nothing kept on disk, DEBUG allowed, quiet. @param config path of a configuration file, if it is to have one. */
export async function startRedis(
  path: string,
  args: readonly string[] = [],
  config?: string,
): Promise<RunningServer> {
  const port = await freePort();
  const child = spawnInFolder(
    [
      path,
      ...(config === undefined ? [] : [config]),
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ].concat(['--enable-debug-command', 'yes', '--loglevel', 'warning', '--daemonize', 'no'], args),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return ready(new RunningServer(port, child));
}

/** Answers once PING is answered, be it by an error that asks for a password. */
async function ready(server: RunningServer): Promise<RunningServer> {
  try {
    await eventually(
      `port ${server.port} answers`,
      async () => {
        if (server.ended !== undefined)
          throw new Error(`the server ended at once: ${server.stderr}${server.stdout}`);
        return await answersPing(server.port);
      },
      START_TIMEOUT_MS,
    );
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

export function answersPing(port: number, host = '127.0.0.1', timeoutMs = 2000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    const done = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(timeoutMs, () => done(false));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (bytes) => done(/^(\+PONG|-NOAUTH)/.test(bytes.toString('latin1'))));
  });
}
