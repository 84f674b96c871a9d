/**
 * Student's t: tail and quantile, through the regularised incomplete beta function by Lentz's continued fraction (Numerical Recipes, 3rd
 * edition, section 6.4). simple-statistics has neither.
 */
import { gammaln } from 'simple-statistics';

/** Two-sided p-value of a t statistic. */
export function studentTPValue(statistic: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0))
    throw new RangeError(`Student's t needs degrees of freedom, got ${degreesOfFreedom}`);
  const x = degreesOfFreedom / (degreesOfFreedom + statistic * statistic);
  return incompleteBeta(degreesOfFreedom / 2, 0.5, x);
}

/** The t whose two-sided p-value is 1 - confidence, by bisection: monotone, and precise to the last bits in 100 halvings. */
export function studentTQuantile(confidence: number, degreesOfFreedom: number): number {
  let [low, high] = [0, 1];
  while (studentTPValue(high, degreesOfFreedom) > 1 - confidence) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (studentTPValue(middle, degreesOfFreedom) > 1 - confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log(1 - x));
  // The fraction converges fast on one side of the mean; the other is its mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - (front * betaFraction(b, a, 1 - x)) / b;
  return (front * betaFraction(a, b, x)) / a;
}

function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let fraction = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    for (const coefficient of [even, odd]) {
      d = 1 / (1 + coefficient * d || tiny);
      c = 1 + coefficient / c || tiny;
      fraction *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-14) break;
  }
  return fraction;
}
