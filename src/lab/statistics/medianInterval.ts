/**
 * The interval of a median by order statistics: each value falls below the true median with probability one half, whatever the distribution,
 * so the ranks between which it lies follow from the binomial distribution alone. Exact, and at least as confident as asked.
 * Source: Conover, Practical Nonparametric Statistics, 3.2.
 */

export interface MedianInterval {
  low: number;
  high: number;
}

/** Undefined where no two ranks are that confident: for 0.95, with fewer than six values. */
export function medianInterval(values: readonly number[], confidence = 0.95): MedianInterval | undefined {
  const count = values.length;
  // Of all 2^count ways in which values fall below or above, those with at most `rank` below.
  let rank = -1;
  let ways = 1;
  for (let below = ways; 2 * below <= (1 - confidence) * 2 ** count; below += ways) {
    rank += 1;
    ways = (ways * (count - rank)) / (rank + 1);
  }
  if (rank < 0) return undefined;
  const sorted = values.toSorted((left, right) => left - right);
  return { low: sorted[rank]!, high: sorted[count - 1 - rank]! };
}
