/**
 * The seed of a randomised test: SEED if given, else a new one at each run, else the same one at each run where CI is set: a gate judges
 * the change before it, and what was drawn yesterday is drawn again. Whoever draws from it names it in what fails.
 */
const CI_SEED = 1;

/** @throws if SEED is not an integer. */
export function testSeed(): number {
  const given = process.env.SEED;
  if (given === undefined || given === '') {
    return process.env.CI ? CI_SEED : Math.floor(Math.random() * 0x7fff_ffff);
  }
  const seed = Number(given);
  if (!Number.isSafeInteger(seed)) throw new Error(`SEED=${given} is not an integer`);
  return seed;
}
