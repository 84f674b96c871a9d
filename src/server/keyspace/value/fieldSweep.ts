/**
 * One walk over a hash's fields that removes those whose expiry has passed and finds the earliest expiry among the rest.
 * The packed form is walked in one go (it is small), `budget` limiting the removals; a table goes in slices of about `budget` fields, its SCAN cursor kept between.
 *
 * A field given an expiry while the walk is under way may have been passed already, so `noteExpiry` counts it in: the
 * bound found is a lower bound, never too late.
 */
import { type Keyspace, NO_EXPIRY } from '../keyspace.ts';
import type { HashValue } from './hashValue.ts';
import type { PackedFields } from './packedFields.ts';

export class FieldSweep {
  finished = false;
  earliestExpiryMs = Number.POSITIVE_INFINITY;
  #cursor = 0;

  noteExpiry(expireAtMs: number): void {
    if (expireAtMs < this.earliestExpiryMs) this.earliestExpiryMs = expireAtMs;
  }

  /** Removes due fields; returns how many. */
  run(hash: HashValue, nowMs: number, budget: number): number {
    if (hash.packed !== undefined) return this.#walkPacked(hash.packed, nowMs, budget);
    return this.#walkTable(hash.table!, nowMs, budget);
  }

  #walkPacked(packed: PackedFields, nowMs: number, budget: number): number {
    const removed = packed.removeExpired(nowMs, budget);
    this.earliestExpiryMs = packed.earliestExpiryMs();
    this.finished = true;
    return removed;
  }

  #walkTable(table: Keyspace, nowMs: number, budget: number): number {
    const due: Uint8Array[] = [];
    this.#cursor = table.scan(this.#cursor, budget, (ref) => {
      const expireAtMs = table.expireAtMs(ref);
      if (expireAtMs === NO_EXPIRY) return;
      if (expireAtMs < nowMs) due.push(table.keyBytes(ref));
      else this.noteExpiry(expireAtMs);
    });
    let removed = 0;
    for (const field of due) {
      const ref = table.find(field, 0, field.length);
      // A scan may visit an entry twice.
      if (ref === 0) continue;
      table.remove(ref);
      removed++;
    }
    this.finished = this.#cursor === 0;
    return removed;
  }
}
