/**
 * One database as it was at an instant, written while it goes on changing.
 *
 *   position      0 ............... #next ...................... end
 *   entries       written           not yet, but those in #early
 *
 * A walk in the keyspace's order writes everything that nobody has changed. Whoever is about to change an entry that the walk has not
 * reached writes it first, as it still is, and puts its key into #early, which the walk passes over; so does a key that was not there at
 * the instant. The walk visits some hundreds of entries at a time, puts them in order and stops anywhere; they are looked for again only if
 * somebody has changed the keyspace since.
 *
 * Invariant: every entry of the instant is written exactly once, in the state of the instant. For an entry that is not written yet is as it was
 * (any change writes it first), and what is written is either behind #next, or in #early until the walk has passed it.
 */
import { assert } from '../../../base/assert.ts';
import { toLatin1 } from '../../../base/bytes.ts';
import {
  type Keyspace,
  type KeyspaceWatcher,
  NO_EXPIRY,
  type Ref,
  ValueType,
} from '../../keyspace/keyspace.ts';
import type { HashValue } from '../../keyspace/value/hashValue.ts';

/** Positions have 32 bits, and a visit finds fewer entries than this: both fit in the 53 of a number. */
const PLACES = 2 ** 12;
/** Entries written between two looks at the clock. */
const ENTRIES_PER_LOOK = 8;

export class KeyspaceSnapshot implements KeyspaceWatcher {
  readonly #keyspace: Keyspace;
  readonly #write: (keyspace: Keyspace, ref: Ref) => void;
  readonly #isReading: (() => boolean) | undefined;
  #next = 0;
  /** Of the walk's last visit, in order, `#at` of them done; undefined if they may have moved. */
  #visited: Float64Array | undefined;
  #refs: Ref[] = [];
  #at = 0;
  /** Where the walk goes on behind them. */
  #behind = 0;
  readonly #early = new Set<string>();
  #isDone = false;

  /** @param isReading whether what runs now only reads; undefined if nothing can run until all is written. */
  constructor(
    keyspace: Keyspace,
    write: (keyspace: Keyspace, ref: Ref) => void,
    isReading: (() => boolean) | undefined,
  ) {
    this.#keyspace = keyspace;
    this.#write = write;
    this.#isReading = isReading;
    if (isReading === undefined) return;
    assert(keyspace.watcher === undefined, 'a keyspace has one snapshot in progress at a time');
    keyspace.watcher = this;
  }

  changing(ref: Ref): void {
    this.#visited = undefined;
    if (this.#keyspace.walkPosition(ref) < this.#next) return;
    const key = this.#key(ref);
    if (this.#early.has(key)) return;
    this.#early.add(key);
    this.#emit(ref);
  }

  handingOut(ref: Ref): void {
    // Some commands that only read take expired fields out of a hash.
    if (this.#isReading?.() !== true || this.#mayLoseFields(ref)) this.changing(ref);
  }

  created(ref: Ref): void {
    this.#visited = undefined;
    if (this.#keyspace.walkPosition(ref) >= this.#next) this.#early.add(this.#key(ref));
  }

  clearing(): void {
    this.run(() => false);
  }

  /** Goes on until `isTimeUp`, which is asked every few entries. Returns true once all is written. */
  run(isTimeUp: () => boolean): boolean {
    while (!this.#isDone) {
      if (this.#next === Number.POSITIVE_INFINITY) this.stop();
      else if (!this.#step(isTimeUp)) return false;
    }
    return true;
  }

  /** Nobody needs what it was any more. */
  stop(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    if (this.#keyspace.watcher === this) this.#keyspace.watcher = undefined;
    this.#early.clear();
    this.#visited = undefined;
    this.#refs = [];
  }

  /** Writes what one visit finds; false if time was up before. */
  #step(isTimeUp: () => boolean): boolean {
    const visited = this.#visited ?? this.#visit();
    for (let untilLook = 0; this.#at < visited.length; untilLook--) {
      const position = Math.floor(visited[this.#at]! / PLACES);
      // Those with one position go together: then it is behind, for all of them.
      if (position >= this.#next) {
        if (untilLook <= 0) {
          if (isTimeUp()) return false;
          untilLook = ENTRIES_PER_LOOK;
        }
        this.#next = position + 1;
      }
      const ref = this.#refs[visited[this.#at++]! % PLACES]!;
      if (this.#early.size === 0 || !this.#early.delete(this.#key(ref))) this.#emit(ref);
    }
    this.#next = this.#behind;
    this.#visited = undefined;
    return true;
  }

  /** The entries from #next on that the walk visits at once, by position. */
  #visit(): Float64Array {
    const refs: Ref[] = [];
    const keys: number[] = [];
    this.#behind = this.#keyspace.walk(this.#next, (ref) => {
      const position = this.#keyspace.walkPosition(ref);
      if (position < this.#next) return;
      keys.push(position * PLACES + refs.length);
      refs.push(ref);
    });
    assert(refs.length <= PLACES, 'a walk visits hundreds of entries at a time');
    this.#refs = refs;
    this.#at = 0;
    this.#visited = Float64Array.from(keys).sort();
    return this.#visited;
  }

  #emit(ref: Ref): void {
    this.#look(() => this.#write(this.#keyspace, ref));
  }

  #mayLoseFields(ref: Ref): boolean {
    if (this.#keyspace.type(ref) !== ValueType.hash) return false;
    const hash = this.#look(() => this.#keyspace.collection(ref)) as HashValue;
    return hash.nextFieldExpiryMs() !== NO_EXPIRY;
  }

  /** What is handed out to a snapshot is not changed: no snapshot needs to hear of it. */
  #look<T>(look: () => T): T {
    const { watcher } = this.#keyspace;
    this.#keyspace.watcher = undefined;
    try {
      return look();
    } finally {
      this.#keyspace.watcher = watcher;
    }
  }

  #key(ref: Ref): string {
    return toLatin1(this.#keyspace.keyBytes(ref));
  }
}
