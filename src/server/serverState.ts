/**
 * What all commands of a shard share. Built by the composition root; no module variables anywhere.
 */
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Log } from '../ports/log.ts';
import type { LuaBinary } from '../ports/luaBinary.ts';
import type { MailCounters } from '../ports/mailbox.ts';
import type { Probe } from '../ports/probe.ts';
import type { ProcessInfo } from '../ports/process.ts';
import type { Rng } from '../ports/rng.ts';
import type { AccessControl } from './access/accessControl.ts';
import type { CapacityPolicy } from './capacity/capacityPolicy.ts';
import type { BlockedClients } from './clients/blockedClients.ts';
import type { ClientMemory } from './clients/clientMemory.ts';
import type { Monitors } from './clients/monitors.ts';
import type { OutputLimits, SoftLimits } from './clients/outputLimits.ts';
import type { ClientRegistry } from './clients/registry.ts';
import type { Tracking } from './clients/tracking.ts';
import type { Arguments } from './commands/arguments.ts';
import type { CommandContext } from './commands/command.ts';
import type { CommandEntry, CommandTable } from './commands/commandTable.ts';
import type { Configuration } from './configuration/configuration.ts';
import type { KeyEvents } from './events/keyEvents.ts';
import type { Database } from './keyspace/database.ts';
import type { KeyspaceFactory } from './keyspace/keyspace.ts';
import type { Disposal } from './keyspace/release/disposal.ts';
import type { HashLimits } from './keyspace/value/hashEncoding.ts';
import type { OpenLists } from './keyspace/value/list/openLists.ts';
import type { OpenSets } from './keyspace/value/set/openSets.ts';
import type { SetLimits } from './keyspace/value/set/setValue.ts';
import type { CreateSmallFields } from './keyspace/value/smallFields.ts';
import type { OpenSortedSets } from './keyspace/value/sortedSet/openSortedSets.ts';
import type { SortedSetLimits } from './keyspace/value/sortedSet/sortedSetValue.ts';
import type { StreamLimits } from './keyspace/value/stream/streamValue.ts';
import type { LatencyEvents } from './latencyEvents.ts';
import type { AppendOnlyFile } from './persistence/appendOnly/appendOnlyFile.ts';
import type { Persistence } from './persistence/persistence.ts';
import type { Propagation } from './propagation/propagation.ts';
import type { Channels } from './pubsub/channels.ts';
import type { ShardPosition } from './routing/slots.ts';
import type { Functions } from './scripting/functions/functions.ts';
import type { Scripting } from './scripting/scripting.ts';
import type { ServerStats } from './serverStats.ts';
import type { SlowLog } from './slowLog.ts';

/** Redis 7.4's version: what INFO's `redis_version` and HELLO say, because clients gate features on it. */
export const REDIS_VERSION_COMPATIBLE = '7.4.1';

export interface ServerIdentity {
  /** Our own version. */
  readonly version: string;
  readonly gitSha: string;
  /** 40 hexadecimal digits, new at every start. */
  readonly runId: string;
  readonly startedMs: number;
  readonly port: number;
  readonly executable: string;
  readonly configFile: string;
  /** Names of the flags switched on, in registry order. */
  readonly flags: readonly string[];
  /** Those asked for that this machine cannot do. */
  readonly flagsRefused: readonly string[];
  /** What the loop waits with, for INFO: `libuv`, `io_uring`. */
  readonly multiplexing: string;
}

