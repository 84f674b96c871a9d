/** Flag `batched-deltas`, baseline: each write gossips at once, in a message of its own. */
import type { DeltaOutbox, Flush } from './deltaOutbox.ts';
import type { KeyState } from './keyState.ts';

export class ImmediateDeltas implements DeltaOutbox {
  readonly pendingKeys = 0;
  readonly pendingBytes = 0;
  readonly #flush: Flush;

  constructor(flush: Flush) {
    this.#flush = flush;
  }

  add(key: string, delta: KeyState): void {
    this.#flush([[key, delta]]);
  }

  tick(): void {}

  flush(): void {}
}
