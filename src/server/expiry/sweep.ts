/**
 * Flag `ttl-heap`, baseline: ten times a second every database is swept for expired entries, a slice at a time.
 *
 * A sweep looks at entries in scan order from where the last one stopped, and goes on while it finds many expired ones, until its
 * time is up: the share of expired entries left in memory stays small, and the loop is never held for longer than the slice.
 */
import type { Database } from '../keyspace/database.ts';
import { NO_EXPIRY, type Ref, ValueType } from '../keyspace/keyspace.ts';
import type { ServerState } from '../serverState.ts';

/** Longest stay in the loop. */
const SLICE_US = 150;
/** Entries looked at between two looks at the clock. */
const BATCH_ENTRIES = 64;

/** A collection whose members expire on their own (hash fields). */
interface FieldExpiring {
  nextFieldExpiryMs(): number;
  expireFields(nowMs: number, budget: number): number;
  readonly length: number;
}

export class ExpirySweep {
  readonly #server: ServerState;
  #database = 0;
  #cursor = 0;
  readonly #expired: Uint8Array[] = [];

  constructor(server: ServerState) {
    this.#server = server;
  }

  /** One slice: at most SLICE_US, and at most once round every database. */
  run(): void {
    const { clock, databases } = this.#server;
    const deadlineUs = clock.monotonicUs() + SLICE_US;
    let finished = 0;
    while (finished < databases.length) {
      const database = databases[this.#database]!;
      if (database.keyspace.expiringCount === 0 && database.fieldExpiringHashes === 0) {
        this.#cursor = 0;
      } else {
        this.#cursor = this.#batch(database, this.#cursor);
        if (clock.monotonicUs() >= deadlineUs) return;
      }
      if (this.#cursor === 0) {
        this.#database = (this.#database + 1) % databases.length;
        finished++;
      }
    }
  }

  #batch(database: Database, cursor: number): number {
    const { keyspace } = database;
    const nowMs = this.#server.context.nowMs;
    const next = keyspace.scan(cursor, BATCH_ENTRIES, (ref) => {
      if (this.#isDue(database, ref, nowMs)) this.#expired.push(keyspace.keyBytes(ref));
    });
    for (const key of this.#expired) this.#expire(database, key, nowMs);
    this.#expired.length = 0;
    return next;
  }

  #isDue(database: Database, ref: Ref, nowMs: number): boolean {
    const { keyspace } = database;
    const expireAtMs = keyspace.expireAtMs(ref);
    if (expireAtMs !== NO_EXPIRY && expireAtMs <= nowMs) return true;
    if (keyspace.type(ref) !== ValueType.hash) return false;
    const nextMs = (keyspace.collection(ref) as unknown as FieldExpiring).nextFieldExpiryMs();
    return nextMs !== NO_EXPIRY && nextMs <= nowMs;
  }

  #expire(database: Database, key: Uint8Array, nowMs: number): void {
    const ref = database.keyspace.find(key, 0, key.length);
    if (ref === 0) return;
    if (database.isExpired(ref)) return database.expire(ref);
    const hash = database.keyspace.collection(ref) as unknown as FieldExpiring;
    this.#server.stats.expiredFields += hash.expireFields(nowMs, BATCH_ENTRIES);
    if (hash.length === 0) database.keyspace.remove(ref);
  }
}
