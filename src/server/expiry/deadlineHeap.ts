/**
 * Flag `ttl-heap`, candidate: a 4-ary min-heap of expiries (d-ary heaps: Johnson 1975).
 *
 * 12 bytes a token: the instant as a double, the entry's handle in 32 bits; no key, no object. With the record's own 8 bytes an expiry
 * costs 20 bytes, and the next one is known to the millisecond. Chunks of 4,096 tokens, so that growth copies nothing and
 * holds the loop for no longer than the allocation of 48 KiB. Four children per node halve the depth of a binary heap: 10 levels for a million
 * tokens, each step one cache line or two.
 *
 * Rejected: instants in 32 bits (49 days of milliseconds: rebasing walks through all tokens at once); a token per key found and
 * moved in place (a position per entry, 4 bytes more, written at each step of each sift).
 */
import type { Keyspace, Ref } from '../keyspace/keyspace.ts';
import type { DeadlineQueue } from './deadlineQueue.ts';
import { expireDue } from './expireDue.ts';

const CHUNK_BITS = 12;
const CHUNK_TOKENS = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_TOKENS - 1;
const TOKEN_BYTES = 12;

export class DeadlineHeap implements DeadlineQueue {
  readonly #keyspace: Keyspace;
  readonly #instants: Float64Array[] = [];
  readonly #handles: Uint32Array[] = [];
  size = 0;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
  }

  add(handle: number, atMs: number): void {
    let at = this.size++;
    if (at >>> CHUNK_BITS === this.#instants.length) {
      this.#instants.push(new Float64Array(CHUNK_TOKENS));
      this.#handles.push(new Uint32Array(CHUNK_TOKENS));
    }
    while (at > 0) {
      const parent = (at - 1) >>> 2;
      if (this.#instant(parent) <= atMs) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#set(at, handle, atMs);
  }

  nextMs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#instant(0);
  }

  advance(nowMs: number, budget: number, expire: (ref: Ref) => void): number {
    let taken = 0;
    while (taken < budget && this.nextMs() <= nowMs) {
      const handle = this.#handles[0]![0]!;
      this.#takeFirst();
      expireDue(this.#keyspace, handle, nowMs, expire);
      taken++;
    }
    return taken;
  }

  memoryBytes(): number {
    return this.#instants.length * CHUNK_TOKENS * TOKEN_BYTES;
  }

  /** The last token takes the root's place and sinks. */
  #takeFirst(): void {
    const last = --this.size;
    const atMs = this.#instant(last);
    const handle = this.#handles[last >>> CHUNK_BITS]![last & CHUNK_MASK]!;
    let at = 0;
    while (true) {
      const child = this.#earliestChild(at);
      if (child >= last || this.#instant(child) >= atMs) break;
      this.#move(child, at);
      at = child;
    }
    this.#set(at, handle, atMs);
    this.#trim();
  }

  /** The child with the earliest instant; at or beyond the size if there is none. */
  #earliestChild(at: number): number {
    const first = at * 4 + 1;
    const end = Math.min(first + 4, this.size);
    let earliest = first;
    for (let child = first + 1; child < end; child++) {
      if (this.#instant(child) < this.#instant(earliest)) earliest = child;
    }
    return earliest;
  }

  /** Gives the last chunk back once the one before it has room again: one spare, so that a size at the edge does not allocate in turns. */
  #trim(): void {
    if (this.#instants.length * CHUNK_TOKENS - this.size < 2 * CHUNK_TOKENS) return;
    this.#instants.pop();
    this.#handles.pop();
  }

  #instant(at: number): number {
    return this.#instants[at >>> CHUNK_BITS]![at & CHUNK_MASK]!;
  }

  #set(at: number, handle: number, atMs: number): void {
    this.#instants[at >>> CHUNK_BITS]![at & CHUNK_MASK] = atMs;
    this.#handles[at >>> CHUNK_BITS]![at & CHUNK_MASK] = handle;
  }

  #move(from: number, to: number): void {
    this.#instants[to >>> CHUNK_BITS]![to & CHUNK_MASK] = this.#instant(from);
    this.#handles[to >>> CHUNK_BITS]![to & CHUNK_MASK] =
      this.#handles[from >>> CHUNK_BITS]![from & CHUNK_MASK]!;
  }
}
