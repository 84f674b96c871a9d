/**
 * One database as it was at an instant, written while it goes on changing.
 *
 *   position      0 ............... #next ...................... end
 *   entries       written           not yet, but those in #early
 *
 * A walk in the keyspace's order writes everything that nobody has changed. Whoever is about to change an entry that the walk has not
 * reached writes it first, as it still is, and puts its key into #early, which the walk passes over; so does a key that was not there at
 * the instant. A step of the walk takes what one unit of it visits; what it has no time for waits as #left, by key, and is
 * treated like what was not reached.
 *
 * Invariant: every entry of the instant is written exactly once, in the state of the instant. For an entry that is not written yet is as it was
 * (any change writes it first), and what is written is either behind #next and not in #left, or in #early until the walk has passed it.
 */
import { assert } from '../../../base/assert.ts';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import {
  type Keyspace,
  type KeyspaceWatcher,
  NO_EXPIRY,
  type Ref,
  ValueType,
} from '../../keyspace/keyspace.ts';
import type { HashValue } from '../../keyspace/value/hashValue.ts';

/** Entries written between two looks at the clock. */
const ENTRIES_PER_LOOK = 8;

export class KeyspaceSnapshot implements KeyspaceWatcher {
  readonly #keyspace: Keyspace;
  readonly #write: (keyspace: Keyspace, ref: Ref) => void;
  /** Whether what runs now only reads. */
  readonly #isReading: () => boolean;
  #next = 0;
  readonly #early = new Set<string>();
  readonly #left = new Set<string>();
  #isDone = false;

  constructor(keyspace: Keyspace, write: (keyspace: Keyspace, ref: Ref) => void, isReading: () => boolean) {
    assert(keyspace.watcher === undefined, 'a keyspace has one snapshot at a time');
    this.#keyspace = keyspace;
    this.#write = write;
    this.#isReading = isReading;
    keyspace.watcher = this;
  }

  /** Keys that are remembered because they were changed ahead of the walk. */
  get earlyKeys(): number {
    return this.#early.size;
  }

  changing(ref: Ref): void {
    if (this.#keyspace.walkPosition(ref) < this.#next) {
      if (this.#left.size > 0 && this.#left.delete(this.#key(ref))) this.#write(this.#keyspace, ref);
      return;
    }
    const key = this.#key(ref);
    if (this.#early.has(key)) return;
    this.#early.add(key);
    this.#write(this.#keyspace, ref);
  }

  handingOut(ref: Ref): void {
    // Some commands that only read take expired fields out of a hash. Writing it takes the collection as well: then it is no longer due.
    if (!this.#isReading() || this.#mayLoseFields(ref)) this.changing(ref);
  }

  created(ref: Ref): void {
    if (this.#keyspace.walkPosition(ref) >= this.#next) this.#early.add(this.#key(ref));
  }

  clearing(): void {
    this.run(() => false);
  }

  /** Goes on until `isTimeUp`, which is asked every few entries. Returns true once all is written. */
  run(isTimeUp: () => boolean): boolean {
    while (!this.#isDone) {
      if (!this.#writeLeft(isTimeUp)) return false;
      if (this.#next === Number.POSITIVE_INFINITY) {
        this.stop();
        return true;
      }
      if (!this.#step(isTimeUp)) return false;
    }
    return true;
  }

  /** Nobody needs what it was any more. */
  stop(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#keyspace.watcher = undefined;
    this.#early.clear();
    this.#left.clear();
  }

  #step(isTimeUp: () => boolean): boolean {
    const refs: Ref[] = [];
    this.#next = this.#keyspace.walk(this.#next, (ref) => refs.push(ref));
    const unwritten =
      this.#early.size === 0 ? refs : refs.filter((ref) => !this.#early.delete(this.#key(ref)));
    for (let i = 0; i < unwritten.length; i++) {
      if (i % ENTRIES_PER_LOOK === 0 && isTimeUp()) {
        for (; i < unwritten.length; i++) this.#left.add(this.#key(unwritten[i]!));
        return false;
      }
      this.#write(this.#keyspace, unwritten[i]!);
    }
    return !isTimeUp();
  }

  #writeLeft(isTimeUp: () => boolean): boolean {
    let written = 0;
    for (const key of this.#left) {
      if (written++ % ENTRIES_PER_LOOK === 0 && isTimeUp()) return false;
      const bytes = fromLatin1(key);
      const ref = this.#keyspace.find(bytes, 0, bytes.length);
      assert(ref !== 0, 'an entry went without the snapshot being told');
      this.#left.delete(key);
      this.#write(this.#keyspace, ref);
    }
    return true;
  }

  #mayLoseFields(ref: Ref): boolean {
    const { watcher } = this.#keyspace;
    if (this.#keyspace.type(ref) !== ValueType.hash) return false;
    // Looking at it is no handing out.
    this.#keyspace.watcher = undefined;
    try {
      return (this.#keyspace.collection(ref) as HashValue).nextFieldExpiryMs() !== NO_EXPIRY;
    } finally {
      this.#keyspace.watcher = watcher;
    }
  }

  #key(ref: Ref): string {
    return toLatin1(this.#keyspace.keyBytes(ref));
  }
}