export interface ServerState {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly log: Log;
  readonly files: Files;
  readonly process: ProcessInfo;
  readonly luaBinary: LuaBinary;
  readonly probe: Probe;
  readonly slowLog: SlowLog;
  readonly latencyEvents: LatencyEvents;
  readonly monitors: Monitors;
  readonly channels: Channels;
  readonly blocked: BlockedClients;
  readonly keyEvents: KeyEvents;
  /** Client-side caching. */
  readonly tracking: Tracking;
  /** Of fast commands one call in so many is timed; of others every one. */
  timeEvery: number;
  readonly identity: ServerIdentity;
  /** This shard's place among its siblings; the only one of one unless the server was started with more. */
  readonly shard: ShardPosition;
  /** Totals of the post between shards; undefined with one shard. */
  readonly mail: Readonly<MailCounters> | undefined;
  readonly configuration: Configuration;
  readonly stats: ServerStats;
  readonly clients: ClientRegistry;
  readonly access: AccessControl;
  readonly commands: CommandTable;
  readonly databases: Database[];
  readonly capacity: CapacityPolicy;
  /** For collections whose large form is a keyspace of its own (hashes). */
  readonly storage: KeyspaceFactory;
  /** Where what was deleted gives its memory back. */
  readonly disposal: Disposal;
  readonly scripting: Scripting;
  readonly functions: Functions;
  /** The small form of hashes. */
  readonly createSmallFields: CreateSmallFields;
  /** True if a ShardObserver captures what commands do: then every command runs through its record. */
  readonly isObserved: boolean;
  /** The one context of this shard. */
  readonly context: CommandContext;
  /** Kept in step with the configuration, for the per-access code. */
  lfu: boolean;
  lfuDecayMinutes: number;
  lfuLogFactor: number;
  /** Replaced, never changed. */
  hashLimits: HashLimits;
  setLimits: SetLimits;
  streamLimits: StreamLimits;
  sortedSetLimits: SortedSetLimits;
  /** list-max-listpack-size. */
  listFill: number;
  readonly openSets: OpenSets;
  readonly openSortedSets: OpenSortedSets;
  /** Lists as objects while a command looks at them. */
  readonly openLists: OpenLists;
  /** maxmemory in bytes, 0 = none. */
  memoryLimitBytes: number;
  /** client-output-buffer-limit; replaced, never changed. */
  outputLimits: OutputLimits;
  readonly softLimits: SoftLimits;
  readonly clientMemory: ClientMemory;
  /** DEBUG SLOW-FSYNC. */
  fsyncDelayMs: number;
  /** DEBUG SET-ACTIVE-EXPIRE. */
  activeExpiry: boolean;
  /** Tells an append-only file what commands change; undefined while there is none. */
  propagation: Propagation | undefined;
  /** The file that it tells; asked before replies go out. */
  appendOnlyFile: AppendOnlyFile | undefined;
  /** Snapshots on disk. */
  readonly persistence: Persistence;
  /** The error that commands which write get, because what they wrote could be lost; undefined as long as all is well. */
  readonly writeRefusal: string | undefined;
  refuseWrites(error: string | undefined): void;
  /** Changes since the last save: grows with every write that changed something. */
  dirty: number;
  /** INFO's lines about peers, none without any. */
  replicationLines(): string[];
  /** Blocks the shard's thread: DEBUG SLEEP. */
  sleepBlocking(durationMs: number): void;
  /** Runs a command for the context's client as a part of another: what EXEC does. */
  call(entry: CommandEntry, args: Arguments): void;
  /** As call, for a script: the reply is not said but returned, in RESP of version `protocol`, valid until the next call. */
  callApart(entry: CommandEntry, args: Arguments, protocol: 2 | 3): Uint8Array;
  /** The command that `args` names, or undefined; the container if its subcommand is unknown. */
  find(args: Arguments): CommandEntry | undefined;
  /** Why a script on this shard may not run a command, with several shards: it concerns others. */
  refuseRemote(entry: CommandEntry, args: Arguments): string | undefined;
  /** Evicts until there is room for a write; false if there is none to be had. */
  makeRoom(): boolean;
  /** How often the operator has asked for an end of the script that runs: known even while one keeps the thread. */
  killsAsked(): number;
  /** Answers those who waited for what has changed: to be called when a command is over. */
  serveBlocked(): void;
  /** SHUTDOWN was accepted: what was to be saved is. */
  isShuttingDown: boolean;
  /** Ends the server: SHUTDOWN and SIGTERM. Replies written so far are flushed first. */
  shutdown(): void;
  /** Ends it at once, replies that have not gone out included: nothing that was promised could be kept. */
  abort(reason: string): void;
  /** Bytes of data and structures as charged (what maxmemory compares). */
  usedMemoryBytes(): number;
}
