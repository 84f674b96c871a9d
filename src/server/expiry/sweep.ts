/**
 * Flag `ttl-heap`, baseline: ten times a second every database is swept for expired entries, a slice at a time.
 *
 * A sweep looks at entries in scan order from where the last one stopped, and goes on while it finds many expired ones: the share
 * of expired entries left in memory stays small. No bytes per key, at the price of looking at entries that are not due, or
 * never will be.
 */
import { type Keyspace, NO_EXPIRY, type Ref } from '../keyspace/keyspace.ts';
import type { Deadlines } from './deadlines.ts';

const SWEEP_EVERY_MS = 100;
/** One entry in so many expired: worth going on at once, as Redis does. */
const EXPIRED_SHARE_TO_GO_ON = 10;

export class Sweep implements Deadlines {
  readonly #keyspace: Keyspace;
  #cursor = 0;
  /** Since `#sinceMs`: one slice. */
  #looked = 0;
  #removed = 0;
  #sinceMs = 0;
  readonly #due: Uint8Array[] = [];

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  add(): void {}

  advance(nowMs: number, budget: number, expire: (ref: Ref) => void): boolean {
    const keyspace = this.#keyspace;
    if (nowMs !== this.#sinceMs) {
      this.#sinceMs = nowMs;
      this.#looked = this.#removed = 0;
    }
    if (keyspace.expiringCount === 0) {
      this.#cursor = 0;
      return false;
    }
    this.#cursor = keyspace.scan(this.#cursor, budget, (ref) => {
      this.#looked++;
      if (isDue(keyspace, ref, nowMs)) this.#due.push(keyspace.keyBytes(ref));
    });
    for (const key of this.#due) {
      const ref = keyspace.find(key, 0, key.length);
      // A scan may visit an entry twice.
      if (ref === 0 || !isDue(keyspace, ref, nowMs)) continue;
      expire(ref);
      this.#removed++;
    }
    this.#due.length = 0;
    return this.#cursor !== 0;
  }

  /** At once while much is expired in the round under way, else at the next tick. */
  nextMs(): number {
    if (this.#keyspace.expiringCount === 0) return Number.POSITIVE_INFINITY;
    const goOn = this.#cursor !== 0 && this.#removed * EXPIRED_SHARE_TO_GO_ON > this.#looked;
    return goOn ? this.#sinceMs : this.#sinceMs + SWEEP_EVERY_MS;
  }

  memoryBytes(): number {
    return 0;
  }
}

function isDue(keyspace: Keyspace, ref: Ref, nowMs: number): boolean {
  const expireAtMs = keyspace.expireAtMs(ref);
  return expireAtMs !== NO_EXPIRY && expireAtMs <= nowMs;
}
