import { expect, it } from 'vitest';
import { testSeed } from '../../../test/seed.ts';
import { Prng } from '../../base/prng.ts';
import { type Stretch, Stretches } from './stretches.ts';

const SEED = testSeed();

it('finds exactly the stretches that overlap, whatever their order and length', () => {
  const prng = new Prng(SEED);
  for (let round = 0; round < 200; round++) {
    const all: Stretch[] = Array.from({ length: prng.below(40) }, () => {
      const startUs = prng.below(1000);
      return { startUs, endUs: startUs + prng.below(prng.below(10) === 0 ? 800 : 20) };
    });
    const stretches = new Stretches(all);
    for (let ask = 0; ask < 20; ask++) {
      const fromUs = prng.below(1100);
      const toUs = fromUs + prng.below(300);
      const expected = all.filter(
        ({ startUs, endUs }) => endUs > startUs && startUs < toUs && endUs > fromUs,
      );
      const found = stretches.overlapping(fromUs, toUs);
      expect(new Set(found), `seed ${SEED} round ${round}`).toEqual(new Set(expected));
      expect(found.length).toBe(expected.length);
      expect(found.map(({ startUs }) => startUs)).toEqual(
        expected.map(({ startUs }) => startUs).sort((a, b) => a - b),
      );
    }
  }
});
