/**
 * One shard assembled from its parts: databases, commands, dispatcher, reader. Which variants it is made of was decided by the
 * composition root; nothing in here asks for a flag.
 *
 * Length: every part of a shard is made and joined to the others here.
 */
import { threadBuffers } from '../base/bufferPool.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import type { Log } from '../ports/log.ts';
import type { LuaBinary } from '../ports/luaBinary.ts';
import type { Socket, SocketEvents } from '../ports/net.ts';
import type { Probe } from '../ports/probe.ts';
import type { ProcessInfo } from '../ports/process.ts';
import type { Rng } from '../ports/rng.ts';
import { AccessControl } from './access/accessControl.ts';
import { loadStartingUsers } from './access/startingUsers.ts';
import { Users } from './access/users.ts';
import type { CapacityPolicy } from './capacity/capacityPolicy.ts';
import { BlockedClients } from './clients/blockedClients.ts';
import type { Client } from './clients/client.ts';
import { ClientMemory, clientLimitBytes } from './clients/clientMemory.ts';
import { ClientPause } from './clients/clientPause.ts';
import { Monitors } from './clients/monitors.ts';
import { NO_LINK } from './clients/noLink.ts';
import { NO_OUTPUT_LIMITS, parseOutputLimits, SoftLimits } from './clients/outputLimits.ts';
import { ClientRegistry } from './clients/registry.ts';
import { Tracking } from './clients/tracking.ts';
import { allCommands } from './commands/allCommands.ts';
import type { Arguments } from './commands/arguments.ts';
import type { CommandContext } from './commands/command.ts';
import { type CommandEntry, CommandTable } from './commands/commandTable.ts';
import type { Configuration } from './configuration/configuration.ts';
import { parseEventSelection } from './events/eventClasses.ts';
import { KeyEvents } from './events/keyEvents.ts';
import { ActiveExpiry } from './expiry/activeExpiry.ts';
import type { Deadlines } from './expiry/deadlines.ts';
import { Database } from './keyspace/database.ts';
import { Eviction } from './keyspace/eviction.ts';
import { GrowthTimer } from './keyspace/growthTimer.ts';
import type { Keyspace, KeyspaceFactory } from './keyspace/keyspace.ts';
import type { Disposal } from './keyspace/release/disposal.ts';
import { OpenLists } from './keyspace/value/list/openLists.ts';
import { OpenSets } from './keyspace/value/set/openSets.ts';
import type { CreateSmallFields } from './keyspace/value/smallFields.ts';
import { OpenSortedSets } from './keyspace/value/sortedSet/openSortedSets.ts';
import { LatencyEvents } from './latencyEvents.ts';
import { Persistence } from './persistence/persistence.ts';
import { BlockedReplies } from './protocol/blockedReplies.ts';
import type { RequestReader } from './protocol/requestReader.ts';
import type { RespEncoder } from './protocol/respEncoder.ts';
import { Channels } from './pubsub/channels.ts';
import { Dispatcher, FAST_SAMPLE_EVERY } from './routing/dispatcher.ts';
import type { ShardPlacement } from './routing/placement.ts';
import { refuseRemote } from './routing/scriptedCommands.ts';
import { ShardPosition } from './routing/slots.ts';
import { Functions } from './scripting/functions/functions.ts';
import { Scripting } from './scripting/scripting.ts';
import type { ServerIdentity, ServerState } from './serverState.ts';
import { ServerStats } from './serverStats.ts';
import { FigureReport } from './shardFigures.ts';
import type { ShardObserver } from './shardObserver.ts';
import { SlowLog } from './slowLog.ts';
import { Connection } from './transport/connection.ts';

/** Everything a shard needs of the outside world. */
export interface ShardPorts {
  clock: Clock;
  rng: Rng;
  log: Log;
  files: Files;
  process: ProcessInfo;
  luaBinary: LuaBinary;
  createProbe: (commands: number, databases: number) => Probe;
  sleepBlocking: (durationMs: number) => void;
  shutdown: () => void;
  /** As ServerState has it. */
  killsAsked: () => number;
  /** Ends the process at once. */
  abort: (reason: string) => void;
}

