/**
 * The network of a simulated run: frames travel between nodes with delays, and are lost, repeated, overtaken or damaged on the way.
 * Directions are separate, so a partition may cut one and leave the other.
 */
import type { Prng } from '../../src/base/prng.ts';
import type { FaultCounts } from './faults.ts';

export interface Delivery {
  dueMs: number;
  /** Breaks ties, so that order never depends on the sort. */
  number: number;
  from: number;
  to: number;
  frame: Uint8Array;
  /** The link it was sent over: what is under way when a link breaks never arrives. */
  link: number;
}

/** Chances per message. */
export interface NetworkHazards {
  loss: number;
  duplication: number;
  overtaking: number;
  corruption: number;
}

export const CALM: NetworkHazards = { loss: 0, duplication: 0, overtaking: 0, corruption: 0 };

const DELAY_MS_MAX = 20;
const OVERTAKING_MS_MAX = 2000;

export class SimulatedNetwork {
  hazards: NetworkHazards = CALM;
  /** Directions, `from>to`, that swallow everything. */
  readonly blocked = new Set<string>();
  /** Directions whose sender sees a full queue. */
  readonly congested = new Set<string>();
  readonly #random: Prng;
  readonly #faults: FaultCounts;
  #inFlight: Delivery[] = [];
  /** Number of the link between two nodes, by `low-high`; absent while there is none. */
  readonly #links = new Map<string, number>();
  #number = 0;

  constructor(random: Prng, faults: FaultCounts) {
    this.#random = random;
    this.#faults = faults;
  }

  isLinked(a: number, b: number): boolean {
    return this.#links.has(pairOf(a, b));
  }

  /** True if a link could be made: nothing is in its way in either direction. */
  connect(a: number, b: number): boolean {
    if (this.blocked.has(`${a}>${b}`) || this.blocked.has(`${b}>${a}`)) return false;
    this.#links.set(pairOf(a, b), this.#number++);
    return true;
  }

  disconnect(a: number, b: number): void {
    this.#links.delete(pairOf(a, b));
  }

  send(from: number, to: number, frame: Uint8Array, nowMs: number): void {
    const { loss, duplication, overtaking, corruption } = this.hazards;
    if (this.blocked.has(`${from}>${to}`) || !this.isLinked(from, to)) return;
    if (this.#random.float() < loss) return this.#faults.count('message lost');
    let delayMs = 1 + this.#random.below(DELAY_MS_MAX);
    if (this.#random.float() < overtaking) {
      this.#faults.count('message overtaken');
      delayMs += this.#random.below(OVERTAKING_MS_MAX);
    }
    let bytes = frame;
    if (this.#random.float() < corruption) {
      this.#faults.count('message corrupted');
      bytes = frame.slice();
      bytes[this.#random.below(bytes.length)]! ^= 1 << this.#random.below(8);
    }
    this.#post(from, to, bytes, nowMs + delayMs);
    if (this.#random.float() < duplication) {
      this.#faults.count('message duplicated');
      this.#post(from, to, frame, nowMs + delayMs + this.#random.below(OVERTAKING_MS_MAX));
    }
  }

  /** What arrives by now, in order of time. */
  due(nowMs: number): Delivery[] {
    const due = this.#inFlight.filter((delivery) => delivery.dueMs <= nowMs);
    this.#inFlight = this.#inFlight.filter((delivery) => delivery.dueMs > nowMs);
    const isOpen = ({ from, to, link }: Delivery): boolean => this.#links.get(pairOf(from, to)) === link;
    return due.filter(isOpen).sort((a, b) => a.dueMs - b.dueMs || a.number - b.number);
  }

  #post(from: number, to: number, frame: Uint8Array, dueMs: number): void {
    this.#inFlight.push({
      dueMs,
      number: this.#number++,
      from,
      to,
      frame,
      link: this.#links.get(pairOf(from, to))!,
    });
  }
}

const pairOf = (a: number, b: number): string => `${Math.min(a, b)}-${Math.max(a, b)}`;
