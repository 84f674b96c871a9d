/**
 * Horizontal stacked bars with the numbers written beside them: memory per key and CPU per request. One part may be negative
 * (RSS that grew less than the payload): it is drawn as nothing and still printed.
 */
import { type Child, html, type Markup } from '../markup.ts';
import { percentOf, STYLE_COUNT } from './plot.ts';
import { linearScale } from './scale.ts';

export interface Bar {
  name: string;
  styleIndex: number;
  parts: { value: number; className: 'base' | 'extra' }[];
  /** `88.1 = 24 + 64.1`. */
  text: string;
}

const BAR_PX = 18;
const ROW_PX = 44;
const AXIS_PX = 22;

/** Name and numbers stand above each bar: no column of labels to make room for on a phone. */
export function drawBars(
  title: string,
  bars: readonly Bar[],
  valueMax: number,
  label: (value: number) => string,
): Markup {
  const scale = linearScale(valueMax, label, 4);
  const heightPx = bars.length * ROW_PX;
  return html`<svg role="img" aria-label="${title}" class="chart bars" width="100%" height="${heightPx + AXIS_PX}">${scale.ticks.map(
    ({ at, label: text }) => {
      const anchor = at === 0 ? 'start' : at === 1 ? 'end' : 'middle';
      return html`<line class="grid" x1="${percentOf(at)}" x2="${percentOf(at)}" y1="0" y2="${heightPx}"/><text class="tick" x="${percentOf(at)}" y="${heightPx + 15}" text-anchor="${anchor}">${text}</text>`;
    },
  )}${bars.map((bar, row) => drawBar(bar, row * ROW_PX, scale))}</svg>`;
}

function drawBar(bar: Bar, top: number, scale: (value: number) => number): Markup {
  const rects: Child[] = [];
  let total = 0;
  for (const { value, className } of bar.parts) {
    const from = scale(Math.max(0, total));
    total += value;
    const to = scale(Math.max(0, total));
    if (to > from)
      rects.push(
        html`<rect class="bar ${className} t${bar.styleIndex % STYLE_COUNT}" x="${percentOf(from)}" width="${percentOf(to - from)}" y="${top + 20}" height="${BAR_PX}"/>`,
      );
  }
  return html`<text class="bar-name halo" x="0" y="${top + 14}">${bar.name}</text><text class="bar-value halo" x="100%" y="${top + 14}" text-anchor="end">${bar.text}</text>${rects}`;
}