/** The interchangeable parts, as constructors. */
export interface ShardVariants {
  capacity: CapacityPolicy;
  createStorage: (rng: Rng, growth: GrowthTimer) => KeyspaceFactory;
  createDeadlines: (keyspace: Keyspace) => Deadlines;
  createDisposal: (clock: Clock, storage: KeyspaceFactory, stats: ServerStats) => Disposal;
  createSmallFields: CreateSmallFields;
  createEncoder: (stats: ServerStats) => RespEncoder;
  createReader: (
    server: ServerState,
    encoder: RespEncoder,
    dispatcher: Dispatcher,
    holds: (client: Client, args: Arguments) => boolean,
  ) => RequestReader;
  /** Absent unless something must know of every change to the data. */
  observer?: ShardObserver | undefined;
}

export class Shard {
  readonly server: ServerState;
  readonly encoder: RespEncoder;
  readonly reader: RequestReader;
  readonly dispatcher: Dispatcher;
  /** Whose turn it is while the server acts by itself. */
  readonly #nobody: Client;
  /** For what scripts are told, apart from what clients are. */
  readonly #scriptEncoder: RespEncoder;
  readonly #pause: ClientPause;
  readonly #blockedReplies: BlockedReplies;
  readonly #expiry: ActiveExpiry;
  readonly #eviction: Eviction;
  readonly #report: FigureReport | undefined;
  #releasedLast = false;
  #savedLast = false;

