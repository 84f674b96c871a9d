/** Flag `io-uring`: which sockets a shard's thread has, and which timers with them. */
import type { Net } from '../ports/net.ts';
import type { Timers } from '../ports/timers.ts';

/** What moves a shard's bytes, and the timers of the loop that does. */
export interface Transport {
  /** As INFO's `multiplexing_api` names it. */
  readonly multiplexing: 'libuv' | 'io_uring';
  readonly net: Net;
  readonly timers: Timers;
}

/** For the calling thread. `refused` is called, with the reason, where the machine cannot do what was asked for: Node's sockets then serve. */
export async function loadTransport(
  flags: ReadonlySet<string>,
  refused: (flag: string, reason: string) => void,
): Promise<Transport> {
  if (flags.has('io-uring')) {
    const { UringSockets } = await import('../ports/real/uring/uringSockets.ts');
    const sockets = await UringSockets.open().catch((error: Error) => error);
    if (sockets instanceof UringSockets)
      return { multiplexing: 'io_uring', net: sockets, timers: sockets.timers };
    refused('io-uring', sockets.message);
  }
  const [{ NetSockets }, { NodeTimers }] = await Promise.all([
    import('../ports/real/netSockets.ts'),
    import('../ports/real/nodeTimers.ts'),
  ]);
  return { multiplexing: 'libuv', net: new NetSockets(), timers: new NodeTimers() };
}
