/**
 * TLS connections, on Node's sockets whatever serves the plain ones: beside an io_uring they wait in libuv's epoll, which the ring polls.
 *
 * What is written is copied at once: OpenSSL takes it when it can, and a reply buffer is not left to it.
 */
import type net from 'node:net';
import tls from 'node:tls';
import type { Listener, ListenOptions, Socket, SocketEvents } from '../net.ts';
import { formatAddress, isLoopback } from './addressText.ts';
import { readTlsSettings, type TlsSettings } from './tlsSettings.ts';

/** Whoever has not shaken hands by then gives the descriptor back. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

class TlsConnection implements Socket {
  readonly remoteAddress: string;
  readonly localAddress: string;
  readonly fd: number;
  readonly fromLoopback: boolean;
  readonly #socket: tls.TLSSocket;

  constructor(socket: tls.TLSSocket) {
    this.#socket = socket;
    this.fd = (socket as unknown as { _handle: { fd?: number } | null })._handle?.fd ?? -1;
    this.remoteAddress = formatAddress(socket.remoteAddress, socket.remotePort);
    this.localAddress = formatAddress(socket.localAddress, socket.localPort);
    this.fromLoopback = isLoopback(socket.remoteAddress ?? '');
  }

  write(bytes: Uint8Array, length = bytes.length): boolean {
    const socket = this.#socket;
    if (!socket.destroyed && !socket.writableEnded) socket.write(Buffer.copyBytesFrom(bytes, 0, length));
    return true;
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

/** A listener whose certificates can be exchanged while it listens. */
export interface TlsListener extends Listener {
  /** For connections to come. Throws a TlsSettingsError, and then all stays as it was. */
  renew(settings: TlsSettings): void;
}

/** Rejects as `Net.listen` does, or with a TlsSettingsError. @param onFailure told of each handshake that failed, and why. */
export async function listenTls(
  options: ListenOptions,
  initial: TlsSettings,
  onConnection: (socket: Socket) => SocketEvents,
  onFailure: (reason: string) => void,
): Promise<TlsListener> {
  let settings = initial;
  const sessions = new Map<string, Buffer>();
  const server = tls.createServer({
    ...readTlsSettings(settings),
    ...verification(settings),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    noDelay: true,
  });
  server.on('secureConnection', (socket) => {
    // A certificate that was shown must be good, even where none is asked for.
    const isShown =
      settings.authClients === 'optional' && Object.keys(socket.getPeerCertificate()).length > 0;
    if (isShown && !socket.authorized) {
      onFailure(String(socket.authorizationError));
      socket.destroy();
    } else {
      accept(socket, onConnection);
    }
  });
  server.on('tlsClientError', (error, socket) => {
    onFailure(error.message);
    socket.destroy();
  });
  server.on('newSession', (id: Buffer, data: Buffer, done: () => void) => {
    if (settings.cachesSessions) {
      const oldest = sessions.keys().next().value;
      if (oldest !== undefined && settings.sessionsMax > 0 && sessions.size >= settings.sessionsMax)
        sessions.delete(oldest);
      sessions.set(id.toString('hex'), data);
    }
    done();
  });
  server.on('resumeSession', (id: Buffer, done: (error: null, data: Buffer | null) => void) =>
    done(null, sessions.get(id.toString('hex')) ?? null),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const { host, port, backlog, reusePort } = options;
    server.listen({ host, port, backlog, reusePort, ipv6Only: host === '::' }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = server.address() as net.AddressInfo;
  return {
    port: bound.port,
    address: bound.address,
    fd: -1,
    close: () => server.close(),
    renew(next) {
      server.setSecureContext(readTlsSettings(next));
      settings = next;
      sessions.clear();
      // Looked at for each connection; the documented interface can set them at creation only.
      Object.assign(server, verification(next));
    },
  };
}

const verification = ({
  authClients,
}: TlsSettings): { requestCert: boolean; rejectUnauthorized: boolean } => ({
  requestCert: authClients !== 'no',
  rejectUnauthorized: authClients === 'yes',
});

function accept(socket: tls.TLSSocket, onConnection: (socket: Socket) => SocketEvents): void {
  const owner = onConnection(new TlsConnection(socket));
  socket.on('data', (chunk: Buffer) => owner.onData(chunk, chunk.length));
  socket.on('drain', () => owner.onDrain());
  socket.on('close', () => owner.onClose());
  // The peer's reset or a broken pipe ends in 'close'; there is nothing else to do about it.
  socket.on('error', () => {});
}
