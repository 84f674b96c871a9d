/**
 * What a database knows of its expiries beside the entries themselves, so that expired entries go without being asked for.
 * Flags `ttl-heap` and `ttl-wheel` choose it: `sweep.ts` (knows nothing, looks at everything in turn), or `queuedDeadlines.ts` over
 * `deadlineHeap.ts` or `timingWheel.ts`. It goes with its keyspace where SWAPDB puts it.
 *
 * Only expiries that are set are told. That one was changed, taken off or went with its key is found out when its time comes, so
 * deletes, overwrites, evictions and FLUSHALL cost nothing here.
 *
 * The same for all: an entry is never seen once it has expired (Database looks at each access); after `advance(nowMs, ...)` has
 * returned false with the clock standing, no entry due at `nowMs` is left, and none that is not due was removed. The order in which due entries go is
 * each one's own; Redis promises none either. The sweep gives the second guarantee only after a whole round.
 */
import type { Ref } from '../keyspace/keyspace.ts';

export interface Deadlines {
  /** To be called whenever an entry was given an expiry. */
  add(ref: Ref, expireAtMs: number): void;
  /**
   * One step: looks at about `budget` entries, hands those that are due to `expire`, which removes them, and does as much upkeep.
   * False if there is nothing left to do at `nowMs`.
   */
  advance(nowMs: number, budget: number, expire: (ref: Ref) => void): boolean;
  /** When `advance` should be called next; infinite if no expiry is known. Never later than the next expiry, but for the sweep. */
  nextMs(): number;
  /** Bytes charged. */
  memoryBytes(): number;
}
