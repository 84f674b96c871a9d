/** Where this node's own writes wait, or do not wait, until they are gossiped: the two sides of flag `batched-deltas`. */
import type { KeyState } from './keyState.ts';
import type { KeyedState } from './wire/messages.ts';

/** Sends to every peer. The states are all this node's writes since the last call. */
export type Flush = (states: readonly KeyedState[]) => void;

export interface DeltaOutbox {
  /** A local write has happened. */
  add(key: string, delta: KeyState, nowMs: number): void;
  /** Called regularly; `nowMs` is monotonic. */
  tick(nowMs: number): void;
  /** Sends what waits (shutdown, a peer's first round). */
  flush(): void;
  /** Keys waiting. */
  readonly pendingKeys: number;
  readonly pendingBytes: number;
}
