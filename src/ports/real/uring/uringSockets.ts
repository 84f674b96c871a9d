/**
 * Sockets in an io_uring behind the Net port: what a thread needs of it, put together.
 *
 * Needs Linux 6.1, the package koffi and a machine that allows io_uring. Many containers do not; `UringSockets.open` then rejects with a
 * sentence that says why, and the composition root takes Node's sockets instead.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Listener, ListenOptions, Net, Socket, SocketEvents } from '../../net.ts';
import type { Timers } from '../../timers.ts';
import { findNodePollFd } from './nodePoll.ts';
import { ReceiveBuffers } from './receiveBuffers.ts';
import { Ring } from './ring.ts';
import { SendArena } from './sendArena.ts';
import { SystemCallError, SystemCalls } from './systemCalls.ts';
import type { UringContext } from './uringContext.ts';
import { UringListener } from './uringListener.ts';
import { UringLoop } from './uringLoop.ts';
import { UringSocket } from './uringSocket.ts';

/** This machine cannot do it; the message says why. */
export class UringUnavailableError extends Error {
  readonly code = 'IO_URING_UNAVAILABLE';
}

export class UringSockets implements Net {
  readonly #context: UringContext;

  private constructor(context: UringContext) {
    this.#context = context;
  }

  /** For the calling thread only. Rejects with a UringUnavailableError. */
  static async open(): Promise<UringSockets> {
    if (process.platform !== 'linux') throw new UringUnavailableError(`${process.platform} is not Linux`);
    const calls = await loadSystemCalls();
    const nodePollFd = await findNodePollFd(calls);
    if (nodePollFd === undefined)
      throw new UringUnavailableError('/proc does not tell which descriptor Node waits on');
    try {
      const ring = new Ring(calls);
      return new UringSockets({
        calls,
        ring,
        loop: new UringLoop(ring, nodePollFd),
        receiveBuffers: new ReceiveBuffers(calls, ring),
        sendArena: new SendArena(calls, ring),
      });
    } catch (error) {
      if (error instanceof SystemCallError) throw new UringUnavailableError(explain(error));
      throw error;
    }
  }

  /** The thread blocks in the ring: its timers must be the ring's. */
  get timers(): Timers {
    return this.#context.loop;
  }

  async listen(options: ListenOptions, onConnection: (socket: Socket) => SocketEvents): Promise<Listener> {
    const host = isIP(options.host) === 0 ? (await lookup(options.host)).address : options.host;
    const context = this.#context;
    return new UringListener(context, { ...options, host }, (fd) => {
      const socket = new UringSocket(context, fd);
      socket.start(onConnection(socket));
    });
  }
}

async function loadSystemCalls(): Promise<SystemCalls> {
  try {
    return await SystemCalls.load();
  } catch {
    throw new UringUnavailableError('the package koffi is not installed, or has no binary for this machine');
  }
}

/** What the kernel's refusal means to an operator. */
export function explain({ code, message }: SystemCallError): string {
  if (code === 'EPERM' || code === 'EACCES')
    return `${code}: forbidden here, by the sysctl kernel.io_uring_disabled or by a container's seccomp profile`;
  if (code === 'ENOSYS') return 'ENOSYS: the kernel has none, or a sandbox hides it';
  if (code === 'EINVAL') return 'EINVAL: it needs Linux 6.1 or later';
  if (code === 'ENOMEM') return 'ENOMEM: the limit of locked memory (ulimit -l) is too low for its rings';
  return message;
}
