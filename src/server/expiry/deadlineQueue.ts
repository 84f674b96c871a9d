/**
 * Tokens in the order of their instants. A token is a handle (`Keyspace.handleOf`) waiting for an instant; whether the entry it leads
 * to still has that expiry is looked at when the instant has come, so a token may be stale, and an entry may have several.
 *
 * Invariant that its user keeps: every entry of the keyspace with an expiry has a token for just that expiry in the queue.
 */
import type { Ref } from '../keyspace/keyspace.ts';

export interface DeadlineQueue {
  /** Tokens held. */
  readonly size: number;
  add(handle: number, atMs: number): void;
  /** Not later than the first token's instant; infinite without tokens. */
  nextMs(): number;
  /**
   * Takes up to `budget` tokens whose instant has come, handing the entries that are due to `expire`, which removes them. Returns how
   * many tokens were taken or moved: less than the budget means that none is due any more.
   */
  advance(nowMs: number, budget: number, expire: (ref: Ref) => void): number;
  memoryBytes(): number;
}
