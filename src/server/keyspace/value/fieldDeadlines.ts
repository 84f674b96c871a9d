/**
 * Which hashes of a database have fields that expire, and when each should next be looked at: a binary min-heap.
 *
 * Each hash holds its own place in the heap, so it is moved or taken out exactly when it changes or goes: nothing stale
 * stays behind, and `size` is what INFO calls subexpiry. A place costs about 100 bytes, paid by hashes with field expiries only.
 *
 * The instant kept is a lower bound: it moves forward at once when an expiry is set earlier, and back only when it has passed and
 * the hash was looked at. A place remembers keyspace and key, so SWAPDB needs no care; whoever puts a hash under a key calls `watch`.
 *
 * Rejected: looking for such hashes while sweeping the keyspace (a lone one among a million keys waits for a whole round).
 */
import { equalBytes } from '../../../base/bytes.ts';
import { type Keyspace, NO_EXPIRY } from '../keyspace.ts';
import type { HashValue } from './hashValue.ts';

/** A hash's place in the heap. */
export class FieldDeadline {
  readonly hash: HashValue;
  readonly owner: FieldDeadlines;
  readonly keyspace: Keyspace;
  readonly key: Uint8Array;
  atMs: number;
  position: number;

  constructor(hash: HashValue, owner: FieldDeadlines, keyspace: Keyspace, key: Uint8Array, position: number) {
    this.hash = hash;
    this.owner = owner;
    this.keyspace = keyspace;
    this.key = key;
    this.atMs = hash.nextFieldExpiryMs();
    this.position = position;
  }
}

export class FieldDeadlines {
  readonly #heap: FieldDeadline[] = [];

  /** Hashes watched. */
  get size(): number {
    return this.#heap.length;
  }

  /** To be called when a field's expiry was set, or a hash put under a key, the bytes [start, end) of `buffer`. */
  watch(hash: HashValue, keyspace: Keyspace, buffer: Uint8Array, start: number, end: number): void {
    const nextMs = hash.nextFieldExpiryMs();
    if (nextMs === NO_EXPIRY) return;
    const known = hash.deadline;
    if (known !== undefined) {
      const { key } = known;
      if (known.keyspace === keyspace && equalBytes(key, 0, key.length, buffer, start, end)) {
        if (nextMs < known.atMs) {
          known.atMs = nextMs;
          known.owner.#rise(known);
        }
        return;
      }
      known.owner.forget(known);
    }
    const key = new Uint8Array(end - start);
    for (let i = start; i < end; i++) key[i - start] = buffer[i]!;
    const deadline = new FieldDeadline(hash, this, keyspace, key, this.#heap.length);
    hash.deadline = deadline;
    this.#heap.push(deadline);
    this.#rise(deadline);
  }

  /** Takes a hash out. */
  forget(deadline: FieldDeadline): void {
    deadline.hash.deadline = undefined;
    const last = this.#heap.pop()!;
    if (last === deadline) return;
    this.#place(last, deadline.position);
    this.#rise(last);
    this.#sink(last);
  }

  /** Told of a hash before fields are removed from it; undefined while nobody needs to know. */
  beforeSweep: ((key: Uint8Array, hash: HashValue) => void) | undefined;

  /** True while a hash is due to be looked at. */
  isDue(nowMs: number): boolean {
    return this.#heap.length > 0 && this.#heap[0]!.atMs < nowMs;
  }

  /** When a hash will be due, infinite if none is watched: fields go in the millisecond after their expiry, as in Redis. */
  nextMs(): number {
    return this.#heap.length > 0 ? this.#heap[0]!.atMs + 1 : Number.POSITIVE_INFINITY;
  }

  /** Looks at the most urgent hash, which `isDue`: removes about `budget` of its fields, the key with the last. Returns how many; `told` hears of the key. */
  expire(nowMs: number, budget: number, told: (key: Uint8Array, isGone: boolean) => void = () => {}): number {
    const deadline = this.#heap[0]!;
    const { hash, keyspace, key } = deadline;
    this.beforeSweep?.(key, hash);
    keyspace.watcher?.changing(keyspace.find(key, 0, key.length));
    const removed = hash.expireFields(nowMs, budget);
    if (hash.length === 0) {
      // Removing the key releases the hash, which takes itself out.
      keyspace.remove(keyspace.find(key, 0, key.length));
      told(key, true);
      return removed;
    }
    if (removed > 0) told(key, false);
    const nextMs = hash.nextFieldExpiryMs();
    if (nextMs === NO_EXPIRY) {
      this.forget(deadline);
    } else if (nextMs > deadline.atMs) {
      deadline.atMs = nextMs;
      this.#sink(deadline);
    }
    return removed;
  }

  #place(deadline: FieldDeadline, position: number): void {
    deadline.position = position;
    this.#heap[position] = deadline;
  }

  #rise(deadline: FieldDeadline): void {
    let { position } = deadline;
    while (position > 0) {
      const parent = this.#heap[(position - 1) >> 1]!;
      if (parent.atMs <= deadline.atMs) break;
      const above = parent.position;
      this.#place(parent, position);
      position = above;
    }
    this.#place(deadline, position);
  }

  #sink(deadline: FieldDeadline): void {
    const heap = this.#heap;
    let { position } = deadline;
    while (true) {
      let child = position * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child++;
      const below = heap[child]!;
      if (below.atMs >= deadline.atMs) break;
      this.#place(below, position);
      position = child;
    }
    this.#place(deadline, position);
  }
}
