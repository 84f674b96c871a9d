/**
 * When each request of an open loop is due, and on which connection. Pure: time comes in nanoseconds, nothing is read.
 *
 * Constant arrivals are one evenly spaced stream dealt out to the connections in turn, so each connection is evenly spaced
 * too and their phases are staggered by 1/rate: no bursts. Poisson arrivals have exponential gaps and draw the connection
 * at random, which makes every connection a Poisson process of its own.
 *
 * Invariant: due times never decrease, and depend on the seed and the rate only, never on what was answered.
 */
import { Prng } from '../../base/prng.ts';
import type { OpenLoop } from './protocol.ts';

export class Schedule {
  /** When the next request is due. */
  dueNs: number;
  /** On which connection, 0..connections - 1. */
  connection = 0;
  readonly #startNs: number;
  readonly #gapNs: number;
  readonly #connections: number;
  readonly #random: Prng | undefined;
  #index = 0;

  constructor(loop: OpenLoop, connections: number, startNs: number, seed: number) {
    this.#startNs = startNs;
    this.#gapNs = 1e9 / loop.rateOpsPerSec;
    this.#connections = connections;
    this.#random = loop.arrivals === 'poisson' ? new Prng(seed) : undefined;
    this.dueNs = startNs;
    if (this.#random) this.advance();
  }

  /** Moves on to the request after this one. */
  advance(): void {
    if (this.#random) {
      this.dueNs -= Math.log(1 - this.#random.float()) * this.#gapNs;
      this.connection = this.#random.below(this.#connections);
      return;
    }
    // From the index, not by adding gaps: a million rounding errors would bend the rate.
    this.#index += 1;
    this.dueNs = this.#startNs + this.#index * this.#gapNs;
    this.connection = this.connection + 1 === this.#connections ? 0 : this.connection + 1;
  }
}