  constructor(
    ports: ShardPorts,
    variants: ShardVariants,
    configuration: Configuration,
    identity: ServerIdentity,
    placement?: ShardPlacement,
  ) {
    const { observer } = variants;
    const commands = new CommandTable(observer?.commands(allCommands) ?? allCommands);
    const { createProbe, ...shared } = ports;
    const probe = createProbe(commands.entries.length, configuration.number('databases'));
    const stats = new ServerStats(commands.entries.length, probe.reported?.executions);
    const encoder = variants.createEncoder(stats);
    const bareStorage = variants.createStorage(ports.rng, new GrowthTimer(ports.clock, probe));
    const storage = observer?.storage(bareStorage) ?? bareStorage;
    const disposal = variants.createDisposal(ports.clock, storage, stats);
    storage.disposal = disposal;
    const databases: Database[] = [];
    const position = placement?.position ?? new ShardPosition(0, 1);
    const users = new Users(commands, () => configuration.text('acl-pubsub-default') === 'allchannels');
    const clients = new ClientRegistry(position, placement?.connectionCount, users);
    const client = clients.outsider(NO_LINK, ports.clock.nowMs());
    this.#nobody = client;
    const context = {
      client,
      reply: encoder,
      nowMs: ports.clock.nowMs(),
      deniesBlocking: false,
    } as unknown as CommandContext;
    const channels = new Channels(() => context.client);
    const blocked = new BlockedClients();
    const tracking = new Tracking(clients, () => context.client);
    const server: ServerState = {
      ...shared,
      probe,
      slowLog: new SlowLog(),
      latencyEvents: new LatencyEvents(),
      monitors: new Monitors(() => this.#chooseTimed()),
      channels,
      blocked,
      tracking,
      keyEvents: new KeyEvents(channels, blocked, tracking),
      timeEvery: FAST_SAMPLE_EVERY,
      identity,
      shard: position,
      mail: placement?.mailbox.counters,
      configuration,
      stats,
      clients,
      access: new AccessControl({
        users,
        clients,
        configuration,
        shard: position,
        current: () => context.client,
        nowMs: () => context.nowMs,
      }),
      commands,
      databases,
      storage,
      disposal,
      capacity: variants.capacity,
      createSmallFields: variants.createSmallFields,
      context,
      scripting: undefined as unknown as Scripting,
      functions: undefined as unknown as Functions,
      lfu: false,
      lfuDecayMinutes: 1,
      lfuLogFactor: 10,
      hashLimits: { entriesMax: 0, valueBytesMax: 0 },
      setLimits: { integersMax: 0, entriesMax: 0, valueBytesMax: 0 },
      sortedSetLimits: { entriesMax: 0, valueBytesMax: 0 },
      streamLimits: { nodeBytesMax: 0, nodeEntriesMax: 0 },
      openSets: new OpenSets(storage),
      openSortedSets: new OpenSortedSets(storage),
      listFill: 0,
      openLists: new OpenLists(storage),
      memoryLimitBytes: 0,
      outputLimits: NO_OUTPUT_LIMITS,
      softLimits: new SoftLimits(),
      clientMemory: new ClientMemory(clients, stats, ports.log),
      fsyncDelayMs: 0,
      activeExpiry: true,
      dirty: 0,
      propagation: undefined,
      appendOnlyFile: undefined,
      isShuttingDown: false,
      persistence: undefined as unknown as Persistence,
      writeRefusal: undefined,
      refuseWrites: (error) => {
        (server as { writeRefusal: string | undefined }).writeRefusal = error;
        server.keyEvents.closeLanes('refusal', error !== undefined);
      },
      isObserved: observer !== undefined,
      replicationLines: () => observer?.infoLines() ?? [],
      sleepBlocking: ports.sleepBlocking,
      shutdown: ports.shutdown,
      call: (entry, args) => this.dispatcher.call(entry, args),
      callApart: (entry, args, protocol) => this.#callApart(entry, args, protocol),
      find: (args) => this.dispatcher.find(args),
      refuseRemote: (entry, args) => refuseRemote(position, entry, args),
      makeRoom: () => this.#eviction.makeRoom(),
      serveBlocked: () => blocked.serve(this.#blockedReplies),
      usedMemoryBytes: () => this.#usedMemoryBytes(),
    };
    for (let index = 0; index < configuration.number('databases'); index++) {
      databases.push(new Database(index, storage.createDatabase(), variants.createDeadlines, server));
    }
    (context as { server: ServerState }).server = server;
    (server as { scripting: Scripting }).scripting = new Scripting(server);
    (server as { functions: Functions }).functions = new Functions(server);
    this.#scriptEncoder = variants.createEncoder(stats);
    context.db = databases[0]!;
    (server as { persistence: Persistence }).persistence = new Persistence(
      server,
      unavailability(observer, position),
      {
        find: (args) => this.dispatcher.find(args),
        run: (client, entry, args) => {
          context.client = client;
          encoder.beginReply();
          this.dispatcher.call(entry, args);
          encoder.endReply(false);
        },
      },
    );
    this.server = server;
    this.encoder = encoder;
    this.#pause = new ClientPause(server);
    this.#expiry = new ActiveExpiry(server);
    this.#eviction = new Eviction(server);
    this.dispatcher = new Dispatcher(server, encoder, () => this.#eviction.makeRoom());
    this.#blockedReplies = new BlockedReplies(server, encoder, this.dispatcher);
    this.reader = variants.createReader(server, encoder, this.dispatcher, (who, args) =>
      this.#pause.holds(who, args, this.dispatcher.find(args)),
    );
    this.#report = server.probe.reported && new FigureReport(server, server.probe.reported);
    this.#followConfiguration();
    observer?.attach(server);
  }

  /** The users that configuration and ACL file declare: once, before the first connection. The reason if there is something wrong with them. */
  loadUsers(): string | undefined {
    const { access, configuration, files } = this.server;
    return loadStartingUsers(access, configuration, files);
  }

  /** A new connection's owner. Refused connections get their error and are closed. */
  accept(socket: Socket): SocketEvents {
    const { server } = this;
    const connection = new Connection(socket, server, this.reader, this.encoder);
    const refusal = this.#refusal(socket);
    if (refusal !== undefined) {
      server.clients.connectionsRejected++;
      connection.refuse(refusal);
      return connection;
    }
    socket.setKeepAlive(server.configuration.number('tcp-keepalive'));
    return connection;
  }

  #refusal(socket: Socket): string | undefined {
    const { access, configuration, clients } = this.server;
    if (clients.sizeEverywhere > configuration.number('maxclients'))
      return 'ERR max number of clients reached';
    const open = configuration.flag('protected-mode') && access.users.defaultUser.needsNoPassword;
    if (open && !socket.fromLoopback) return PROTECTED_MODE_ERROR;
    return undefined;
  }

  /** A slice of what is done beside requests: removing what has expired, and releasing what was removed, by turns while both wait. */
  workSlice(): void {
    const { server } = this;
    server.context.nowMs = server.clock.nowMs();
    server.context.client = this.#nobody;
    const { persistence, stats } = server;
    const startUs = server.clock.monotonicUs();
    this.#savedLast = !this.#savedLast && persistence.background.isSliceDue;
    if (this.#savedLast) {
      const before = persistence.background.progress!.keysWritten;
      persistence.background.slice();
      const keys = (persistence.background.progress?.keysWritten ?? before) - before;
      server.probe.worked('snapshot', startUs, server.clock.monotonicUs(), keys);
      return this.#workForBlocked();
    }
    this.#releasedLast = !this.#releasedLast && server.disposal.pendingObjects > 0;
    if (this.#releasedLast) {
      const before = stats.lazyfreedObjects;
      server.disposal.run();
      server.probe.worked('release', startUs, server.clock.monotonicUs(), stats.lazyfreedObjects - before);
    } else if (this.#mayExpire(server.context.nowMs)) {
      const before = stats.expiredKeys + stats.expiredFields;
      this.#expiry.run();
      const removed = stats.expiredKeys + stats.expiredFields - before;
      const endUs = server.clock.monotonicUs();
      server.probe.worked('expiry', startUs, endUs, removed);
      server.latencyEvents.note('expire-cycle', endUs - startUs, server.context.nowMs);
    }
    this.#workForBlocked();
  }

  #callApart(entry: CommandEntry, args: Arguments, protocol: 2 | 3): Uint8Array {
    const encoder = this.#scriptEncoder;
    encoder.beginReply();
    encoder.protocol = protocol;
    this.dispatcher.callApart(entry, args, encoder);
    return encoder.takeReply();
  }

  /** Those who wait for keys: what has expired may be what they wait for, or their own time is up. */
  #workForBlocked(): void {
    const { blocked, context } = this.server;
    blocked.expire(context.nowMs, this.#blockedReplies);
    blocked.serve(this.#blockedReplies);
    this.server.tracking.broadcast();
    blocked.resume();
  }

  /** Milliseconds until `workSlice` has something to do; 0 or less if it has now, infinite if nothing is in sight. */
  workDelayMs(): number {
    const { server } = this;
    if (server.disposal.pendingObjects > 0 || server.persistence.background.isSliceDue) return 0;
    const nowMs = server.clock.nowMs();
    const expiryMs = this.#mayExpire(nowMs) ? this.#expiry.nextMs() : Number.POSITIVE_INFINITY;
    return Math.min(expiryMs, server.blocked.nextMs()) - nowMs;
  }

  #mayExpire(nowMs: number): boolean {
    return this.server.activeExpiry && !this.server.clients.isPausedAt(nowMs);
  }

  /** Ten times a second: rates, pauses, idle clients, peaks. */
  tick(): void {
    const { server } = this;
    const { stats } = server;
    const startUs = server.clock.monotonicUs();
    const nowMs = server.clock.nowMs();
    server.context.nowMs = nowMs;
    server.context.client = this.#nobody;
    server.process.sampleHeap();
    stats.rates.sample(nowMs, stats.commandsProcessed(), stats.netInputBytes, stats.netOutputBytes);
    this.#pause.tick(nowMs);
    // A limit that was lowered is reached by a slice a tick, even if nobody writes.
    this.#eviction.makeRoom();
    server.tracking.limit();
    server.tracking.broadcast();
    const used = this.#usedMemoryBytes();
    if (used > this.server.stats.peakMemoryBytes) this.server.stats.peakMemoryBytes = used;
    server.softLimits.tick();
    server.clientMemory.tick();
    this.#closeIdle(nowMs);
    threadBuffers.trim();
    server.persistence.tick(nowMs);
    this.#report?.write();
    server.probe.worked('tick', startUs, server.clock.monotonicUs(), 1);
  }

  #closeIdle(nowMs: number): void {
    const { clients, configuration } = this.server;
    const timeoutMs = configuration.number('timeout') * 1000;
    if (timeoutMs === 0) return;
    for (const client of clients.all()) {
      const isIdle = nowMs - client.lastInteractionMs > timeoutMs;
      if (isIdle && !isWaiting(client) && !clients.held.has(client)) client.link.closeNow();
    }
  }

