/**
 * The requests of one connection that are on their way: when each was due and when it was sent, first in, first out, as
 * replies come in order. A circle of doubles that grows by doubling; nothing is allocated once it is as large as the
 * deepest backlog.
 */
import { assert } from '../../base/assert.ts';

export class InFlight {
  #intendedNs = new Float64Array(256);
  #sentNs = new Float64Array(256);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Of the oldest request. */
  get intendedNs(): number {
    return this.#intendedNs[this.#head]!;
  }

  /** Of the oldest request. */
  get sentNs(): number {
    return this.#sentNs[this.#head]!;
  }

  push(intendedNs: number, sentNs: number): void {
    if (this.#length === this.#intendedNs.length) this.#grow();
    const at = (this.#head + this.#length) & (this.#intendedNs.length - 1);
    this.#intendedNs[at] = intendedNs;
    this.#sentNs[at] = sentNs;
    this.#length += 1;
  }

  /** Forgets the oldest. */
  shift(): void {
    assert(this.#length > 0, 'a reply answers a request in flight');
    this.#head = (this.#head + 1) & (this.#intendedNs.length - 1);
    this.#length -= 1;
  }

  #grow(): void {
    this.#intendedNs = unrolled(this.#intendedNs, this.#head);
    this.#sentNs = unrolled(this.#sentNs, this.#head);
    this.#head = 0;
  }
}

/** Twice the capacity, the oldest entry first. */
function unrolled(circle: Float64Array<ArrayBuffer>, head: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(circle.length * 2);
  larger.set(circle.subarray(head));
  larger.set(circle.subarray(0, head), circle.length - head);
  return larger;
}
