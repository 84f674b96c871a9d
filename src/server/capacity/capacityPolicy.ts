/**
 * How much room a container gets for content that is known to come (flag `reserve-capacity`): `growAsFilled.ts` gives none and lets it
 * grow, `sizedFromCount.ts` sizes it once. Asked for argument lists, replies of many members, and hashes that are built.
 *
 * What is known to come is for the caller to say, and to bound: a client's promise counts only as far as its bytes have arrived.
 */
export interface CapacityPolicy {
  /** Of `expected` units (argument slots, bytes) that are known to come, those that room is made for at once; 0 for none. */
  roomFor(expected: number): number;
}
