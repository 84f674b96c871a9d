/**
 * Deadlines kept in a queue, heap or wheel: what is due is known, nothing has to be searched.
 *
 * Tokens are never taken out early: when an expiry changes, the old token stays until its instant. To bound them, more than
 * TOKENS_SPARE + twice the entries with an expiry + a quarter of all entries start a renewal: a new queue is begun, a walk over the
 * keyspace in scan order puts one token for each expiry into it, and the old one is dropped at the end. Every WALK_EVERY_ADDS-th
 * `add` walks WALK_ENTRIES entries itself, four for each, so a renewal is over before a quarter of the entries have been written, however
 * busy the loop is; slices of idle time help. So at all times, with n entries of which e have an expiry (at their highest since the renewal began):
 *
 *   tokens <= 2 e + n / 4 + TOKENS_SPARE  (old)  +  e + n / 4 + WALK_EVERY_ADDS  (new, while a renewal is under way)
 *
 * and a renewal's walk is paid for by the quarter of n writes that made it necessary: four entries looked at for each.
 *
 * Rejected: throwing stale tokens out of the queue itself (one key set again and again with one instant leaves tokens that all look
 * valid); a flag or position per entry (bytes for every key, and every change of a record would have to keep it).
 *
 * Invariant: each entry with an expiry has a token for it in `#queue`, or in `#old` if the walk has not come to it yet.
 */
import { type Keyspace, NO_EXPIRY, type Ref } from '../keyspace/keyspace.ts';
import type { DeadlineQueue } from './deadlineQueue.ts';
import type { Deadlines } from './deadlines.ts';

/** A handful of kilobytes that are not worth a walk. */
export const TOKENS_SPARE = 4096;
const WALK_EVERY_ADDS = 16;
const WALK_ENTRIES = 64;

/** @param nowMs the clock, as far as known: nothing that is added later is likely to be due before. */
export type CreateQueue = (keyspace: Keyspace, nowMs: number) => DeadlineQueue;

export class QueuedDeadlines implements Deadlines {
  readonly #keyspace: Keyspace;
  readonly #createQueue: CreateQueue;
  readonly #visit: (ref: Ref) => void;
  #queue: DeadlineQueue;
  /** During a renewal: the queue that is being replaced. */
  #old: DeadlineQueue | undefined = undefined;
  #cursor = 0;
  /** The clock at the last `advance`. */
  #nowMs = 0;
  #addsUntilWalk = WALK_EVERY_ADDS;

  constructor(keyspace: Keyspace, createQueue: CreateQueue) {
    this.#keyspace = keyspace;
    this.#createQueue = createQueue;
    this.#queue = createQueue(keyspace, 0);
    this.#visit = (ref) => {
      const expireAtMs = keyspace.expireAtMs(ref);
      if (expireAtMs !== NO_EXPIRY) this.#queue.add(keyspace.handleOf(ref), expireAtMs);
    };
  }

  /** Tokens held, stale ones included. */
  get tokens(): number {
    return this.#queue.size + (this.#old?.size ?? 0);
  }

  add(ref: Ref, expireAtMs: number): void {
    this.#queue.add(this.#keyspace.handleOf(ref), expireAtMs);
    if (--this.#addsUntilWalk > 0) return;
    this.#addsUntilWalk = WALK_EVERY_ADDS;
    this.#renew();
  }

  advance(nowMs: number, budget: number, expire: (ref: Ref) => void): boolean {
    this.#nowMs = nowMs;
    if (this.#keyspace.expiringCount === 0) this.#forget();
    let taken = this.#old?.advance(nowMs, budget, expire) ?? 0;
    if (taken < budget) taken += this.#queue.advance(nowMs, budget - taken, expire);
    if (taken >= budget) return true;
    this.#renew();
    return this.#old !== undefined;
  }

  nextMs(): number {
    if (this.#keyspace.expiringCount === 0) return Number.POSITIVE_INFINITY;
    return this.#old === undefined ? this.#queue.nextMs() : Number.NEGATIVE_INFINITY;
  }

  memoryBytes(): number {
    return this.#queue.memoryBytes() + (this.#old?.memoryBytes() ?? 0);
  }

  /** Begins a renewal where one is needed; a step of the one under way. */
  #renew(): void {
    const keyspace = this.#keyspace;
    if (this.#old === undefined) {
      if (this.#queue.size <= 2 * keyspace.expiringCount + (keyspace.count >>> 2) + TOKENS_SPARE) return;
      this.#old = this.#queue;
      this.#queue = this.#createQueue(keyspace, this.#nowMs);
    }
    this.#cursor = keyspace.scan(this.#cursor, WALK_ENTRIES, this.#visit);
    if (this.#cursor === 0) this.#old = undefined;
  }

  /** No entry has an expiry: all tokens are stale. */
  #forget(): void {
    if (this.tokens > 0) this.#queue = this.#createQueue(this.#keyspace, this.#nowMs);
    this.#old = undefined;
    this.#cursor = 0;
  }
}
