/**
 * The frame every chart shares: axes, grid, lines, markers, direct labels.
 *
 * Charts must read at 390 px and at 1280 px from one drawing. So the height is fixed in pixels, horizontal positions are
 * percentages, and only the lines live in a nested viewBox that stretches (their strokes do not: `non-scaling-stroke`). Text is
 * therefore never scaled. Rejected: a viewBox around the whole chart (12 px text becomes 6 px on a phone) and a drawing for
 * each width (twice the bytes, and print needs a third).
 */
import { type Child, html, type Markup } from '../markup.ts';
import type { Scale, Tick } from './scale.ts';

export interface Point {
  x: number;
  y: number;
}

export interface BandPoint {
  x: number;
  low: number;
  high: number;
}

export interface Series {
  styleIndex: number;
  /** Lines of the direct label; empty for a line that needs none. */
  label: string[];
  /** Data, in the units of the scales. */
  points: Point[];
  /** Between which values the line may lie, at rising x. */
  band?: BandPoint[];
  tooltip?: string;
  markers?: boolean;
  /** Marked hollow: a point that did not keep the offered rate. */
  hollow?: (point: Point) => boolean;
  faint?: boolean;
}

export interface Plot {
  title: string;
  heightPx: number;
  labelWidthPx: number;
  x: Scale;
  y: Scale;
  xTitle: string;
  yTitle: string;
  series: Series[];
}

export const percentOf = (fraction: number) => `${Math.round(fraction * 10_000) / 100}%`;

const LABEL_LINE_PX = 14;

export function drawPlot(plot: Plot): Markup {
  const { heightPx } = plot;
  const yPx = (fraction: number) => (1 - fraction) * heightPx;
  return html`<div class="plot" style="padding-right:${plot.labelWidthPx}px"><div class="y-title">${plot.yTitle}</div>
<svg role="img" aria-label="${plot.title}" width="100%" height="${heightPx}" class="chart">
${plot.y.ticks.map((tick) => yGrid(tick, yPx))}${plot.x.ticks.map((tick, i) => xGrid(tick, heightPx, isAlternate(plot.x.ticks, i)))}
<svg width="100%" height="${heightPx}" viewBox="0 0 100 100" preserveAspectRatio="none">${plot.series.map((s) => band(plot, s))}${plot.series.map((s) => line(plot, s))}</svg>
${plot.series.map((s) => markers(plot, s, yPx))}
${endLabels(plot, yPx)}
</svg><div class="x-title">${plot.xTitle}</div></div>`;
}

function yGrid(tick: Tick, yPx: (fraction: number) => number): Markup {
  const y = yPx(tick.at);
  return html`<line class="grid${tick.major ? '' : ' minor'}" x1="0" x2="100%" y1="${y}" y2="${y}"/>${
    tick.label &&
    html`<text class="tick" x="0" dx="-8" y="${y}" dy="4" text-anchor="end">${tick.label}</text>`
  }`;
}

/** Of more than five labels every second one gives way on a phone; the last, the axis's end, stays. */
function isAlternate(ticks: readonly Tick[], index: number): boolean {
  return ticks.length > 5 && (ticks.length - 1 - index) % 2 === 1;
}

function xGrid(tick: Tick, heightPx: number, alternate: boolean): Markup {
  const x = percentOf(tick.at);
  return html`<line class="grid${tick.major ? '' : ' minor'}" x1="${x}" x2="${x}" y1="0" y2="${heightPx}"/>${
    tick.label &&
    html`<text class="tick${alternate && ' alternate'}" x="${x}" y="${heightPx}" dy="17" text-anchor="middle">${tick.label}</text>`
  }`;
}

