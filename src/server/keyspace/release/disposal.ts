/**
 * How memory goes back that an entry or a whole database no longer needs (flag `lazy-free`): `immediateDisposal.ts` gives it back on
 * the spot, `releaseQueue.ts` in slices. Either way what was discarded is out of sight at once; replies do not depend on it.
 *
 * Every delete comes this way: DEL and UNLINK, overwriting, expiry, eviction, RENAME onto a key, FLUSHDB and FLUSHALL.
 * Redis chooses lazy release for each of them by a parameter (lazyfree-lazy-*), because it takes a thread; here it is one or the other for all, but for
 * the SYNC of FLUSHDB and FLUSHALL.
 */
import type { Database } from '../database.ts';

/** What can be released in steps. */
export interface Releasable {
  /** Entries held. */
  readonly count: number;
  /**
   * Gives back the memory of about `budget` entries, keeping the account right, from `cursor` on (0 at first). Returns the
   * next cursor; 0 once nothing is left.
   */
  releaseSome(cursor: number, budget: number): number;
}

/** A collection that nobody can reach any more. */
export interface Discarded extends Releasable {
  releaseAll(): void;
}

export interface Disposal {
  /** Objects that wait for release: collections, and the keys of flushed databases. */
  readonly pendingObjects: number;
  /** Bytes of flushed keyspaces that wait for release. Waiting collections are still on the factory's account. */
  keyspaceBytes(): number;
  discard(value: Discarded): void;
  /** Empties a database. `now`: nothing that was in it waits when this returns. */
  flush(database: Database, now: boolean): void;
  /** A slice of releasing. */
  run(): void;
}
