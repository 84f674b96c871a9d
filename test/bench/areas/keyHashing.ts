/** Hashing of keys: by algorithm and length, 64 different keys a run. */
import { Prng } from '../../../src/base/prng.ts';
import { SeededRng } from '../../../src/ports/sim/seededRng.ts';
import type { Benchmark } from '../benchmark.ts';
import { hashes } from '../hashing/hashes.ts';

const KEYS = 64;
const LENGTHS = [4, 8, 16, 24, 40, 128];

export const keyHashing: readonly Benchmark[] = hashes.flatMap(({ name, create }) =>
  LENGTHS.map((bytes) => ({
    name: `key hashing, ${name}, ${bytes} B`,
    prepare() {
      const hash = create(new SeededRng(1));
      const prng = new Prng(1);
      const buffer = Uint8Array.from({ length: KEYS * bytes }, () => prng.below(256));
      const run = (): number => {
        let sum = 0;
        for (let i = 0; i < KEYS; i++) sum ^= hash.hash(buffer, i * bytes, (i + 1) * bytes);
        return sum;
      };
      return { operations: KEYS, run };
    },
  })),
);
