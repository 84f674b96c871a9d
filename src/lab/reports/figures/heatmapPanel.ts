/** One panel of a heatmap: an image of palette cells over time, with a latency axis and a line where each block begins. */

import { BUCKETS_PER_OCTAVE } from '../../measurement/heatmapBuckets.ts';
import { cssColour, type Rgb } from '../drawing/colourRamp.ts';
import { indexedPngUri } from '../drawing/indexedPng.ts';
import { percentOf } from '../drawing/plot.ts';
import { latencyTick } from '../format.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { BucketRange, HeatColumns } from './heatmapColumns.ts';

export interface HeatPanel<Column> extends HeatColumns<Column> {
  /** Above the panel. */
  heading: Markup;
  /** For who cannot see it. */
  title: string;
  /** Palette index of every bucket in a column; 0 is transparent. */
  shades(column: Column): readonly number[];
  palette(onDark: boolean): Rgb[];
}

const BUCKET_PX = 4;

export function drawHeatPanel<Column>(panel: HeatPanel<Column>, rows: BucketRange): Markup {
  const { columns, blockStarts } = panel;
  const rowCount = rows.to - rows.from;
  const heightPx = rowCount * BUCKET_PX;
  const cells = new Uint8Array(columns.length * rowCount);
  for (const [column, content] of columns.entries()) {
    const shades = panel.shades(content);
    for (let row = 0; row < rowCount; row++)
      cells[row * columns.length + column] = shades[rows.to - 1 - row] ?? 0;
  }
  const image = (onDark: boolean) =>
    html`<image class="heat ${onDark ? 'on-dark' : 'on-light'}" width="100%" height="${heightPx}" preserveAspectRatio="none" href="${indexedPngUri(
      columns.length,
      rowCount,
      cells,
      panel.palette(onDark),
    )}"/>`;
  return html`<div class="plot heat-plot"><div class="y-title">${panel.heading}</div><svg role="img" aria-label="${panel.title}" class="chart" width="100%" height="${heightPx}"><rect class="panel" width="100%" height="${heightPx}"/>${image(false)}${image(true)}${latencyAxis(
    rows,
    heightPx,
  )}${blockStarts.map((start) => {
    const x = percentOf(start / columns.length);
    return html`<line class="block-start" x1="${x}" x2="${x}" y1="0" y2="${heightPx}"/>`;
  })}</svg></div>`;
}

/** Decades of microseconds where a bucket edge is nearest to them. */
function latencyAxis(rows: BucketRange, heightPx: number): Child {
  const marks: Child[] = [];
  for (let decade = 0; decade <= 7; decade++) {
    const bucket = BUCKETS_PER_OCTAVE * Math.log2(10 ** decade);
    if (bucket < rows.from || bucket > rows.to) continue;
    const y = heightPx - (bucket - rows.from) * BUCKET_PX;
    marks.push(
      html`<line class="heat-grid" x1="0" x2="100%" y1="${y}" y2="${y}"/><text class="tick" x="0" dx="-8" y="${y}" dy="4" text-anchor="end">${latencyTick(10 ** decade)}</text>`,
    );
  }
  return marks;
}

const STOPS = 16;

/** A bar with the colours of `ramp`, which takes 0..1, between the words for its ends. */
export function heatLegend(
  subject: string,
  [low, high]: readonly [string, string],
  ramp: (t: number, onDark: boolean) => Rgb,
): Markup {
  const bar = (onDark: boolean) => {
    const stops = Array.from({ length: STOPS + 1 }, (_, i) => cssColour(ramp(i / STOPS, onDark)));
    return html`<span class="heat-bar ${onDark ? 'on-dark' : 'on-light'}" style="background:linear-gradient(to right,${stops.join(',')})"></span>`;
  };
  return html`<div class="heat-legend"><span>${subject}</span><span>${low}</span>${bar(false)}${bar(true)}<span>${high}</span></div>`;
}
