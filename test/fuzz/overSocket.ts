/**
 * Frames sent to a real server over real sockets: several connections, each fed batches without waiting for answers, reopened when
 * the server closes them. In the end the server must answer, and its memory be back where it was.
 */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { RespConnection } from '../differential/respConnection.ts';
import { answersPing, eventually, pause, type RunningServer, startEvenkeel } from '../requirements.ts';
import { FrameSource } from './frames.ts';

const CONNECTIONS = 16;
/** One frame in three ends its connection, and what was sent behind it is lost; so batches are short. */
const BATCH_FRAMES_MAX = 5;
const BATCHES_MAX = 10;
const KEPT_FRAMES = 400;
const PING_EVERY_FRAMES = 25_000;
/** Frames that warm the server up before its memory is first read: code is compiled, heaps have grown. */
const WARM_UP_FRAMES = 100_000;
const SETTLE_TIMEOUT_MS = 20_000;
const PURGES_MIN = 5;
const PURGE_PAUSE_MS = 100;
export const MEMORY_SLACK_BYTES = 20 * 1024 * 1024;

/**
 * The server to fuzz. glibc raises its mmap threshold to the largest block ever freed and from then on keeps blocks of that size for
 * itself: +50 MB at a time, up to some 150 MB here, while the server's own figures (INFO's allocator_allocated) stand still. What is
 * to be seen is whether the server holds on to memory, so the threshold is fixed at glibc's initial value.
 */
export const startFuzzed = (flags: string): Promise<RunningServer> =>
  startEvenkeel({
    flags,
    arguments: ['--proto-max-bulk-len', '4mb'],
    environment: { MALLOC_MMAP_THRESHOLD_: '131072' },
  });

export interface SocketResult {
  frames: number;
  connections: number;
  /** As the server counted, the commands of its own tests included. */
  commandsProcessed: number;
  rssBeforeBytes: number;
  rssAfterBytes: number;
}

interface OpenSocket {
  socket: net.Socket;
  closed: Promise<void>;
}

export class SocketFuzz {
  readonly #server: RunningServer;
  readonly #source: FrameSource;
  readonly #recent: Buffer[] = [];
  #connections = 0;

  constructor(server: RunningServer, seed: number) {
    this.#server = server;
    this.#source = new FrameSource(seed);
  }

  async run(frames: number): Promise<SocketResult> {
    await this.#send(Math.min(WARM_UP_FRAMES, frames));
    const rssBeforeBytes = await this.#settle(Number.POSITIVE_INFINITY);
    await this.#send(frames);
    const rssAfterBytes = await this.#settle(rssBeforeBytes + MEMORY_SLACK_BYTES);
    return {
      frames,
      connections: this.#connections,
      commandsProcessed: await this.#commandsProcessed(),
      rssBeforeBytes,
      rssAfterBytes,
    };
  }

  async #send(frames: number): Promise<void> {
    let left = frames;
    let untilPing = PING_EVERY_FRAMES;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        const socket = await this.#open();
        // Most connections carry one batch; a few live on, desynchronised by what went before.
        const batches = this.#source.below(8) === 0 ? BATCHES_MAX : 1;
        for (let sent = 0; sent < batches && left > 0 && !socket.socket.destroyed; sent++) {
          const batch = Array.from({ length: 1 + this.#source.below(BATCH_FRAMES_MAX) }, () => this.#frame());
          left -= batch.length;
          untilPing -= batch.length;
          socket.socket.write(Buffer.concat(batch));
          if (sent < batches - 1) await pause(0);
        }
        // The polite end: a reset would make the kernel drop what the server has not read yet.
        socket.socket.end();
        await socket.closed;
        if (untilPing < 0) {
          untilPing = PING_EVERY_FRAMES;
          await this.#check();
        }
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, worker));
    await this.#check();
  }

  #frame(): Buffer {
    const frame = this.#source.next();
    this.#recent.push(frame);
    if (this.#recent.length > 2 * KEPT_FRAMES) this.#recent.splice(0, KEPT_FRAMES);
    return frame;
  }

  #open(): Promise<OpenSocket> {
    this.#connections++;
    return new Promise((resolve, reject) => {
      const socket = net.connect(this.#server.port, '127.0.0.1');
      const closed = new Promise<void>((done) => socket.once('close', () => done()));
      // Answers are read and dropped.
      socket.on('data', () => {});
      let connected = false;
      socket.once('connect', () => {
        connected = true;
        resolve({ socket, closed });
      });
      // Once connected, a reset in mid-write is the server's good right.
      socket.on('error', (error) => {
        if (!connected) reject(new Error(`${error.message}; ${this.#lastFrames()}`, { cause: error }));
      });
    });
  }

  async #check(): Promise<void> {
    if (this.#server.ended !== undefined)
      throw new Error(`the server ended: ${this.#server.stderr}; ${this.#lastFrames()}`);
    await eventually('PING is answered', () => answersPing(this.#server.port), SETTLE_TIMEOUT_MS).catch(
      (error) => {
        throw new Error(`${(error as Error).message}; ${this.#lastFrames()}`);
      },
    );
  }

  #lastFrames(): string {
    return `last frames: ${JSON.stringify(this.#recent.slice(-40).map((frame) => frame.toString('latin1').slice(0, 300)))}`;
  }

  async #commandsProcessed(): Promise<number> {
    const connection = await RespConnection.open(this.#server.port);
    connection.send(encodeRequest(['INFO', 'stats']));
    const text = (await connection.receive(1))[0]!.toString('latin1');
    connection.close();
    return Number(/total_commands_processed:(\d+)/.exec(text)![1]);
  }

  /** Empties the server, has it collect its garbage until its memory is below the bound, and returns what it stands at. */
  async #settle(boundBytes: number): Promise<number> {
    const connection = await RespConnection.open(this.#server.port);
    const ask = async (...words: string[]): Promise<string> => {
      connection.send(encodeRequest(words));
      return (await connection.receive(1))[0]!.toString('latin1');
    };
    await eventually(
      'all other connections are gone',
      async () => /connected_clients:1\r/.test(await ask('INFO', 'clients')),
      SETTLE_TIMEOUT_MS,
    );
    await ask('FLUSHALL');
    const deadlineMs = performance.now() + SETTLE_TIMEOUT_MS;
    let rss = Number.POSITIVE_INFINITY;
    for (let round = 0; round < PURGES_MIN || (rss > boundBytes && performance.now() < deadlineMs); round++) {
      await ask('MEMORY', 'PURGE');
      await pause(PURGE_PAUSE_MS);
      rss = Math.min(rss, residentBytes(this.#server.pid));
    }
    connection.close();
    return rss;
  }
}

/** From /proc; throws where there is none. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
}