  /** All calls are timed, and none takes a fast lane, while somebody wants to hear of each. */
  #chooseTimed(): void {
    const { slowLog, latencyEvents, monitors } = this.server;
    const wantsFast = slowLog.slowerThanUs >= 0 && slowLog.slowerThanUs < SLOW_IS_RARE_US;
    const wantsAll = wantsFast || latencyEvents.thresholdMs > 0 || monitors.count > 0;
    this.server.timeEvery = wantsAll ? 1 : FAST_SAMPLE_EVERY;
  }

  #usedMemoryBytes(): number {
    let bytes = this.server.storage.collectionsBytes() + this.server.disposal.keyspaceBytes();
    for (const { keyspace, deadlines } of this.server.databases) {
      bytes += keyspace.memoryBytes() + deadlines.memoryBytes();
    }
    return bytes;
  }

  #followConfiguration(): void {
    const { server, reader } = this;
    const { configuration } = server;
    const apply = (): void => {
      server.outputLimits = parseOutputLimits(configuration.text('client-output-buffer-limit'));
      // Keys spread evenly over the slots, so each shard keeps to its share.
      server.memoryLimitBytes = Math.ceil(configuration.number('maxmemory') / server.shard.count);
      server.clientMemory.limitBytes = Math.ceil(
        clientLimitBytes(configuration.number('maxmemory-clients'), configuration.number('maxmemory')) /
          server.shard.count,
      );
      server.lfu = configuration.text('maxmemory-policy').includes('lfu');
      server.lfuDecayMinutes = configuration.number('lfu-decay-time');
      server.lfuLogFactor = configuration.number('lfu-log-factor');
      server.hashLimits = {
        entriesMax: configuration.number('hash-max-listpack-entries'),
        valueBytesMax: configuration.number('hash-max-listpack-value'),
      };
      server.setLimits = {
        integersMax: configuration.number('set-max-intset-entries'),
        entriesMax: Math.min(configuration.number('set-max-listpack-entries'), PACKED_ENTRIES_MAX),
        valueBytesMax: configuration.number('set-max-listpack-value'),
      };
      server.sortedSetLimits = {
        entriesMax: Math.min(configuration.number('zset-max-listpack-entries'), PACKED_ENTRIES_MAX),
        valueBytesMax: configuration.number('zset-max-listpack-value'),
      };
      server.streamLimits = {
        nodeBytesMax: configuration.number('stream-node-max-bytes'),
        nodeEntriesMax: configuration.number('stream-node-max-entries'),
      };
      server.listFill = Math.max(configuration.number('list-max-listpack-size'), -5);
      const { slowLog, latencyEvents } = server;
      slowLog.slowerThanUs = configuration.number('slowlog-log-slower-than');
      slowLog.lengthMax = configuration.number('slowlog-max-len');
      latencyEvents.thresholdMs = configuration.number('latency-monitor-threshold');
      this.#chooseTimed();
      server.tracking.keysMax = configuration.number('tracking-table-max-keys');
      reader.decoder.bulkBytesMax = configuration.number('proto-max-bulk-len');
      server.keyEvents.select(parseEventSelection(configuration.text('notify-keyspace-events')));
    };
    for (const name of [
      'client-output-buffer-limit',
      'maxmemory',
      'maxmemory-clients',
      'maxmemory-policy',
      'lfu-decay-time',
      'lfu-log-factor',
      'slowlog-log-slower-than',
      'slowlog-max-len',
      'latency-monitor-threshold',
      'proto-max-bulk-len',
      'hash-max-listpack-entries',
      'hash-max-listpack-value',
      'list-max-listpack-size',
      'set-max-intset-entries',
      'set-max-listpack-entries',
      'set-max-listpack-value',
      'zset-max-listpack-entries',
      'zset-max-listpack-value',
      'stream-node-max-bytes',
      'stream-node-max-entries',
      'notify-keyspace-events',
      'tracking-table-max-keys',
    ]) {
      configuration.onChange(name, apply);
    }
    apply();
  }
}

/** Who waits to be told something is not idle. */
const isWaiting = ({ blocked, isMonitor, remoteWait, subscriptions }: Client): boolean =>
  isMonitor || blocked !== undefined || remoteWait !== undefined || subscriptions !== undefined;

/** Why a shard keeps nothing on disk; undefined if it does. */
function unavailability(observer: ShardObserver | undefined, position: ShardPosition): string | undefined {
  if (observer !== undefined) return 'a node with peers gets its data from them: it keeps nothing on disk';
  if (position.count > 1) return 'a server of several shards keeps nothing on disk in this version';
  return undefined;
}

/** What the packed forms of sets can count. */
const PACKED_ENTRIES_MAX = 65535;

/** A limit for SLOWLOG below this asks for fast commands too: then all are timed. */
const SLOW_IS_RARE_US = 1000;

const PROTECTED_MODE_ERROR =
  'DENIED Evenkeel is running in protected mode because protected mode is enabled and no password is set for the default user. ' +
  'In this mode connections are only accepted from the loopback interface. If you want to connect from external computers, set a ' +
  'password with CONFIG SET requirepass or --requirepass, or turn protection off with CONFIG SET protected-mode no from this machine.';
