/**
 * Numbers for people: three significant digits, comma as thousands separator, ` .. ` for ranges, `x` written as a multiplication sign.
 * Every function takes what a result read back from JSON may hold (null where a number was not finite) and answers `unknown`.
 */
import type { Interval } from '../experiments/result.ts';

export type MaybeNumber = number | null | undefined;

export const UNKNOWN = 'unknown';

export function finite(value: MaybeNumber): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function withThousands(digits: string): string {
  const [whole, fraction] = digits.split('.') as [string, string | undefined];
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** `1,230`, `12.3`, `0.0456`, `-3.00`. */
export function significant(value: MaybeNumber, digits = 3): string {
  if (!finite(value)) return UNKNOWN;
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const magnitude = Math.floor(Math.log10(Math.abs(rounded)));
  if (magnitude < -6 || magnitude > 14) return rounded.toExponential(digits - 1);
  return withThousands(rounded.toFixed(Math.max(0, digits - 1 - magnitude)));
}

const COMPACT: readonly [number, string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e4, 'k'],
];

/** `1.83M`, `92.1k`, `1,230`. The suffix starts at ten thousand, below it the digits are as short. */
export function compact(value: MaybeNumber): string {
  if (!finite(value)) return UNKNOWN;
  const rounded = Number(value.toPrecision(3));
  for (const [size, suffix] of COMPACT)
    if (Math.abs(rounded) >= size) {
      const divisor = size === 1e4 ? 1e3 : size;
      return significant(rounded / divisor) + suffix;
    }
  return significant(value);
}

/** Ticks and offered rates: `40k`, `1.5M`, `250`: no digits that carry nothing. */
export function compactTick(value: number): string {
  if (!finite(value)) return UNKNOWN;
  for (const [size, suffix] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const)
    if (Math.abs(value) >= size) return `${Number((value / size).toPrecision(3))}${suffix}`;
  return String(Number(value.toPrecision(3)));
}

/** `412 us` prints with the micro sign; milliseconds and seconds where they read better. */
export function latency(valueUs: MaybeNumber): string {
  if (!finite(valueUs)) return UNKNOWN;
  const { unit, divisor } = latencyUnit(valueUs);
  return `${significant(valueUs / divisor)} ${unit}`;
}

export function latencyTick(valueUs: number): string {
  const { unit, divisor } = latencyUnit(valueUs);
  return `${Number((valueUs / divisor).toPrecision(3))} ${unit}`;
}

/** The unit in which the largest of a row's values reads best. */
export function latencyUnit(valueUsMax: number): { unit: string; divisor: number } {
  if (valueUsMax >= 999_500) return { unit: 's', divisor: 1e6 };
  if (valueUsMax >= 999.5) return { unit: 'ms', divisor: 1e3 };
  return { unit: 'µs', divisor: 1 };
}

export function ratio(value: MaybeNumber): string {
  return finite(value) ? `${significant(value)}×` : UNKNOWN;
}

/** `1.29 .. 1.35`; an open end prints as such. */
export function range(interval: Pick<Interval, 'low' | 'high'>): string {
  const low = finite(interval.low) ? significant(interval.low) : 'unbounded';
  const high = finite(interval.high) ? significant(interval.high) : 'unbounded';
  return `${low} .. ${high}`;
}

/** `1.32× (1.29 .. 1.35)`. */
export function ratioWithRange(interval: Interval | undefined | null): string {
  if (!interval || !finite(interval.estimate)) return UNKNOWN;
  return `${ratio(interval.estimate)} (${range(interval)})`;
}

/** A number somebody declared (a claim, a bound) keeps the digits it was declared with: `1.5`, `0.95`, `1.2M`. */
export function declared(value: MaybeNumber): string {
  return finite(value)
    ? Math.abs(value) >= 1e4
      ? compactTick(value)
      : String(Number(value.toPrecision(6)))
    : UNKNOWN;
}

/** Ranges and versions that must not be torn apart at a line's end. */
export function unbroken(text: string): string {
  return text.replaceAll(' .. ', '\u00a0..\u00a0').replace(/(Redis|pipeline) (?=\d)/g, '$1\u00a0');
}

export function percent(share: MaybeNumber): string {
  return finite(share) ? `${significant(share * 100)} %` : UNKNOWN;
}

/** Two significant digits are all a detectable effect carries. */
/** Effects from here on stand for "no effect could have been seen": fewer pairs than any verdict needs. */
const NOTHING_SEEN_FROM = 99;

export function roughPercent(share: MaybeNumber): string {
  if (finite(share) && share >= NOTHING_SEEN_FROM) return 'nothing';
  return finite(share) ? `${significant(share * 100, 2)} %` : UNKNOWN;
}

export function pValue(value: MaybeNumber): string {
  if (!finite(value)) return UNKNOWN;
  if (value < 0.001) return '< 0.001';
  return value >= 0.9995 ? '1' : value.toFixed(3);
}

export function bytes(value: MaybeNumber): string {
  if (!finite(value)) return UNKNOWN;
  for (const [size, unit] of [
    [2 ** 30, 'GiB'],
    [2 ** 20, 'MiB'],
    [2 ** 10, 'KiB'],
  ] as const)
    if (Math.abs(value) >= size) return `${significant(value / size)} ${unit}`;
  return `${significant(value)} B`;
}

export function duration(seconds: MaybeNumber): string {
  if (!finite(seconds)) return UNKNOWN;
  const whole = Math.round(seconds);
  if (whole < 60) return `${significant(seconds)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `p99`, `p99.9`, `p99.99`: the name of a quantile. */
export function quantileName(q: number): string {
  if (q >= 1) return 'max';
  return `p${Number((q * 100).toFixed(6))}`;
}

export function count(value: number, noun: string, plural = `${noun}s`): string {
  return `${withThousands(String(value))} ${value === 1 ? noun : plural}`;
}
