import { Prng } from '../../base/prng.ts';
import type { Rng } from '../rng.ts';

/** Randomness that a seed replays. */
export class SeededRng implements Rng {
  readonly #prng: Prng;

  constructor(seed: number) {
    this.#prng = new Prng(seed);
  }

  uint32(): number {
    return this.#prng.uint32();
  }

  float(): number {
    return this.#prng.float();
  }
}
