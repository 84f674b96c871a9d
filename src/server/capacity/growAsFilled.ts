/** Flag `reserve-capacity`, baseline: containers grow as they are filled, by doubling or by a share, each in its own way. */
import type { CapacityPolicy } from './capacityPolicy.ts';

export class GrowAsFilled implements CapacityPolicy {
  roomFor(): number {
    return 0;
  }
}
