/** The targets that are processes of this machine: Evenkeel, a redis-server binary, the null responder, a docker container. */
import { execFile, spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { canPin, guard, OwnedProcess } from './childProcess.ts';
import { Observers } from './observers.ts';
import { freePort, TargetError, whenReady } from './runningServer.ts';
import type { RunningTarget, Target, TargetStartOptions } from './target.ts';

const host = '127.0.0.1';
const sourceRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const evenkeelProgram = path.join(sourceRoot, 'main/evenkeel.ts');
const nullProgram = path.join(sourceRoot, 'main/nullResponder.ts');
/**
 * The laboratory's own words in a query: the server's instruments are on; they are, and somebody scrapes them and has its live page open. Without
 * them a server is measured as Redis is, which has none: what they cost is a question of its own (`observer-effect`).
 */
const instrumented = 'instruments=1';
const observed = 'observers=1';
const dockerImage = 'redis:7.4';
/** Nothing is kept on disk, and nothing is loaded that somebody else has left in this folder. */
const withoutPersistence = [
  '--save',
  '',
  '--appendonly',
  'no',
  '--dbfilename',
  'no-data-of-the-laboratory.rdb',
];

async function startProcess(
  commandFor: (port: number) => string[],
  options: TargetStartOptions,
  describe: Parameters<typeof whenReady>[1],
): Promise<RunningTarget> {
  const port = options.port || (await freePort());
  const cpus = options.cpus ?? [];
  const started = await OwnedProcess.start(commandFor(port), { cpus });
  return whenReady(
    {
      endpoint: { host, port },
      pids: [started.pid],
      command: started.command,
      pinnedCpus: canPin() ? cpus : [],
      output: () => started.output,
      exitText: () => started.exitText,
      stop: () => started.stop(),
    },
    describe,
    options.readyTimeoutMs,
  );
}

function redisLabel(info: Map<string, string>): string {
  return `Redis ${info.get('redis_version') ?? '(INFO names no version)'}`;
}

/** Version fields of a description, as INFO has them. */
export function versionsOf(info: Map<string, string>): {
  redisVersion?: string;
  evenkeelVersion?: string;
  flags?: string[];
  flagsRefused?: string[];
} {
  const redisVersion = info.get('redis_version');
  const evenkeelVersion = info.get('evenkeel_version');
  const flags = info.get('evenkeel_flags');
  const refused = (info.get('evenkeel_flags_refused') ?? '').split(',').filter((flag) => flag !== '');
  return {
    ...(redisVersion === undefined ? {} : { redisVersion }),
    ...(evenkeelVersion === undefined ? {} : { evenkeelVersion }),
    ...(flags === undefined ? {} : { flags: flags.split(',').filter((flag) => flag !== '') }),
    ...(refused.length === 0 ? {} : { flagsRefused: refused }),
  };
}

/**
 * Our own server with a flag set: `flags` as `--flags` takes it (`all`, `none`, `+fast-path,-arena-storage`), or its default. `query` is more of
 * its command line: `shards=2&threads=1` is `--shards 2 --threads 1`.
 */
export class EvenkeelTarget implements Target {
  readonly kind = 'evenkeel';
  readonly id: string;
  readonly spec: string;
  readonly #flags: string | undefined;
  readonly #query: string;

  constructor(flags?: string, query = '') {
    this.#flags = flags;
    this.#query = query;
    this.spec = flags === undefined ? 'ours' : `ours:${flags}${query === '' ? '' : `?${query}`}`;
    this.id = flags === undefined ? 'ours' : this.spec.slice('ours:'.length);
  }

  async unavailable(): Promise<string | undefined> {
    return undefined;
  }

  async start(options: TargetStartOptions = {}): Promise<RunningTarget> {
    const words = this.#query.split('&');
    const isObserved = words.includes(observed);
    const httpPort = isObserved || words.includes(instrumented) ? await freePort() : 0;
    const flagArguments = this.#flags === undefined ? [] : [`--flags=${this.#flags}`];
    const running = await startProcess(
      (port) => [
        process.execPath,
        evenkeelProgram,
        'server',
        '--port',
        String(port),
        '--http-port',
        String(httpPort),
        ...flagArguments,
        ...withoutPersistence,
        ...this.#arguments(),
        ...(options.extraArguments ?? []),
      ],
      options,
      (info) => ({ id: this.id, kind: this.kind, label: this.#label(), ...versionsOf(info) }),
    );
    if (!isObserved) return running;
    const observers = await Observers.open(`http://${host}:${httpPort}`);
    const stop = running.stop.bind(running);
    running.stop = async () => {
      try {
        observers.stop();
      } finally {
        await stop();
      }
    };
    return running;
  }

  #arguments(): string[] {
    if (this.#query === '') return [];
    const settings = this.#query.split('&').filter((pair) => pair !== observed && pair !== instrumented);
    return settings.flatMap((pair) => {
      const [name, value] = pair.split('=') as [string, string];
      return [`--${name}`, value];
    });
  }

  #label(): string {
    const flags = this.#flags;
    if (flags === undefined) return 'Evenkeel';
    const set = flags === 'all' ? 'all flags' : flags === 'none' ? 'no flags' : flags;
    const settings = this.#query === '' ? [] : this.#query.split('&').map((pair) => pair.replace('=', ' '));
    return `Evenkeel (${[set, ...settings].join('; ')})`;
  }
}

/** A redis-server binary: the given path, else $REDIS_SERVER, else the first on PATH. */
export class RedisTarget implements Target {
  readonly kind = 'redis';
  readonly id: string;
  readonly spec: string;
  readonly #path: string | undefined;

  constructor(binaryPath?: string) {
    this.#path = binaryPath;
    this.spec = binaryPath === undefined ? 'redis' : `redis:${binaryPath}`;
    this.id = this.spec;
  }

  async unavailable(): Promise<string | undefined> {
    return this.#find() === undefined
      ? 'no redis-server here: install one, or set REDIS_SERVER to the path of a redis-server binary'
      : undefined;
  }

  async start(options: TargetStartOptions = {}): Promise<RunningTarget> {
    const binary = this.#find();
    if (binary === undefined) throw new TargetError((await this.unavailable())!);
    return startProcess(
      (port) => [
        binary,
        ...['--port', String(port), '--bind', host],
        ...withoutPersistence,
        ...(options.extraArguments ?? []),
      ],
      options,
      (info) => ({ id: this.id, kind: this.kind, label: redisLabel(info), ...versionsOf(info) }),
    );
  }

  #find(): string | undefined {
    const named = this.#path ?? process.env['REDIS_SERVER'];
    if (named !== undefined && named !== '') return isExecutable(named) ? named : undefined;
    return (process.env['PATH'] ?? '')
      .split(path.delimiter)
      .map((folder) => path.join(folder, 'redis-server'))
      .find(isExecutable);
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Answers everything, stores nothing: the generator's ceiling and the floor of latency. */
export class NullTarget implements Target {
  readonly kind = 'null';
  readonly id = 'null';
  readonly spec = 'null';

  async unavailable(): Promise<string | undefined> {
    return undefined;
  }

  start(options: TargetStartOptions = {}): Promise<RunningTarget> {
    return startProcess(
      (port) => [process.execPath, nullProgram, '--port', String(port), ...(options.extraArguments ?? [])],
      options,
      () => ({ id: this.id, kind: this.kind, label: 'Null responder' }),
    );
  }
}

/** The official image, on the host's network: a published port would measure docker's forwarding too. */
export class DockerTarget implements Target {
  readonly kind = 'redis';
  readonly id = 'docker';
  readonly spec = 'docker';

  async unavailable(): Promise<string | undefined> {
    const asked = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 5000 });
    if (asked.error) return 'docker is not installed here, or does not answer';
    return asked.status === 0
      ? undefined
      : 'no docker daemon answers here: start one, or use a redis-server binary (target redis)';
  }

  async start(options: TargetStartOptions = {}): Promise<RunningTarget> {
    const reason = await this.unavailable();
    if (reason !== undefined) throw new TargetError(reason);
    const port = options.port || (await freePort());
    const cpus = options.cpus ?? [];
    const command = [
      ...['docker', 'run', '--detach', '--rm', '--network', 'host'],
      ...(cpus.length > 0 ? ['--cpuset-cpus', cpus.join(',')] : []),
      ...[dockerImage, 'redis-server', '--port', String(port), '--bind', host],
      ...withoutPersistence,
      ...(options.extraArguments ?? []),
    ];
    const container = (await run(command)).trim();
    const guardian = guard(`docker stop -t 1 ${container}`, `docker kill ${container}`);
    let stopped = false;
    const stop = async (): Promise<void> => {
      if (stopped) return;
      stopped = true;
      await run(['docker', 'stop', '-t', '5', container]).catch(() => '');
      guardian.release();
    };
    return whenReady(
      {
        endpoint: { host, port },
        pids: await localPids(container),
        command,
        pinnedCpus: cpus,
        output: () => '',
        exitText: () => undefined,
        stop,
      },
      (info) => ({
        id: this.id,
        kind: this.kind,
        label: `${redisLabel(info)} (docker ${dockerImage})`,
        ...versionsOf(info),
      }),
      options.readyTimeoutMs,
    );
  }
}

function run(command: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command[0]!, command.slice(1), { timeout: 120_000 }, (error, stdout, stderr) => {
      if (error)
        reject(new TargetError(`${command.slice(0, 2).join(' ')} failed: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
  });
}

/** The container's process, if the daemon runs on this machine and the pid is truly a redis-server's. */
async function localPids(container: string): Promise<number[]> {
  const pid = Number(
    await run(['docker', 'inspect', '--format', '{{.State.Pid}}', container]).catch(() => '0'),
  );
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('redis') ? [pid] : [];
  } catch {
    return [];
  }
}
