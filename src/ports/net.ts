/** Stream sockets as the transport sees them: no event emitters, no streams, one shared read buffer. */

/** What the socket's owner is told. All calls come from the event loop, never from inside one of the owner's own calls. */
export interface SocketEvents {
  /** `length` bytes have arrived at the start of `buffer`, which is reused for the next read of any socket. */
  onData(buffer: Uint8Array, length: number): void;
  /** What was not taken at once has been written. */
  onDrain(): void;
  /** The connection is gone; nothing follows. */
  onClose(): void;
}

export interface Socket {
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly fd: number;
  /** True if the peer is this machine (loopback or unix socket). */
  readonly fromLoopback: boolean;
  /**
   * Sends the first `length` bytes (all by default) behind those of earlier writes. True: the memory may be reused (the bytes were taken or copied). False: it belongs to
   * the socket from now on and must never be written again; where it is `lent` from `threadBuffers`, the socket gives it back when all has
   * been sent. Whether anything has to wait, `pendingBytes` tells.
   */
  write(bytes: Uint8Array, length?: number, lent?: boolean): boolean;
  /** Bytes waiting for the kernel. */
  pendingBytes(): number;
  pauseReading(): void;
  resumeReading(): void;
  /** Flushes what is pending, then closes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
  setKeepAlive(intervalSec: number): void;
}

export interface ListenOptions {
  host: string;
  port: number;
  backlog: number;
  /** Several threads may listen on one port (SO_REUSEPORT). */
  reusePort: boolean;
}

export interface Listener {
  readonly port: number;
  readonly address: string;
  /** Of the listening socket, -1 if unknown. */
  readonly fd: number;
  /** Lets nobody in from here on; the port is free when it returns. */
  close(): void;
}

export interface Net {
  /** `onConnection` returns the socket's owner. Rejects with an Error whose `code` is the system's (`EADDRINUSE`, `EACCES`, ...). */
  listen(options: ListenOptions, onConnection: (socket: Socket) => SocketEvents): Promise<Listener>;
}
