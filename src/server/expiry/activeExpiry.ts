/**
 * Removes what has expired, in slices, from all databases of a shard: fields of hashes first (they are few), then entries, the databases
 * in turn. One slice holds the loop for SLICE_US and at most one step more; what is left waits for the next.
 *
 *   a million entries due in one second: 150 us of every 1.15 ms, 13 % of the thread, some 100 entries a slice, gone in about ten
 *   seconds; nobody sees them meanwhile, since every access looks at the expiry.
 */
import { EventClass } from '../events/eventClasses.ts';
import type { Ref } from '../keyspace/keyspace.ts';
import type { ServerState } from '../serverState.ts';
import { SLICE_US } from '../slice.ts';

/** Entries looked at between two looks at the clock: one that expires costs about a microsecond, so a step stays below 50. */
const STEP_ENTRIES = 32;
/** Fields: removing one costs less, and a call has work of its own. */
const STEP_FIELDS = 64;

export class ActiveExpiry {
  readonly #server: ServerState;
  /** Removes an entry, by database. */
  readonly #expire: ((ref: Ref) => void)[];
  #database = 0;

  /** @param server with its databases. */
  constructor(server: ServerState) {
    this.#server = server;
    this.#expire = server.databases.map((database) => (ref) => database.expire(ref));
  }

  /** One slice at the context's instant. */
  run(): void {
    const { clock, context, databases } = this.#server;
    const deadlineUs = clock.monotonicUs() + SLICE_US;
    if (!this.#expireFields(deadlineUs)) return;
    for (let finished = 0; finished < databases.length; ) {
      const index = this.#database;
      const goesOn = databases[index]!.deadlines.advance(context.nowMs, STEP_ENTRIES, this.#expire[index]!);
      if (!goesOn) {
        this.#database = (index + 1) % databases.length;
        finished++;
      }
      if (clock.monotonicUs() >= deadlineUs) return;
    }
  }

  /** When the next slice should run, ms since the epoch; infinite if nothing expires. */
  nextMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { deadlines, fieldDeadlines } of this.#server.databases) {
      nextMs = Math.min(nextMs, deadlines.nextMs(), fieldDeadlines.nextMs());
    }
    return nextMs;
  }

  /** True if no field is due any more. */
  #expireFields(deadlineUs: number): boolean {
    const { clock, context, databases, stats } = this.#server;
    for (const database of databases) {
      const { fieldDeadlines } = database;
      const { propagation } = this.#server;
      fieldDeadlines.beforeSweep = propagation && ((key, hash) => propagation.sweeping(database, key, hash));
      const told = (key: Uint8Array, isGone: boolean): void => {
        database.changedKey(key, EventClass.hash, 'hexpired');
        if (isGone) database.changedKey(key, EventClass.generic, 'del');
      };
      while (fieldDeadlines.isDue(context.nowMs)) {
        stats.expiredFields += fieldDeadlines.expire(context.nowMs, STEP_FIELDS, told);
        if (clock.monotonicUs() >= deadlineUs) return false;
      }
    }
    return true;
  }
}
