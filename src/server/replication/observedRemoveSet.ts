/**
 * A set on which add and remove may happen anywhere at once (an optimised OR-set, Bieniusa et al., 2012): every add makes a dot, a
 * remove takes away the dots it has seen, and an element is in while a dot of it is left. A concurrent add and remove leave it in.
 *
 * No tombstones: a dot that is covered by the context and not there has been removed. A union of tags without the context, as one is
 * tempted to merge, brings removed elements back.
 *
 * The context is exact: a vector for what is contiguous, single dots beyond it, so that deltas may arrive in any order.
 * Not used by a command yet: the server has no set type.
 */

export interface Dot {
  readonly replica: string;
  /** 1, 2, 3, ... for each replica. */
  readonly sequence: number;
}

const nameOf = (dot: Dot): string => `${dot.sequence}:${dot.replica}`;

/** Which dots have been seen. */
export class DotContext {
  readonly #contiguous = new Map<string, number>();
  readonly #beyond = new Map<string, Dot>();

  has(dot: Dot): boolean {
    return dot.sequence <= (this.#contiguous.get(dot.replica) ?? 0) || this.#beyond.has(nameOf(dot));
  }

  add(dot: Dot): void {
    if (this.has(dot)) return;
    this.#beyond.set(nameOf(dot), dot);
    let next = dot;
    while (this.#beyond.has(nameOf(next)) && next.sequence === this.last(next.replica) + 1) {
      this.#beyond.delete(nameOf(next));
      this.#contiguous.set(next.replica, next.sequence);
      next = { replica: next.replica, sequence: next.sequence + 1 };
    }
  }

  merge(other: DotContext): void {
    for (const [replica, last] of other.#contiguous) {
      if (last <= this.last(replica)) continue;
      this.#contiguous.set(replica, last);
    }
    const beyond = [...this.#beyond.values(), ...other.#beyond.values()];
    this.#beyond.clear();
    for (const dot of beyond.sort((a, b) => a.sequence - b.sequence)) this.add(dot);
  }

  /** The last dot of the contiguous ones. */
  last(replica: string): number {
    return this.#contiguous.get(replica) ?? 0;
  }
}

export class ObservedRemoveSet {
  readonly #dots = new Map<string, Map<string, Dot>>();
  readonly #context = new DotContext();

  has(element: string): boolean {
    return this.#dots.has(element);
  }

  /** In ascending order. */
  elements(): string[] {
    return [...this.#dots.keys()].sort();
  }

  /** Adds; what to send. The replica's name must be new at every start, so that no dot is made twice. */
  add(element: string, replica: string): ObservedRemoveSet {
    const dot = { replica, sequence: this.#context.last(replica) + 1 };
    const delta = new ObservedRemoveSet();
    delta.#dots.set(element, new Map([[nameOf(dot), dot]]));
    delta.#context.add(dot);
    // The new dot stands for those it has seen: they may go.
    for (const old of this.#dots.get(element)?.values() ?? []) delta.#context.add(old);
    this.merge(delta);
    return delta;
  }

  /** Removes what is here; what to send. */
  remove(element: string): ObservedRemoveSet {
    const delta = new ObservedRemoveSet();
    for (const dot of this.#dots.get(element)?.values() ?? []) delta.#context.add(dot);
    this.merge(delta);
    return delta;
  }

  merge(other: ObservedRemoveSet): void {
    for (const element of new Set([...this.#dots.keys(), ...other.#dots.keys()])) {
      const mine = this.#dots.get(element) ?? new Map<string, Dot>();
      const theirs = other.#dots.get(element) ?? new Map<string, Dot>();
      const kept = new Map<string, Dot>();
      for (const [name, dot] of mine) if (theirs.has(name) || !other.#context.has(dot)) kept.set(name, dot);
      for (const [name, dot] of theirs) if (mine.has(name) || !this.#context.has(dot)) kept.set(name, dot);
      if (kept.size === 0) this.#dots.delete(element);
      else this.#dots.set(element, kept);
    }
    this.#context.merge(other.#context);
  }
}
