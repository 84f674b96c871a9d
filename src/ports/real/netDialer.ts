/** Node's outgoing TCP sockets behind the Dialer port. */
import net from 'node:net';
import type { Dialer } from '../dialer.ts';
import type { Socket, SocketEvents } from '../net.ts';
import { NetSocket } from './netSockets.ts';

/** A host that answers nothing is given up after this long. */
const CONNECT_TIMEOUT_MS = 2000;

export class NetDialer implements Dialer {
  dial(
    host: string,
    port: number,
    onOpen: (socket: Socket) => SocketEvents,
    onFailure: (code: string) => void,
  ): void {
    const socket = net.connect({ host, port, noDelay: true });
    let owner: SocketEvents | undefined;
    let code = 'ECLOSED';
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      code = 'ETIMEDOUT';
      socket.destroy();
    });
    socket.once('connect', () => {
      socket.setTimeout(0);
      owner = onOpen(new NetSocket(socket, null));
      const events = owner;
      socket.on('data', (chunk) => events.onData(chunk, chunk.length));
      socket.on('drain', () => events.onDrain());
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      code = error.code ?? code;
    });
    socket.once('close', () => (owner === undefined ? onFailure(code) : owner.onClose()));
  }
}
