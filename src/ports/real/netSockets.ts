/**
 * Node's TCP sockets behind the Net port.
 *
 * Accepted sockets never get `onread`, so the server accepts paused connections, takes the handle and wraps it again
 * with a read buffer that all sockets of the thread share: no Buffer per read, and a request is decoded where the kernel put it.
 */
import net from 'node:net';
import { threadBuffers } from '../../base/bufferPool.ts';
import type { Listener, ListenOptions, Net, Socket, SocketEvents } from '../net.ts';
import { formatAddress, isLoopback } from './addressText.ts';

/** One read takes at most this much: large enough for 64 pipelined requests of 50 clients' usual sizes, small enough for the L2 cache. */
const READ_BUFFER_BYTES = 64 * 1024;

interface SocketWithHandle extends net.Socket {
  _handle: { fd?: number } | null;
}

export class NetSocket implements Socket {
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly fd: number;
  readonly fromLoopback: boolean;
  readonly #socket: net.Socket;
  /** Lent memory on its way out. */
  #borrowed: Uint8Array[] = [];

  constructor(socket: net.Socket, handle: { fd?: number } | null) {
    this.#socket = socket;
    this.fd = handle?.fd ?? -1;
    this.remoteAddress = formatAddress(socket.remoteAddress, socket.remotePort);
    this.localAddress = formatAddress(socket.localAddress, socket.localPort);
    this.fromLoopback = isLoopback(socket.remoteAddress ?? '');
  }

  write(bytes: Uint8Array, length = bytes.length, lent = false): boolean {
    const socket = this.#socket;
    if (socket.destroyed || socket.writableEnded) return true;
    socket.write(Buffer.from(bytes.buffer, bytes.byteOffset, length));
    if (socket.writableLength === 0) {
      this.giveBack();
      return true;
    }
    if (lent) this.#borrowed.push(bytes);
    return false;
  }

  /** To be called when nothing is left to be sent. */
  giveBack(): void {
    if (this.#borrowed.length === 0) return;
    for (const bytes of this.#borrowed) threadBuffers.giveBack(bytes);
    this.#borrowed = [];
  }

  pendingBytes(): number {
    return this.#socket.writableLength;
  }

  pauseReading(): void {
    this.#socket.pause();
  }

  resumeReading(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end(() => this.#socket.destroy());
  }

  destroy(): void {
    this.#socket.destroy();
  }

  setKeepAlive(intervalSec: number): void {
    this.#socket.setKeepAlive(intervalSec > 0, intervalSec * 1000);
  }
}

export class NetSockets implements Net {
  readonly #readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);

  listen(options: ListenOptions, onConnection: (socket: Socket) => SocketEvents): Promise<Listener> {
    const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: false, noDelay: true });
    server.on('connection', (paused) => this.#accept(paused as SocketWithHandle, onConnection));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(
        {
          host: options.host,
          port: options.port,
          backlog: options.backlog,
          reusePort: options.reusePort,
          ipv6Only: options.host === '::',
        },
        () => {
          server.off('error', reject);
          const bound = server.address() as net.AddressInfo;
          const { _handle: handle } = server as unknown as SocketWithHandle;
          resolve({
            port: bound.port,
            address: bound.address,
            fd: handle?.fd ?? -1,
            close: () => server.close(),
          });
        },
      );
    });
  }

  #accept(paused: SocketWithHandle, onConnection: (socket: Socket) => SocketEvents): void {
    const handle = paused._handle;
    if (handle === null) return;
    // The first wrapper must not close the handle it no longer owns.
    paused._handle = null;
    paused.removeAllListeners();
    const readBuffer = this.#readBuffer;
    let events: SocketEvents | undefined;
    const socket = new net.Socket({
      handle,
      allowHalfOpen: false,
      onread: {
        buffer: readBuffer,
        callback: (length: number) => {
          events!.onData(readBuffer, length);
          return true;
        },
      },
    } as unknown as net.SocketConstructorOpts);
    socket.setNoDelay(true);
    const accepted = new NetSocket(socket, handle);
    events = onConnection(accepted);
    const owner = events;
    socket.on('drain', () => {
      accepted.giveBack();
      owner.onDrain();
    });
    socket.on('close', () => owner.onClose());
    // The peer's reset or a broken pipe ends in 'close'; there is nothing else to do about it.
    socket.on('error', () => {});
    socket.resume();
  }
}