function line(plot: Plot, series: Series): Child {
  if (series.points.length < 2) return undefined;
  const path = series.points
    .map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${round(plot.x(x) * 100)} ${round((1 - plot.y(y)) * 100)}`)
    .join('');
  return html`<path class="line t${series.styleIndex % STYLE_COUNT}${series.faint ? ' faint' : ''}" d="${path}"/>`;
}

/** There along the upper edge and back along the lower one. */
function band(plot: Plot, { band: points = [], styleIndex }: Series): Child {
  if (points.length < 2) return undefined;
  const at = (x: number, y: number) => `${round(plot.x(x) * 100)} ${round((1 - plot.y(y)) * 100)}`;
  const upper = points.map(({ x, high }) => at(x, high));
  const lower = points.map(({ x, low }) => at(x, low)).toReversed();
  return html`<path class="ribbon t${styleIndex % STYLE_COUNT}" d="M${[...upper, ...lower].join('L')}Z"/>`;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** Styles the stylesheet knows, each a colour, a dash and a marker. */
export const STYLE_COUNT = 8;

const MARKER_PATHS = [
  'M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z', // circle
  'M-3.6 -3.6H3.6V3.6H-3.6Z', // square
  'M0 -4.6L4.4 3.4H-4.4Z', // triangle
  'M0 -5L5 0L0 5L-5 0Z', // diamond
  'M0 4.6L4.4 -3.4H-4.4Z', // triangle, point down
  'M-1.7 -4.8H1.7V-1.7H4.8V1.7H1.7V4.8H-1.7V1.7H-4.8V-1.7H-1.7Z', // plus
  'M-5 -2H5V2H-5Z', // flat bar
  'M-2 -5H2V5H-2Z', // upright bar
];

/** The marker of a target, for legends and for points. */
export function markerPath(styleIndex: number): string {
  return MARKER_PATHS[styleIndex % MARKER_PATHS.length]!;
}

function markers(plot: Plot, series: Series, yPx: (fraction: number) => number): Child {
  if (!series.markers && series.points.length > 1) return undefined;
  return series.points.map((point) => {
    const hollow = series.hollow?.(point) ? ' hollow' : '';
    return html`<svg x="${percentOf(plot.x(point.x))}" y="${yPx(plot.y(point.y))}" overflow="visible"><path class="mark t${series.styleIndex % STYLE_COUNT}${hollow}" d="${markerPath(series.styleIndex)}"/></svg>`;
  });
}

/** Labels at the right edge, moved apart vertically so that none covers another, with a leader to the line's end. */
function endLabels(plot: Plot, yPx: (fraction: number) => number): Child {
  const labelled = plot.series.filter(({ label, points }) => label.length > 0 && points.length > 0);
  const ends = labelled.map(({ points }) => points.at(-1)!);
  const placed = moveApart(
    labelled.map(({ label }, i) => ({ centre: yPx(plot.y(ends[i]!.y)), size: label.length * LABEL_LINE_PX })),
    -8,
    plot.heightPx + 8,
  );
  return labelled.map(({ label, styleIndex, tooltip }, i) => {
    const centre = placed[i]!;
    const firstBaseline = centre - ((label.length - 1) * LABEL_LINE_PX) / 2 + 4;
    const style = styleIndex % STYLE_COUNT;
    const end = ends[i]!;
    const short = plot.x(end.x) < 0.99;
    return html`${short && html`<line class="leader t${style}" x1="${percentOf(plot.x(end.x))}" x2="100%" y1="${yPx(plot.y(end.y))}" y2="${yPx(plot.y(end.y))}"/>`}<svg x="100%" overflow="visible"><path class="leader t${style}" d="M0 ${yPx(plot.y(end.y))}L9 ${centre}"/><text class="end-label t${style}">${label.map(
      (text, row) => html`<tspan x="13" y="${firstBaseline + row * LABEL_LINE_PX}">${text}</tspan>`,
    )}${tooltip && html`<title>${tooltip}</title>`}</text></svg>`;
  });
}

/** Centres as near as may be to where they were, in the same order, no two closer than their sizes allow. */
export function moveApart(
  items: readonly { centre: number; size: number }[],
  top: number,
  bottom: number,
): number[] {
  const order = items.map((_, i) => i).sort((x, y) => items[x]!.centre - items[y]!.centre || x - y);
  // Groups of touching labels, each as near as may be to the mean of what its members wanted.
  const groups: { members: number[]; start: number; size: number }[] = [];
  for (const index of order) {
    const { centre, size } = items[index]!;
    let group = { members: [index], start: centre - size / 2, size };
    for (let last = groups.at(-1); last && last.start + last.size > group.start; last = groups.at(-1)) {
      groups.pop();
      const members = [...last.members, ...group.members];
      group = { members, start: 0, size: last.size + group.size };
      let offset = 0;
      let wanted = 0;
      for (const member of members) {
        wanted += items[member]!.centre - items[member]!.size / 2 - offset;
        offset += items[member]!.size;
      }
      group.start = wanted / members.length;
    }
    group.start = Math.max(top, Math.min(group.start, bottom - group.size));
    groups.push(group);
  }
  const centres: number[] = new Array(items.length).fill(0);
  let previousEnd = top;
  for (const group of groups) {
    let offset = Math.max(group.start, previousEnd);
    for (const member of group.members) {
      centres[member] = offset + items[member]!.size / 2;
      offset += items[member]!.size;
    }
    previousEnd = offset;
  }
  return centres;
}

/** `Evenkeel (all flags)` takes two short lines at the end of a curve. */
export function labelLines(name: string): string[] {
  const match = /^(.+?) \((.+)\)$/.exec(name);
  const lines = match ? [match[1]!, match[2]!] : [name];
  return lines.map((text) => (text.length > 16 ? `${text.slice(0, 15)}…` : text));
}
