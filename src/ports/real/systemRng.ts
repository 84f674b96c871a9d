import { randomFillSync } from 'node:crypto';
import { Prng } from '../../base/prng.ts';
import type { Rng } from '../rng.ts';

/** `uint32` from the operating system's entropy (hash seeds); `float` from a generator seeded by it (random members: fast). */
export class SystemRng implements Rng {
  readonly #words = new Uint32Array(2);
  readonly #fast = new Prng(this.uint32());

  uint32(): number {
    randomFillSync(this.#words);
    return this.#words[0]!;
  }

  float(): number {
    return this.#fast.float();
  }
}
