/** Outgoing stream connections. */
import type { Socket, SocketEvents } from './net.ts';

export interface Dialer {
  /** Connects; `onOpen` returns the socket's owner. `onFailure` is called instead if there is nobody, with the system's code. */
  dial(
    host: string,
    port: number,
    onOpen: (socket: Socket) => SocketEvents,
    onFailure: (code: string) => void,
  ): void;
}
