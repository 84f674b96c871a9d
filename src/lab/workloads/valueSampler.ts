/** Draws value lengths, and items by weight, for a declared distribution. */

import { unreachable } from '../../base/assert.ts';
import type { Prng } from '../../base/prng.ts';
import type { ValueSize } from './workload.ts';

/** Draws an index with probability weight / sum of weights. Weights are > 0. */
export function weightedIndexSampler(weights: readonly number[], random: Prng): () => number {
  const cumulative: number[] = [];
  let sum = 0;
  for (const weight of weights) {
    sum += weight;
    cumulative.push(sum);
  }
  const last = weights.length - 1;
  if (last === 0) return () => 0;
  return () => {
    const drawn = random.float() * sum;
    let index = 0;
    while (index < last && drawn >= cumulative[index]!) index += 1;
    return index;
  };
}

/** Draws lengths in bytes. */
export function valueSampler(size: ValueSize, random: Prng): () => number {
  switch (size.kind) {
    case 'fixed':
      return () => size.bytes;
    case 'uniform':
      return () => size.minBytes + random.below(size.maxBytes - size.minBytes + 1);
    case 'empirical': {
      const index = weightedIndexSampler(
        size.points.map((point) => point.weight),
        random,
      );
      return () => size.points[index()]!.bytes;
    }
    case 'generalizedPareto':
      return () => {
        let u = random.float();
        for (const point of size.discrete) {
          if (u < point.share) return point.bytes;
          u -= point.share;
        }
        const bytes = generalizedPareto(size.location, size.scale, size.shape, random.float());
        return Math.min(Math.round(bytes), size.maxBytes);
      };
    default:
      return unreachable(size);
  }
}

/** Quantile u (0 <= u < 1) of the generalized Pareto distribution; shape 0 is the exponential. */
export function generalizedPareto(location: number, scale: number, shape: number, u: number): number {
  if (shape === 0) return location - scale * Math.log1p(-u);
  return location + (scale * ((1 - u) ** -shape - 1)) / shape;
}

/** Largest length that can be drawn. */
export function valueBytesMaxOf(size: ValueSize): number {
  switch (size.kind) {
    case 'fixed':
      return size.bytes;
    case 'uniform':
      return size.maxBytes;
    case 'empirical':
      return Math.max(...size.points.map((point) => point.bytes));
    case 'generalizedPareto':
      return Math.max(size.maxBytes, ...size.discrete.map((point) => point.bytes));
    default:
      return unreachable(size);
  }
}

/** Mean length in bytes, where it has a closed form; undefined for a truncated Pareto. */
export function valueBytesMeanOf(size: ValueSize): number | undefined {
  switch (size.kind) {
    case 'fixed':
      return size.bytes;
    case 'uniform':
      return (size.minBytes + size.maxBytes) / 2;
    case 'empirical': {
      const weightSum = size.points.reduce((sum, point) => sum + point.weight, 0);
      return size.points.reduce((sum, point) => sum + point.bytes * point.weight, 0) / weightSum;
    }
    case 'generalizedPareto':
      return undefined;
    default:
      return unreachable(size);
  }
}
