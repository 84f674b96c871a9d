/**
 * What a node has received: for each replica the latest of its stamps such that this and every earlier write of the replica
 * has arrived. A part of the state whose stamp is covered, and which is nevertheless not there, has been replaced or collected:
 * that is how a late, repeated or resurrected message is known for what it is.
 */
import { compareStamps, type Stamp } from './hybridClock.ts';

export class VersionVector {
  readonly #ticks = new Map<string, number>();
  /** Grows with every change. */
  revision = 0;

  get(replica: string): number {
    return this.#ticks.get(replica) ?? 0;
  }

  covers(stamp: Stamp): boolean {
    return stamp.ticks <= this.get(stamp.replica);
  }

  raise(replica: string, ticks: number): void {
    if (ticks <= this.get(replica)) return;
    this.#ticks.set(replica, ticks);
    this.revision++;
  }

  merge(other: VersionVector): void {
    for (const [replica, ticks] of other.#ticks) this.raise(replica, ticks);
  }

  copy(): VersionVector {
    const copy = new VersionVector();
    copy.merge(this);
    return copy;
  }

  get latestTicks(): number {
    return Math.max(0, ...this.#ticks.values());
  }

  /** In the replicas' order, so that equal vectors have equal bytes. */
  entries(): Stamp[] {
    return [...this.#ticks].map(([replica, ticks]) => ({ replica, ticks })).sort(byReplica);
  }
}

const byReplica = (a: Stamp, b: Stamp): number =>
  compareStamps({ ticks: 0, replica: a.replica }, { ticks: 0, replica: b.replica });
