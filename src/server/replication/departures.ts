/**
 * When the writes of a process that is no more may count as completely known.
 *
 * A process may die after some of its writes reached someone and others nobody. The gap never closes, no vector covers what came
 * after it, and tombstones among that would be kept for ever. So: once everything has been exchanged with every peer, what nobody
 * had is gone for good, and all that was merged of a departed process is all there is of it.
 *
 * A cycle begins with the replicas known that answer under no peer's name. It ends when a round asked after its beginning has been
 * answered completely by every peer, the same processes all along. A process that has only just replaced a peer may be among the
 * replicas of a cycle, as others spread its writes before this node has met it; but then the process it replaced answers no more, so
 * that cycle never ends.
 */

export class Departures {
  readonly #peerCount: number;
  readonly #exchanged = new Set<string>();
  #cycle = 0;
  #candidates: readonly string[] = [];

  constructor(peerCount: number) {
    this.#peerCount = peerCount;
  }

  /** To be noted with each round that is asked. */
  get cycle(): number {
    return this.#cycle;
  }

  /** @param candidates replicas known that answer under no peer's name. To be called whenever another process does. */
  begin(candidates: readonly string[]): void {
    this.#cycle++;
    this.#candidates = candidates;
    this.#exchanged.clear();
  }

  /** A round asked in `cycle` was answered completely: the replicas that have departed with nothing left to learn, mostly none. */
  exchanged(peer: string, cycle: number): readonly string[] {
    if (cycle !== this.#cycle) return [];
    this.#exchanged.add(peer);
    return this.#exchanged.size === this.#peerCount ? this.#candidates : [];
  }

  get isOver(): boolean {
    return this.#exchanged.size === this.#peerCount;
  }
}
