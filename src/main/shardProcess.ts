/**
 * One shard running on the current thread: real ports, chosen variants, a listening socket, a clock that ticks. Used by the main
 * thread (`--threads 0`) and by the worker (`--threads 1`) alike.
 */
import { statSync } from 'node:fs';
import type { LogLevel } from '../ports/log.ts';
import { NoProbe } from '../ports/probe.ts';
import { ConsoleLog } from '../ports/real/consoleLog.ts';
import { LuaPackage } from '../ports/real/luaPackage.ts';
import { NodeFiles } from '../ports/real/nodeFiles.ts';
import { NodeProcess } from '../ports/real/nodeProcess.ts';
import { SystemClock } from '../ports/real/systemClock.ts';
import { SystemRng } from '../ports/real/systemRng.ts';
import type { Timer, Timers } from '../ports/timers.ts';
import { Configuration } from '../server/configuration/configuration.ts';
import type { ShardPlacement } from '../server/routing/placement.ts';
import { ShardPosition } from '../server/routing/slots.ts';
import { Shard } from '../server/shard.ts';
import { dealConnections, loadAffinity } from './affinity.ts';
import { listenAsPlaced, type OpenListener, StartError } from './listeners.ts';
import { loadMailbox } from './mailboxes.ts';
import { ThreadObservation, type WatchedThread } from './observation.ts';
import { createReplication, listenForPeers, type ReplicationOptions } from './replication.ts';
import type { ShardPlace } from './shardWorker.ts';
import type { Capture, CaptureOrder } from './threadProfiler.ts';
import { loadTransport } from './transport.ts';
import { loadVariants } from './variants.ts';

/** Everything a shard is started with; plain data, so that it can cross to a worker. */
export interface ShardOptions {
  /** Names of the flags switched on, in registry order. */
  flags: string[];
  /** `--name value ...` for the configuration, after the file. */
  configurationArguments: string[];
  /** Text and path of the configuration file, if there is one. */
  configurationFile: { path: string; text: string } | undefined;
  /** How many shards the server has, this one included. */
  shards: number;
  /** Undefined without peers. */
  replication: ReplicationOptions | undefined;
  /** Of the server: 40 hexadecimal digits, new at every start. */
  runId: string;
  version: string;
  gitSha: string;
  /** One counter, in memory that all threads share: kills of long scripts that were asked for. */
  scriptKills: Int32Array;
  /** Whether somebody reads what a probe records. */
  isWatched: boolean;
}

export interface RunningShard {
  readonly listeners: readonly Pick<OpenListener, 'address' | 'port' | 'kind'>[];
  /** Names of the flags in effect: those asked for, but for what the machine refused. */
  readonly flags: readonly string[];
  /** Of each shard; empty if nobody watches. */
  readonly watched: readonly WatchedThread[];
  /** Profiles of the threads of all shards, by shard. */
  capture(order: CaptureOrder): Promise<Capture[]>;
  /** Stops accepting, lets written replies drain, resolves when all connections are gone or the grace is over. */
  drain(): Promise<void>;
}

/** One shard's own end of it. */
export interface ShardOnThread extends RunningShard {
  /** After the drain of all shards: no more mail. */
  close(): void;
}

/** Ten times a second, as Redis's `hz 10`. */
const TICK_MS = 100;
/** Between two slices of work while there is much of it. */
const SLICE_PAUSE_MS = 1;
const DRAIN_GRACE_MS = 1000;
const DRAIN_POLL_MS = 10;

/** The configuration as file and command line make it, or a StartError. */
export function buildConfiguration(options: ShardOptions): Configuration {
  const configuration = new Configuration({ directory: process.cwd(), checkDirectory });
  const file = options.configurationFile;
  const failure =
    (file && configuration.load(file.text, file.path)) ??
    configuration.loadOptions(options.configurationArguments);
  if (failure !== undefined) throw new StartError(failure);
  return configuration;
}

function checkDirectory(path: string): { text: string } | { error: string } {
  try {
    const absolute = new NodeFiles().resolve(path);
    return statSync(absolute).isDirectory() ? { text: absolute } : { error: 'Not a directory' };
  } catch {
    return { error: 'No such file or directory' };
  }
}

