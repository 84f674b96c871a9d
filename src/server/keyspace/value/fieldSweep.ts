/**
 * One walk over a hash's fields that removes those whose expiry has passed and finds the earliest expiry among the rest.
 * The small form is walked in one go (it is small), `budget` limiting the removals; a table goes in slices that
 * remove about `budget` fields and look at a bounded number more, its SCAN cursor kept between.
 *
 * A field given an expiry while the walk is under way may have been passed already, so `noteExpiry` counts it in: the
 * bound found is a lower bound, never too late.
 */
import { type Keyspace, NO_EXPIRY } from '../keyspace.ts';
import type { SmallFields } from './smallFields.ts';

/** Looking at a field costs about a quarter of removing it: a call may look at this many for each removal it may make. */
const LOOKS_PER_REMOVAL = 4;
/** Removals overshoot the budget by less than this. */
const STEP_FIELDS = 64;

export class FieldSweep {
  finished = false;
  earliestExpiryMs = Number.POSITIVE_INFINITY;
  #cursor = 0;

  noteExpiry(expireAtMs: number): void {
    if (expireAtMs < this.earliestExpiryMs) this.earliestExpiryMs = expireAtMs;
  }

  /** Removes due fields; returns how many. */
  walkSmall(small: SmallFields, nowMs: number, budget: number): number {
    const removed = small.removeExpired(nowMs, budget);
    this.earliestExpiryMs = small.earliestExpiryMs();
    this.finished = true;
    return removed;
  }

  /** Removes some of the due fields; returns how many. To be called until `finished`. */
  walkTable(table: Keyspace, nowMs: number, budget: number): number {
    let removed = 0;
    let looked = 0;
    const lookedMax = budget * LOOKS_PER_REMOVAL;
    const stepFields = Math.min(budget, STEP_FIELDS);
    while (!this.finished && removed < budget && looked < lookedMax) {
      removed += this.#step(table, nowMs, stepFields);
      looked += stepFields;
    }
    return removed;
  }

  /** Looks at about `stepFields` fields and removes those that are due. */
  #step(table: Keyspace, nowMs: number, stepFields: number): number {
    const due: Uint8Array[] = [];
    this.#cursor = table.scan(this.#cursor, stepFields, (ref) => {
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
