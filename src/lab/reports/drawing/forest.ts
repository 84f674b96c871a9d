/**
 * Dot and whisker on a log ratio axis: the picture beside every ratio. Horizontal positions are percentages, so that a cell of
 * any width shows the same axis; rows of one table share one scale. The shaded band is equivalence (within 3 % of 1).
 */
import type { Interval } from '../../experiments/result.ts';
import { finite, ratioWithRange } from '../format.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { Tone } from '../verdict.ts';
import { percentOf } from './plot.ts';
import { ratioScale } from './scale.ts';

type RatioScale = ReturnType<typeof ratioScale>;

export const EQUIVALENCE = { low: 0.97, high: 1.03 };

const ROW_PX = 22;

/** One scale for all intervals of a table. */
export function forestScale(
  intervals: readonly (Interval | undefined)[],
  extra: readonly number[] = [],
): RatioScale {
  const ends = intervals.flatMap((interval) =>
    interval ? [interval.low, interval.estimate, interval.high] : [],
  );
  return ratioScale([...ends, ...extra].filter(finite));
}

export function forestAxis(scale: RatioScale): Markup {
  return html`<svg class="forest" width="100%" height="16" role="img" aria-label="Axis: ratio, logarithmic">${scale.ticks.map(
    ({ at, label }) =>
      html`<text class="tick" x="${percentOf(at)}" y="12" text-anchor="${at < 0.04 ? 'start' : at > 0.96 ? 'end' : 'middle'}">${label}</text>`,
  )}</svg>`;
}

const TONE_MARKS: Record<Tone, string> = {
  good: 'M0 -5L4.6 3.2H-4.6Z',
  bad: 'M0 5L4.6 -3.2H-4.6Z',
  partial: 'M0 -4.8L4.8 0L0 4.8L-4.8 0Z',
  same: 'M-3.6 -3.6H3.6V3.6H-3.6Z',
  open: 'M-3.8 0A3.8 3.8 0 1 0 3.8 0A3.8 3.8 0 1 0 -3.8 0Z',
};

/** A verdict's shape on its own, for legends and chips. */
export function toneMark(tone: Tone): Markup {
  return html`<svg class="tone-mark" width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><path class="dot ${tone}" d="${TONE_MARKS[tone]}"/></svg>`;
}

export interface ForestRow {
  interval: Interval | undefined;
  tone: Tone;
  /** The ratio range a claim names, drawn as a frame. */
  claim?: { low: number; high: number };
  /** A budget's limit and which side of it is allowed. */
  limit?: { ratio: number; allowed: 'above' | 'below' };
}

export function forestRow(scale: RatioScale, row: ForestRow): Markup {
  const middle = ROW_PX / 2;
  const label = row.interval ? `Ratio ${ratioWithRange(row.interval)}` : 'No ratio';
  return html`<svg class="forest" width="100%" height="${ROW_PX}" role="img" aria-label="${label}"><title>${label}</title>${box(
    scale,
    EQUIVALENCE,
    'band',
    0,
    ROW_PX,
  )}${scale.ticks.map(({ at }) => html`<line class="grid" x1="${percentOf(at)}" x2="${percentOf(at)}" y1="0" y2="${ROW_PX}"/>`)}<line class="unity" x1="${percentOf(scale(1))}" x2="${percentOf(scale(1))}" y1="0" y2="${ROW_PX}"/>${
    row.claim && box(scale, row.claim, 'claim', 3, ROW_PX - 6)
  }${row.limit && limitMark(scale, row.limit)}${whisker(scale, row, middle)}</svg>`;
}

function box(
  scale: RatioScale,
  { low, high }: { low: number; high: number },
  className: string,
  y: number,
  height: number,
): Child {
  if (!finite(low) || !finite(high)) return undefined;
  const [from, to] = [scale(low), scale(high)];
  return html`<rect class="${className}" x="${percentOf(from)}" width="${percentOf(Math.max(0.004, to - from))}" y="${y}" height="${height}"/>`;
}

function limitMark(
  scale: RatioScale,
  { ratio, allowed }: { ratio: number; allowed: 'above' | 'below' },
): Child {
  if (!finite(ratio)) return undefined;
  const direction = allowed === 'above' ? 7 : -7;
  return html`<svg x="${percentOf(scale(ratio))}" overflow="visible"><path class="limit" d="M0 1V${ROW_PX - 1}M0 1.5H${direction}M0 ${ROW_PX - 1.5}H${direction}"/></svg>`;
}

function whisker(scale: RatioScale, { interval, tone }: ForestRow, middle: number): Child {
  if (!interval || !finite(interval.estimate)) return undefined;
  const low = finite(interval.low) && interval.low > 0 ? interval.low : 0;
  const high = finite(interval.high) ? interval.high : Number.MAX_VALUE;
  const [from, to] = [percentOf(scale(low)), percentOf(scale(high))];
  // An end that lies outside the axis points on instead of stopping.
  const end = (at: string, outside: boolean, direction: number) =>
    html`<svg x="${at}" y="${middle}" overflow="visible"><path class="whisker ${tone}" d="${
      outside ? `M${-5 * direction} -4L0 0L${-5 * direction} 4` : 'M0 -5.5V5.5'
    }"/></svg>`;
  return html`<line class="whisker ${tone}" x1="${from}" x2="${to}" y1="${middle}" y2="${middle}"/>${end(from, low < scale.low, -1)}${end(
    to,
    high > scale.high,
    1,
  )}<svg x="${percentOf(scale(interval.estimate))}" y="${middle}" overflow="visible"><path class="dot ${tone}" d="${TONE_MARKS[tone]}"/></svg>`;
}
