/** Flag `reserve-capacity`, candidate: containers are sized once for what is known to come. */
import type { CapacityPolicy } from './capacityPolicy.ts';

/** Beyond this a container grows as it is filled: an expectation that was wrong must not cost more than a reply that is sent whole. */
const ROOM_MAX = 1024 * 1024;

export class SizedFromCount implements CapacityPolicy {
  roomFor(expected: number): number {
    return Math.min(expected, ROOM_MAX);
  }
}
