/**
 * Flag `ttl-heap`, baseline: ten times a second every database is swept for expired entries, a slice at a time.
 *
 * A sweep looks at entries in scan order from where the last one stopped, and goes on while it finds many expired ones, until its
 * time is up: the share of expired entries left in memory stays small, and the loop is never held for longer than the slice.
 */
import type { Database } from '../keyspace/database.ts';
import { NO_EXPIRY, type Ref } from '../keyspace/keyspace.ts';
import type { ServerState } from '../serverState.ts';

/** Longest stay in the loop. */
const SLICE_US = 150;
/** One entry in so many expired: worth going on at once, as Redis does. */
const EXPIRED_SHARE_TO_GO_ON = 10;
/** Entries looked at between two looks at the clock. */
const BATCH_ENTRIES = 64;

export class ExpirySweep {
  readonly #server: ServerState;
  #database = 0;
  #cursor = 0;
  #looked = 0;
  #removed = 0;
  readonly #expired: Uint8Array[] = [];

  constructor(server: ServerState) {
    this.#server = server;
  }

  /**
   * One slice: at most SLICE_US, and at most once round every database. True if it ended for lack of time while much was expired:
   * the next slice should follow soon, not at the next tick.
   */
  run(): boolean {
    const { clock, databases } = this.#server;
    const deadlineUs = clock.monotonicUs() + SLICE_US;
    if (!this.#expireFields(deadlineUs)) return true;
    let finished = 0;
    this.#looked = 0;
    this.#removed = 0;
    while (finished < databases.length) {
      const database = databases[this.#database]!;
      if (database.keyspace.expiringCount === 0) {
        this.#cursor = 0;
      } else {
        this.#cursor = this.#batch(database, this.#cursor);
        if (clock.monotonicUs() >= deadlineUs) return this.#removed * EXPIRED_SHARE_TO_GO_ON > this.#looked;
      }
      if (this.#cursor === 0) {
        this.#database = (this.#database + 1) % databases.length;
        finished++;
      }
    }
    return false;
  }

  #batch(database: Database, cursor: number): number {
    const { keyspace } = database;
    const nowMs = this.#server.context.nowMs;
    const next = keyspace.scan(cursor, BATCH_ENTRIES, (ref) => {
      this.#looked++;
      if (this.#isDue(database, ref, nowMs)) this.#expired.push(keyspace.keyBytes(ref));
    });
    for (const key of this.#expired) this.#expire(database, key);
    this.#removed += this.#expired.length;
    this.#expired.length = 0;
    return next;
  }

  #isDue(database: Database, ref: Ref, nowMs: number): boolean {
    const { keyspace } = database;
    const expireAtMs = keyspace.expireAtMs(ref);
    return expireAtMs !== NO_EXPIRY && expireAtMs <= nowMs;
  }

  #expire(database: Database, key: Uint8Array): void {
    const ref = database.keyspace.find(key, 0, key.length);
    if (ref === 0) return;
    if (database.isExpired(ref)) database.expire(ref);
  }

  /** Fields of hashes: their deadlines are kept, so there is nothing to search. True if none is due any more. */
  #expireFields(deadlineUs: number): boolean {
    const { clock, context, databases, stats } = this.#server;
    for (const { fieldDeadlines } of databases) {
      while (fieldDeadlines.isDue(context.nowMs)) {
        stats.expiredFields += fieldDeadlines.expire(context.nowMs, BATCH_ENTRIES);
        if (clock.monotonicUs() >= deadlineUs) return false;
      }
    }
    return true;
  }
}
