/**
 * Drives the whole server in process for tests: real connections' code over a simulated socket and clock. Every command goes
 * through the decoder, the dispatcher and the encoder, as from a client.
 */
import { copyOf } from '../../base/bytes.ts';
import type { Socket, SocketEvents } from '../../ports/net.ts';
import { NoProbe, type Probe } from '../../ports/probe.ts';
import { LuaPackage } from '../../ports/real/luaPackage.ts';
import { MemoryFiles } from '../../ports/sim/memoryFiles.ts';
import { SeededRng } from '../../ports/sim/seededRng.ts';
import { SimulatedClock } from '../../ports/sim/simulatedClock.ts';
import { SimulatedProcess } from '../../ports/sim/simulatedProcess.ts';
import { SizedFromCount } from '../capacity/sizedFromCount.ts';
import { Configuration } from '../configuration/configuration.ts';
import { createDeadlines } from '../expiry/deadlineVariants.ts';
import { ByteWiseHash } from '../keyspace/hashing.ts';
import { ReleaseQueue } from '../keyspace/release/releaseQueue.ts';
import { createStorage, type StorageName } from '../keyspace/storageVariants.ts';
import { PackedFields } from '../keyspace/value/packedFields.ts';
import { FastPathRequestReader } from '../protocol/fastPathReader.ts';
import { FreshReplyBuffers } from '../protocol/freshReplyBuffers.ts';
import { GeneralRequestReader } from '../protocol/requestReader.ts';
import { readReply } from '../protocol/respReader.ts';
import { ReusedReplyBuffer } from '../protocol/reusedReplyBuffer.ts';
import type { ShardPlacement } from '../routing/placement.ts';
import type { ServerState } from '../serverState.ts';
import { Shard, type ShardVariants } from '../shard.ts';

/** Every combination gives the same replies; tests that cross variants pass others than the default. */
export interface HarnessOptions {
  arena?: boolean;
  cacheLineIndex?: boolean;
  fastPath?: boolean;
  reusedReplies?: boolean;
  /** Parts in place of those that the three above choose. */
  variants?: Partial<ShardVariants>;
  /** One of several shards; all of them share one clock. */
  placement?: ShardPlacement;
  clock?: SimulatedClock;
  /** What watches the shard; nothing if absent. */
  createProbe?: (commands: number, databases: number) => Probe;
  /** Configuration overrides, by name. */
  configuration?: Record<string, string>;
  seed?: number;
  /** False for a client from another machine. */
  fromLoopback?: boolean;
}

/** Milliseconds since the epoch at which simulated time begins: 2024-01-01. */
export const HARNESS_EPOCH_MS = 1704067200000;

export type Argument = string | number | bigint | Uint8Array;

const storageName = ({ arena, cacheLineIndex }: HarnessOptions): StorageName => {
  if (arena === false) return 'map';
  return cacheLineIndex === false ? 'arena' : 'arena, cache-line index';
};

