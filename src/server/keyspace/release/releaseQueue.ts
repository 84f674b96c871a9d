/**
 * Flag `lazy-free`, candidate: what is large waits in a queue and is released in slices, beside the requests.
 *
 * A step releases about STEP_ENTRIES entries, or one region of an arena's index (some 570 records at most, a few dozen microseconds), and a slice ends at its
 * time: deleting a hash of two million fields holds the loop for no longer than deleting a small one, and its memory comes back over
 * thousands of steps. Until then it is charged. What has up to AT_ONCE_ENTRIES entries is not worth the queue (Redis's LAZYFREE_THRESHOLD).
 *
 * A flushed database gets an empty keyspace at once; the old one waits. Emptied keyspaces serve the next flush, so that flushing again and again makes
 * no more of them than wait at one time.
 */
import type { Clock } from '../../../ports/clock.ts';
import type { ServerStats } from '../../serverStats.ts';
import { SLICE_US } from '../../slice.ts';
import type { Database } from '../database.ts';
import type { Keyspace, KeyspaceFactory } from '../keyspace.ts';
import type { Discarded, Disposal, Releasable } from './disposal.ts';

const AT_ONCE_ENTRIES = 64;
const STEP_ENTRIES = 64;

interface Waiting {
  readonly value: Releasable;
  /** As INFO counts it. */
  readonly objects: number;
  /** The same object as `value` where that is a flushed keyspace. */
  readonly keyspace: Keyspace | undefined;
  cursor: number;
}

export class ReleaseQueue implements Disposal {
  readonly #clock: Clock;
  readonly #storage: KeyspaceFactory;
  readonly #stats: ServerStats;
  readonly #waiting: Waiting[] = [];
  readonly #emptied: Keyspace[] = [];
  pendingObjects = 0;

  constructor(clock: Clock, storage: KeyspaceFactory, stats: ServerStats) {
    this.#clock = clock;
    this.#storage = storage;
    this.#stats = stats;
  }

  keyspaceBytes(): number {
    let bytes = 0;
    for (const { keyspace } of this.#waiting) bytes += keyspace?.memoryBytes() ?? 0;
    return bytes;
  }

  discard(value: Discarded): void {
    if (value.count <= AT_ONCE_ENTRIES) value.releaseAll();
    else this.#push({ value, objects: 1, keyspace: undefined, cursor: 0 });
  }

  flush(database: Database, now: boolean): void {
    const { keyspace } = database;
    if (keyspace.count > 0) {
      database.replaceContents(this.#emptied.pop() ?? this.#storage.createDatabase());
      this.#push({ value: keyspace, objects: keyspace.count, keyspace, cursor: 0 });
    }
    while (now && this.#waiting.length > 0) this.#step();
  }

  run(): void {
    const deadlineUs = this.#clock.monotonicUs() + SLICE_US;
    while (this.#waiting.length > 0) {
      this.#step();
      if (this.#clock.monotonicUs() >= deadlineUs) return;
    }
  }

  /** The last in the queue goes first: what a collection in a flushed keyspace adds is released before the keyspace goes on. */
  #step(): void {
    const last = this.#waiting[this.#waiting.length - 1]!;
    const depth = this.#waiting.length;
    last.cursor = last.value.releaseSome(last.cursor, STEP_ENTRIES);
    if (last.cursor !== 0) return;
    this.#waiting.splice(depth - 1, 1);
    this.pendingObjects -= last.objects;
    this.#stats.lazyfreedObjects += last.objects;
    if (last.keyspace !== undefined) this.#emptied.push(last.keyspace);
  }

  #push(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.pendingObjects += waiting.objects;
  }
}