export async function startShard(
  options: ShardOptions,
  onShutdown: () => void,
  place?: ShardPlace,
): Promise<ShardOnThread> {
  const placement = place && (await placementOf(place, options.shards));
  const configuration = buildConfiguration(options);
  const clock = new SystemClock();
  const log = new ConsoleLog(logLevel(configuration.text('loglevel')));
  const refused = new Set<string>();
  const transport = await loadTransport(new Set(options.flags), (flag, reason) => {
    refused.add(flag);
    process.stderr.write(`evenkeel: ${flag} is not available here (${reason}); using Node's sockets\n`);
  });
  const affinity = await loadAffinity(new Set(options.flags), place, (flag, reason) => {
    refused.add(flag);
    process.stderr.write(
      `evenkeel: ${flag} is not available here (${reason}); the kernel spreads connections\n`,
    );
  });
  const rng = new SystemRng();
  const { replication: peerOptions } = options;
  if (peerOptions !== undefined && options.flags.includes('hincrby-direct')) {
    // What it executes in place is no command, and replication learns from commands what was added to.
    refused.add('hincrby-direct');
    log.write('notice', 'hincrby-direct has no effect on a node with peers');
  }
  const sleepCell = new Int32Array(new SharedArrayBuffer(4));
  const flags = options.flags.filter((flag) => !refused.has(flag));
  const replication = peerOptions && (await createReplication(peerOptions, new Set(flags), clock, rng));
  const observation = options.isWatched
    ? new ThreadObservation(clock, transport.timers, transport.multiplexing === 'io_uring')
    : undefined;
  const shard = new Shard(
    {
      clock,
      rng,
      log,
      files: new NodeFiles(),
      process: new NodeProcess(),
      luaBinary: new LuaPackage(),
      createProbe: observation?.createProbe ?? (() => new NoProbe()),
      sleepBlocking: (durationMs) => void Atomics.wait(sleepCell, 0, 0, durationMs),
      shutdown: onShutdown,
      killsAsked: () => Atomics.load(options.scriptKills, 0),
      abort: (reason) => {
        process.stderr.write(`evenkeel: ${reason}\n`);
        process.exit(1);
      },
    },
    { ...(await loadVariants(new Set(flags), placement)), observer: replication },
    configuration,
    {
      version: options.version,
      gitSha: options.gitSha,
      runId: options.runId,
      startedMs: clock.nowMs(),
      port: configuration.number('port'),
      executable: process.execPath,
      configFile: options.configurationFile?.path ?? '',
      flags,
      flagsRefused: [...refused],
      multiplexing: transport.multiplexing,
    },
    placement,
  );
  const userProblem = shard.loadUsers();
  if (userProblem !== undefined) {
    placement?.mailbox.close();
    throw new StartError(userProblem);
  }
  loadData(shard, placement);
  const listeners = await listenAsPlaced(shard, configuration, transport.net, log, place).catch(
    (error: unknown) => {
      // Open mailboxes would keep the thread of a shard that cannot start.
      placement?.mailbox.close();
      throw error;
    },
  );
  if (affinity !== undefined)
    dealConnections(
      affinity,
      listeners.filter(({ kind }) => kind === 'tcp'),
      options.shards,
      log,
    );
  const peers =
    replication &&
    peerOptions &&
    (await listenForPeers(replication, peerOptions, { clock, rng, log, timers: transport.timers }).catch(
      (error: unknown) => {
        for (const listener of listeners) listener.close();
        throw error;
      },
    ));
  const schedule = startSchedule(shard, transport.timers);
  return {
    listeners,
    flags,
    watched: observation
      ? [observation.source(shard.server.commands.entries.map(({ fullName }) => fullName))]
      : [],
    capture: async (order) => [await (await import('./threadProfiler.ts')).capture(order)],
    async drain() {
      await drain(shard, listeners, schedule);
      // A SHUTDOWN has saved already, or was told not to.
      if (!shard.server.isShuttingDown)
        shard.server.persistence.saveAtEnd(shard.server.persistence.hasSavePoints);
      await shard.server.persistence.close();
      peers?.stop();
      observation?.stop();
    },
    close: () => placement?.mailbox.close(),
  };
}

/** Before anybody may connect: what the last process left on disk. */
function loadData({ server }: Shard, placement: ShardPlacement | undefined): void {
  try {
    server.persistence.start();
  } catch (problem) {
    placement?.mailbox.close();
    throw new StartError(`cannot load ${(problem as Error).message}`);
  }
}

const placementOf = async (
  { index, links, connectionCount }: ShardPlace,
  count: number,
): Promise<ShardPlacement> => ({
  position: new ShardPosition(index, count),
  mailbox: await loadMailbox(index, links),
  connectionCount,
});

interface Schedule {
  stop(): void;
}

/** When the next slice of work should run: when it is due, but one a tick at least and one a millisecond at most (15 % of the thread). */
const sliceDelayMs = (shard: Shard): number =>
  Math.max(SLICE_PAUSE_MS, Math.min(TICK_MS, shard.workDelayMs()));

function startSchedule(shard: Shard, timers: Timers): Schedule {
  const tick = (): void => {
    nextTick = timers.after(TICK_MS, tick);
    shard.tick();
  };
  const work = (): void => {
    shard.workSlice();
    nextSlice = timers.after(sliceDelayMs(shard), work);
  };
  let nextTick: Timer = timers.after(TICK_MS, tick);
  let nextSlice: Timer = timers.after(TICK_MS, work);
  return {
    stop() {
      nextTick.cancel();
      nextSlice.cancel();
    },
  };
}

async function drain(shard: Shard, listeners: readonly OpenListener[], schedule: Schedule): Promise<void> {
  for (const listener of listeners) listener.close();
  schedule.stop();
  for (const client of shard.server.clients.all()) client.link.closeAfterReply();
  const deadlineMs = performance.now() + DRAIN_GRACE_MS;
  while (shard.server.clients.size > 0 && performance.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
  }
  for (const client of shard.server.clients.all()) client.link.closeNow();
}

const logLevel = (text: string): LogLevel => (text === 'nothing' ? 'warning' : (text as LogLevel));
