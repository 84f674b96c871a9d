/**
 * One connection of the generator: a socket that writes slices of the request ring and counts what comes back.
 *
 * All connections read into one shared buffer (`onread`): a reply is counted before the next read, so nothing is kept of
 * it. Writes hand the ring's own memory to the socket; the ring never changes while the run lasts, so a write the kernel
 * does not take at once needs no copy either.
 */
import net from 'node:net';
import type { Endpoint } from '../targets/target.ts';
import type { RequestRing } from '../workloads/requestRing.ts';
import { InFlight } from './inFlight.ts';
import { ReplyScanner, type ReplyTally } from './replyScanner.ts';

/** Who is told of replies: the loop, or the preload. */
export interface ReplyHandler {
  onReplies(connection: LoadConnection, completed: number): void;
}

/** Told once, when a connection fails or closes before it was asked to. */
export type ConnectionLost = (reason: Error) => void;

export class LoadConnection {
  readonly index: number;
  readonly scanner: ReplyScanner;
  readonly inFlight = new InFlight();
  handler: ReplyHandler;
  bytesSent = 0;
  bytesReceived = 0;
  /** Requests sent and not yet answered (closed loop, preload). */
  outstanding = 0;
  /** When the current batch was sent (closed loop). */
  sentNs = 0;
  /** Requests due and not yet written in this turn (open loop). */
  pending = 0;
  readonly #ring: RequestRing;
  readonly #socket: net.Socket;
  #cursor: number;
  #closing = false;

  constructor(
    index: number,
    options: {
      endpoint: Endpoint;
      ring: RequestRing;
      ringStart: number;
      tally: ReplyTally;
      readBuffer: Buffer;
      handler: ReplyHandler;
      onLost: ConnectionLost;
    },
  ) {
    this.index = index;
    this.#ring = options.ring;
    this.#cursor = options.ringStart;
    this.handler = options.handler;
    this.scanner = new ReplyScanner(
      options.tally,
      options.ring.commands,
      options.ring.length,
      options.ringStart,
    );
    this.#socket = net.connect({
      host: options.endpoint.host,
      port: options.endpoint.port,
      noDelay: true,
      onread: {
        buffer: options.readBuffer,
        callback: (length, buffer) => {
          this.bytesReceived += length;
          try {
            const completed = this.scanner.scan(buffer, length);
            if (completed > 0) this.handler.onReplies(this, completed);
          } catch (error) {
            this.#socket.destroy(error as Error);
          }
          return true;
        },
      },
    });
    const lost = (reason: Error): void => {
      if (this.#closing) return;
      this.#closing = true;
      options.onLost(reason);
    };
    this.#socket.on('error', lost);
    this.#socket.on('close', () => lost(new Error('the target closed the connection')));
  }

  /** Resolves once connected. Failure is told to `onLost`, not here. */
  connected(): Promise<void> {
    return new Promise((resolve) => this.#socket.once('connect', () => resolve()));
  }

  /** Ring position of the next request. */
  get cursor(): number {
    return this.#cursor;
  }

  /** Sends the next `times` requests of the ring in one write; `times` is at most the ring's overlap. */
  send(times: number): void {
    const from = this.#ring.offsets[this.#cursor]!;
    const to = this.#ring.offsets[this.#cursor + times]!;
    let next = this.#cursor + times;
    while (next >= this.#ring.length) next -= this.#ring.length;
    this.#cursor = next;
    this.bytesSent += to - from;
    this.#socket.write(this.#ring.bytes.subarray(from, to));
  }

  /** Sends bytes from elsewhere (handshake, preload). They must not change until they are answered. */
  sendBytes(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }
}
