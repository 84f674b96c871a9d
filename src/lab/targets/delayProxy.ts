/**
 * A proxy that makes latency of known size, so that the lab's own honesty can be tested: a fixed delay on a declared
 * fraction of requests, or one stall of everything.
 *
 * It sits in this process (start it in a test's, never in the generator's). Streams are forwarded chunk by chunk in order;
 * a delayed chunk holds up what follows on its connection, as a slow request on a real server does. With unpipelined load
 * one chunk is one request, which is what the fraction is meant for.
 */
import net from 'node:net';
import { Prng } from '../../base/prng.ts';
import type { Endpoint } from './target.ts';

export interface DelayProxyOptions {
  upstream: Endpoint;
  /** 0 picks a free port. */
  port?: number;
  /** Share of the chunks from clients that are held back, 0..1. */
  delayShare?: number;
  delayMs?: number;
  seed?: number;
}

export class DelayProxy {
  /** Chunks forwarded towards the server, and how many of them were delayed. */
  forwarded = 0;
  delayed = 0;
  readonly #options: DelayProxyOptions;
  readonly #random: Prng;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #stalledUntilMs = 0;

  private constructor(options: DelayProxyOptions) {
    this.#options = options;
    this.#random = new Prng(options.seed ?? 1);
    this.#server = net.createServer({ noDelay: true }, (client) => this.#accept(client));
  }

  static start(options: DelayProxyOptions): Promise<DelayProxy> {
    const proxy = new DelayProxy(options);
    return new Promise((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(options.port ?? 0, '127.0.0.1', () => resolve(proxy));
    });
  }

  get endpoint(): Endpoint {
    return { host: '127.0.0.1', port: (this.#server.address() as net.AddressInfo).port };
  }

  /** From now on, for `durationMs`, nothing goes through in the client's direction; then everything held does. */
  stall(durationMs: number): void {
    this.#stalledUntilMs = performance.now() + durationMs;
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #accept(client: net.Socket): void {
    const { host, port } = this.#options.upstream;
    const server = net.connect({ host, port, noDelay: true });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    const close = (): void => {
      for (const socket of [client, server]) {
        this.#sockets.delete(socket);
        socket.destroy();
      }
    };
    client.on('close', close);
    server.on('close', close);
    server.on('data', (chunk) => client.write(chunk));
    const held: { chunk: Buffer; dueMs: number }[] = [];
    let timer: NodeJS.Timeout | undefined;
    const release = (): void => {
      timer = undefined;
      const nowMs = performance.now();
      while (held.length > 0 && held[0]!.dueMs <= nowMs) server.write(held.shift()!.chunk);
      if (held.length > 0) timer = setTimeout(release, Math.max(1, Math.ceil(held[0]!.dueMs - nowMs)));
    };
    client.on('data', (chunk: Buffer) => {
      const dueMs = this.#dueMs();
      if (dueMs === 0 && held.length === 0) {
        server.write(chunk);
        return;
      }
      // Never before what came earlier on this connection.
      held.push({ chunk, dueMs: Math.max(dueMs, held.at(-1)?.dueMs ?? 0) });
      if (!timer) release();
    });
  }

  /** When a chunk that comes now may go on; 0 for at once. */
  #dueMs(): number {
    this.forwarded += 1;
    const nowMs = performance.now();
    let dueMs = this.#stalledUntilMs > nowMs ? this.#stalledUntilMs : 0;
    if (this.#random.float() < (this.#options.delayShare ?? 0)) {
      this.delayed += 1;
      dueMs = Math.max(dueMs, nowMs + (this.#options.delayMs ?? 0));
    }
    return dueMs;
  }
}
