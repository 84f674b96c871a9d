/** What all sockets and listeners of one thread share. */
import type { ReceiveBuffers } from './receiveBuffers.ts';
import type { Ring } from './ring.ts';
import type { SendArena } from './sendArena.ts';
import type { SystemCalls } from './systemCalls.ts';
import type { UringLoop } from './uringLoop.ts';

export interface UringContext {
  readonly calls: SystemCalls;
  readonly ring: Ring;
  readonly loop: UringLoop;
  readonly receiveBuffers: ReceiveBuffers;
  readonly sendArena: SendArena;
}
