/**
 * Scales map a quantity to a fraction 0..1 of an axis and name the ticks worth printing. Domains are never empty: a single
 * value gets room on both sides.
 */

export interface Tick {
  /** Fraction of the axis, 0..1. */
  at: number;
  label: string;
  /** A decade or other line that carries a label; minor ticks carry a faint line only. */
  major: boolean;
}

export interface Scale {
  (value: number): number;
  ticks: Tick[];
}

const clamp = (fraction: number) => Math.min(1, Math.max(0, fraction));

function withTicks(place: (value: number) => number, ticks: Tick[]): Scale {
  return Object.assign((value: number) => place(value), { ticks });
}

/** Logarithmic from `low` to `high` (both > 0), widened to whole steps of 1, 2, 5. Labels on 1-2-5 while they fit, else on decades. */
export function logScale(low: number, high: number, label: (value: number) => string, labelsMax = 7): Scale {
  const from = stepDown(low);
  const to = Math.max(stepUp(high), stepUp(from * 1.5));
  const span = Math.log(to / from);
  const place = (value: number) => clamp(Math.log(Math.max(value, from) / from) / span);
  const steps: number[] = [];
  for (let step = from; step <= to * 1.000001; step = stepUp(step * 1.5)) steps.push(step);
  const isDecade = (value: number) => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
  const decades = steps.filter(isDecade);
  const labelled = steps.length <= labelsMax || decades.length < 2 ? steps : decades;
  const ticks = steps.map((value) => {
    const major = labelled.includes(value);
    return { at: place(value), label: major ? label(value) : '', major };
  });
  return withTicks(place, ticks);
}

const STEPS = [1, 2, 5, 10];

function stepDown(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const step = STEPS.findLast((candidate) => candidate * decade <= value * 1.000001) ?? 1;
  return Number((step * decade).toPrecision(6));
}

function stepUp(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const step = STEPS.find((candidate) => candidate * decade >= value * 0.999999) ?? 10;
  return Number((step * decade).toPrecision(6));
}

/** Linear from zero to a round number above `high`. */
export function linearScale(high: number, label: (value: number) => string, ticksMax = 5): Scale {
  const top = high > 0 ? high : 1;
  const decade = 10 ** Math.floor(Math.log10(top));
  const step =
    [0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5, 10].map((s) => s * decade).find((s) => top / s <= ticksMax) ?? top;
  const stepCount = Math.ceil(top / step - 1e-9);
  const end = stepCount * step;
  const ticks: Tick[] = [];
  for (let i = 0; i <= stepCount; i++) ticks.push({ at: i / stepCount, label: label(i * step), major: true });
  return withTicks((value) => clamp(value / end), ticks);
}

/** Quantiles on 1/(1-q): every further nine is one equal step, so the tail gets the room the median usually takes. */
export function tailScale(quantileMax: number, label: (q: number) => string): Scale {
  const decades = Math.max(
    2,
    Math.min(7, Math.ceil(-Math.log10(1 - Math.min(quantileMax, 1 - 1e-7)) - 1e-6)),
  );
  const from = Math.log10(2);
  const place = (q: number) => clamp((-Math.log10(Math.max(1e-12, 1 - q)) - from) / (decades - from));
  const ticks: Tick[] = [{ at: 0, label: label(0.5), major: true }];
  for (let nines = 1; nines <= decades; nines++) {
    const q = 1 - 10 ** -nines;
    ticks.push({ at: place(q), label: label(q), major: true });
  }
  return withTicks(place, ticks);
}

const RATIO_STEPS = [
  0.1, 0.125, 0.2, 0.25, 0.33, 0.5, 0.67, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5, 2, 3, 4, 5, 8, 10,
];

/**
 * Ratios on a log axis around 1, at least 0.93 .. 1.07 and at most 0.1 .. 10; an end beyond it is drawn as an arrow. Labels keep a
 * fifth of the axis between them: the narrowest cell is 170 px and `0.67x` takes 36.
 */
export function ratioScale(values: readonly number[], ticksMax = 5): Scale & { low: number; high: number } {
  const usable = values.filter((value) => Number.isFinite(value) && value > 0);
  const low = Math.max(0.1, Math.min(0.96, ...usable) * 0.97);
  const high = Math.min(10, Math.max(1.04, ...usable) * 1.03);
  const span = Math.log(high / low);
  const place = (value: number) => clamp(Math.log(Math.max(value, 1e-9) / low) / span);
  const steps = RATIO_STEPS.filter((step) => step >= low && step <= high);
  const ticks = spread(steps, place, 1 / ticksMax).map((step) => ({
    at: place(step),
    label: `${step}×`,
    major: true,
  }));
  return Object.assign(withTicks(place, ticks), { low, high });
}

/** Keeps 1 and then every step at least `gap` of the axis away from those kept, from 1 outwards. */
function spread(steps: readonly number[], place: (step: number) => number, gap: number): number[] {
  const kept = [1];
  for (const step of steps.toSorted((x, y) => Math.abs(Math.log(x)) - Math.abs(Math.log(y))))
    if (kept.every((other) => Math.abs(place(other) - place(step)) >= gap)) kept.push(step);
  return kept.toSorted((x, y) => x - y);
}
