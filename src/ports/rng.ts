/** Randomness for the core: hash seeds and random members. */
export interface Rng {
  /** Unpredictable, uniform in [0, 2^32). */
  uint32(): number;
  /** Uniform in [0, 1). */
  float(): number;
}