/** A request in RESP; strings are latin1. */
export function encodeRequest(args: readonly Argument[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${args.length}\r\n`)];
  for (const argument of args) {
    const bytes = argument instanceof Uint8Array ? argument : Buffer.from(String(argument), 'latin1');
    parts.push(Buffer.from(`$${bytes.length}\r\n`), Buffer.from(bytes), Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

class HarnessSocket implements Socket {
  readonly remoteAddress = '127.0.0.1:50000';
  readonly localAddress = '127.0.0.1:6379';
  readonly fd = 8;
  readonly fromLoopback: boolean;
  written: Buffer[] = [];
  ended = false;
  paused = false;

  constructor(fromLoopback: boolean) {
    this.fromLoopback = fromLoopback;
  }

  write(bytes: Uint8Array, length = bytes.length): boolean {
    // The encoder may reuse its memory at once, so what was written is copied.
    this.written.push(Buffer.from(copyOf(bytes, 0, length)));
    return true;
  }

  pendingBytes(): number {
    return 0;
  }

  pauseReading(): void {
    this.paused = true;
  }

  resumeReading(): void {
    this.paused = false;
  }

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.ended = true;
  }

  setKeepAlive(): void {}
}

/** One client of the simulated server. */
export class HarnessClient {
  readonly socket: HarnessSocket;
  readonly #events: SocketEvents;

  constructor(shard: Shard, fromLoopback: boolean) {
    this.socket = new HarnessSocket(fromLoopback);
    this.#events = shard.accept(this.socket);
  }

  /** Sends bytes as they are, in pieces of at most `pieceBytes`, and returns all bytes answered. */
  send(bytes: Uint8Array, pieceBytes = 65536): Buffer {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
      this.#events.onData(piece, piece.length);
      // The read buffer is shared in the real server: what was not copied would be overwritten.
      piece.fill(0xee);
    }
    return this.takeOutput();
  }

  takeOutput(): Buffer {
    const bytes = Buffer.concat(this.socket.written);
    this.socket.written = [];
    return bytes;
  }

  raw(...args: Argument[]): Buffer {
    return this.send(encodeRequest(args));
  }

  /** One command, its reply decoded; errors come as ErrorReply values. Undefined if nothing was answered. */
  run(...args: Argument[]): unknown {
    const bytes = this.raw(...args);
    return bytes.length === 0 ? undefined : readReply(bytes, 0)?.value;
  }

  close(): void {
    this.#events.onClose();
  }
}

export class CommandHarness {
  readonly clock: SimulatedClock;
  readonly files = new MemoryFiles();
  readonly shard: Shard;
  readonly client: HarnessClient;
  /** As the operator would: counted. */
  killsAsked = 0;
  /** Calls of SHUTDOWN. */
  shutdowns = 0;
  readonly logLines: string[] = [];
  /** Reasons for which the process would have ended at once. */
  readonly aborts: string[] = [];

  constructor(options: HarnessOptions = {}) {
    this.clock = options.clock ?? new SimulatedClock(HARNESS_EPOCH_MS);
    const configuration = new Configuration({ directory: '/simulated' });
    for (const [name, value] of Object.entries(options.configuration ?? {})) {
      const failure = configuration.loadOptions([`--${name}`, value]);
      if (failure !== undefined) throw new Error(failure);
    }
    this.shard = new Shard(
      {
        clock: this.clock,
        rng: new SeededRng(options.seed ?? 1),
        log: { write: (_level, line) => void this.logLines.push(line) },
        files: this.files,
        luaBinary: new LuaPackage(),
        process: new SimulatedProcess(),
        createProbe: options.createProbe ?? (() => new NoProbe()),
        sleepBlocking: (ms) => this.clock.advanceMs(ms),
        shutdown: () => void this.shutdowns++,
        killsAsked: () => this.killsAsked,
        abort: (reason) => void this.aborts.push(reason),
      },
      {
        capacity: new SizedFromCount(),
        createStorage: (rng, growth) => createStorage(storageName(options), new ByteWiseHash(rng), growth),
        createDisposal: (...parts) => new ReleaseQueue(...parts),
        createDeadlines: (keyspace) => createDeadlines('wheel', keyspace),
        createSmallFields: (capacityBytes) => new PackedFields(capacityBytes),
        createEncoder: (stats) =>
          options.reusedReplies === false ? new FreshReplyBuffers(stats) : new ReusedReplyBuffer(stats),
        createReader: (server, encoder, dispatcher, holds) =>
          options.fastPath === false
            ? new GeneralRequestReader(server, encoder, dispatcher, holds)
            : new FastPathRequestReader(server, encoder, dispatcher, holds),
        ...options.variants,
      },
      configuration,
      {
        version: '0.0.0-test',
        gitSha: '000000000',
        runId: '0'.repeat(40),
        startedMs: HARNESS_EPOCH_MS,
        port: 6379,
        executable: '/simulated/node',
        configFile: '',
        flags: [],
        flagsRefused: [],
        multiplexing: 'none',
      },
      options.placement,
    );
    this.client = this.connect(options.fromLoopback ?? true);
  }

  get server(): ServerState {
    return this.shard.server;
  }

  connect(fromLoopback = true): HarnessClient {
    return new HarnessClient(this.shard, fromLoopback);
  }

  run(...args: Argument[]): unknown {
    return this.client.run(...args);
  }

  raw(...args: Argument[]): Buffer {
    return this.client.raw(...args);
  }

  /** Moves the clock, with a tick every 100 ms on the way as in the real server. */
  advance(ms: number): void {
    for (let left = ms; left > 0; left -= 100) {
      this.clock.advanceMs(Math.min(left, 100));
      this.shard.tick();
      // Releasing and expiring take turns: two slices have room for the other, whichever was first.
      this.shard.workSlice();
      do this.shard.workSlice();
      while (this.shard.workDelayMs() <= 0);
    }
  }
}
