/**
 * Ordinary least squares for designed experiments: a few dozen columns, a few hundred rows, no missing structure assumed, so that a
 * rejected block costs one row and not its whole replicate.
 *
 * Normal equations solved by Cholesky: the columns of a two-level design are orthogonal or nearly so, and the condition numbers that
 * make people use QR do not arise. A singular system (a factor that never varied) is refused rather than solved approximately.
 *
 * Source: Golub and Van Loan, Matrix Computations, 4th ed., sections 4.2 and 5.3.2.
 */

export interface Fit {
  coefficients: number[];
  /** Of each coefficient; NaN without degrees of freedom. */
  standardErrors: number[];
  degreesOfFreedom: number;
}

/** @throws RangeError where the rows cannot tell the columns apart. */
export function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): Fit {
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.length !== values.length || rows.length < width)
    throw new RangeError(`${rows.length} rows cannot fit ${width} coefficients`);
  const normal = Array.from({ length: width }, () => new Float64Array(width));
  const moments = new Float64Array(width);
  for (const [index, row] of rows.entries()) {
    for (let i = 0; i < width; i++) {
      moments[i]! += row[i]! * values[index]!;
      for (let j = 0; j <= i; j++) normal[i]![j]! += row[i]! * row[j]!;
    }
  }
  const lower = cholesky(normal);
  const coefficients = solve(lower, moments);
  const residualSum = rows.reduce((sum, row, index) => {
    const fitted = row.reduce((total, value, column) => total + value * coefficients[column]!, 0);
    return sum + (values[index]! - fitted) ** 2;
  }, 0);
  const degreesOfFreedom = rows.length - width;
  const variance = degreesOfFreedom > 0 ? residualSum / degreesOfFreedom : Number.NaN;
  const standardErrors = coefficients.map((_, column) => {
    const unit = new Float64Array(width);
    unit[column] = 1;
    return Math.sqrt(variance * solve(lower, unit)[column]!);
  });
  return { coefficients, standardErrors, degreesOfFreedom };
}

/** The lower triangle L with L L' = matrix; only the lower triangle of `matrix` is read. */
function cholesky(matrix: readonly Float64Array[]): Float64Array[] {
  const lower = matrix.map((row) => new Float64Array(row.length));
  for (const [i, row] of matrix.entries()) {
    for (let j = 0; j <= i; j++) {
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      if (i !== j) lower[i]![j] = sum / lower[j]![j]!;
      else if (sum > 1e-9 * row[i]!) lower[i]![i] = Math.sqrt(sum);
      else throw new RangeError(`column ${i} is a combination of those before it`);
    }
  }
  return lower;
}

/** Forward, then backward substitution. */
function solve(lower: readonly Float64Array[], right: Float64Array): number[] {
  const size = lower.length;
  const solution = Array.from(right);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solution[i]! -= lower[i]![k]! * solution[k]!;
    solution[i]! /= lower[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solution[i]! -= lower[k]![i]! * solution[k]!;
    solution[i]! /= lower[i]![i]!;
  }
  return solution;
}
