/**
 * Latency over time: one panel a target, all blocks in the order they ran, one latency axis and one colour scale for the whole
 * figure. Colour is the share of an interval's requests that fell into a latency bucket, logarithmic, because the tail that matters is one in
 * a thousand. A bucket without requests is transparent.
 */
import type { BlockResult, LatencyInterval, ScenarioDescription } from '../../experiments/result.ts';
import { cssColour, type Rgb, rampColour } from '../drawing/colourRamp.ts';
import { indexedPngUri } from '../drawing/indexedPng.ts';
import { percentOf } from '../drawing/plot.ts';
import { duration, finite, latencyTick } from '../format.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { SessionView } from '../sessionView.ts';

const COLUMNS_MAX = 360;
const BUCKET_PX = 4;
const BUCKETS_PER_OCTAVE = 4;
/** One in a hundred thousand: below it a single slow request of a busy second would vanish. */
const SHARE_MIN = 1e-5;
const PALETTE_STEPS = 63;

interface Panel {
  targetId: string;
  columns: LatencyInterval[];
  /** Column at which each block but the first begins. */
  blockStarts: number[];
}

export function heatmapFigure(
  view: SessionView,
  scenario: ScenarioDescription,
  blocks: readonly BlockResult[],
): Markup | undefined {
  const panels = [...Map.groupBy(blocks, ({ targetId }) => targetId)]
    .map(([targetId, own]) => panelOf(targetId, own))
    .filter(({ columns }) => columns.length > 0)
    .toSorted((x, y) => view.styleIndex(x.targetId) - view.styleIndex(y.targetId));
  const rows = bucketRange(panels);
  if (!rows) return undefined;
  return html`<figure class="wide"><figcaption>${scenario.label}</figcaption>${legend()}${panels.map(
    (panel) => drawPanel(view, panel, rows),
  )}<div class="x-title heat-title">Accepted blocks end to end in the order they ran; a line marks where a fresh process took over</div></figure>`;
}

function panelOf(targetId: string, blocks: readonly BlockResult[]): Panel {
  const columns: LatencyInterval[] = [];
  const starts: number[] = [];
  for (const block of blocks) {
    if (block.intervals.length === 0) continue;
    if (columns.length > 0) starts.push(columns.length);
    columns.push(...block.intervals);
  }
  const merge = Math.max(1, Math.ceil(columns.length / COLUMNS_MAX));
  if (merge === 1) return { targetId, columns, blockStarts: starts };
  const merged: LatencyInterval[] = [];
  for (let i = 0; i < columns.length; i += merge) merged.push(mergeIntervals(columns.slice(i, i + merge)));
  return { targetId, columns: merged, blockStarts: starts.map((start) => start / merge) };
}

function mergeIntervals(intervals: readonly LatencyInterval[]): LatencyInterval {
  const bucketCounts: number[] = [];
  let [count, durationMs] = [0, 0];
  for (const interval of intervals) {
    count += interval.count;
    durationMs += interval.durationMs;
    for (const [bucket, hits] of interval.bucketCounts.entries())
      bucketCounts[bucket] = (bucketCounts[bucket] ?? 0) + (hits || 0);
  }
  return { startMs: intervals[0]!.startMs, durationMs, count, bucketCounts };
}

/** Buckets from the lowest to the highest that holds anything, in whole octaves so that the axis has round ends. */
function bucketRange(panels: readonly Panel[]): { from: number; to: number } | undefined {
  let [from, to] = [Number.POSITIVE_INFINITY, -1];
  for (const { columns } of panels)
    for (const { bucketCounts } of columns) {
      const first = bucketCounts.findIndex((hits) => hits > 0);
      if (first < 0) continue;
      from = Math.min(from, first);
      to = Math.max(
        to,
        bucketCounts.findLastIndex((hits) => hits > 0),
      );
    }
  if (to < 0) return undefined;
  const octave = (bucket: number) => Math.floor(bucket / BUCKETS_PER_OCTAVE) * BUCKETS_PER_OCTAVE;
  return { from: octave(from), to: octave(to) + BUCKETS_PER_OCTAVE };
}

function drawPanel(view: SessionView, panel: Panel, rows: { from: number; to: number }): Markup {
  const { columns, blockStarts, targetId } = panel;
  const rowCount = rows.to - rows.from;
  const heightPx = rowCount * BUCKET_PX;
  const cells = new Uint8Array(columns.length * rowCount);
  for (const [column, { bucketCounts }] of columns.entries()) {
    const total = bucketCounts.reduce((sum, hits) => sum + (hits || 0), 0);
    for (let row = 0; row < rowCount; row++) {
      const hits = bucketCounts[rows.to - 1 - row] ?? 0;
      if (hits > 0) cells[row * columns.length + column] = shadeOf(hits / total);
    }
  }
  const seconds =
    columns.reduce((sum, { durationMs }) => sum + (finite(durationMs) ? durationMs : 0), 0) / 1000;
  const image = (onDark: boolean) =>
    html`<image class="heat ${onDark ? 'on-dark' : 'on-light'}" width="100%" height="${heightPx}" preserveAspectRatio="none" href="${indexedPngUri(
      columns.length,
      rowCount,
      cells,
      palette(onDark),
    )}"/>`;
  return html`<div class="plot heat-plot"><div class="y-title"><b>${view.name(targetId)}</b> · ${duration(seconds)}</div><svg role="img" aria-label="Latency over time, ${view.name(targetId)}" class="chart" width="100%" height="${heightPx}"><rect class="panel" width="100%" height="${heightPx}"/>${image(false)}${image(true)}${latencyAxis(
    rows,
    heightPx,
  )}${blockStarts.map((start) => {
    const x = percentOf(start / columns.length);
    return html`<line class="block-start" x1="${x}" x2="${x}" y1="0" y2="${heightPx}"/>`;
  })}</svg></div>`;
}

/** Decades of microseconds where a bucket edge is nearest to them. */
function latencyAxis(rows: { from: number; to: number }, heightPx: number): Child {
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

/** Palette index 1..63 by the logarithm of the share; 0 is "none". */
function shadeOf(share: number): number {
  const t = 1 - Math.log10(Math.max(share, SHARE_MIN)) / Math.log10(SHARE_MIN);
  return 1 + Math.round(t * (PALETTE_STEPS - 1));
}

function palette(onDark: boolean): Rgb[] {
  const colours: Rgb[] = [[0, 0, 0]];
  for (let i = 0; i < PALETTE_STEPS; i++) colours.push(rampColour(i / (PALETTE_STEPS - 1), onDark));
  return colours;
}

function legend(): Markup {
  const bar = (onDark: boolean) => {
    const stops = Array.from({ length: 9 }, (_, i) => cssColour(rampColour(i / 8, onDark)));
    return html`<span class="heat-bar ${onDark ? 'on-dark' : 'on-light'}" style="background:linear-gradient(to right,${stops.join(',')})"></span>`;
  };
  return html`<div class="heat-legend"><span>Share of the interval's requests</span><span>0.001 %</span>${bar(false)}${bar(true)}<span>100 %</span></div>`;
}
