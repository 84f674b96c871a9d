/**
 * A latency heatmap with percentile lines over it: the parts of a uPlot chart that every page's latency over time is made of, so that
 * they read alike. What a column spans and what a count is held against is the caller's.
 */
import type uPlot from '/vendor/uPlot.esm.js';
import { legendKey } from './elements.ts';
import { duration } from './text.ts';

/** Requests of one stretch of time, by latency. */
export interface HeatColumn {
  /** On the chart's horizontal axis. */
  readonly from: number;
  readonly to: number;
  /** Bucket, count, bucket, count, ... */
  readonly buckets: readonly number[];
}

export interface HeatScale {
  /** A bucket's lower edge in microseconds; its upper edge is the next one's. */
  bucketStartUs(bucket: number): number;
  /** How strongly a count of this column shows, 0..1. */
  strengthIn(column: HeatColumn): (count: number) => number;
}

/** A value of the stylesheet, in the colour scheme that is in effect. */
export const css = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const axisStyle = (): Pick<uPlot.Axis, 'stroke' | 'grid' | 'ticks'> => ({
  stroke: css('--soft'),
  grid: { stroke: css('--hair'), width: 1 },
  ticks: { show: false },
});

/** Of a logarithmic axis. */
const decades: uPlot.Axis.Filter = (_, splits) =>
  splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null));

/** For a scale of `distr: 3`. */
export function latencyAxis(widthPx: number): uPlot.Axis {
  const style = axisStyle();
  return {
    ...style,
    size: widthPx,
    filter: decades,
    // Lines at decades only: those between them would hide single requests.
    grid: { ...style.grid, filter: decades },
    values: (_, splits) => splits.map((us) => (us === null ? '' : duration(us))),
  };
}

/** The range of a latency axis: whole decades around what is in sight. */
export function wholeDecades(lowUs: number, highUs: number): [number, number] {
  if (!(highUs > 0)) return [1, 10_000];
  return [10 ** Math.floor(Math.log10(Math.max(0.1, lowUs))), 10 ** Math.ceil(Math.log10(highUs))];
}

/** Lines of p50, p99 and p99.9, told apart by dash as well as by colour, each on a wider one of paper: seen on pale cells and on dark. */
export function percentileSeries(): uPlot.Series[] {
  const line = (colour: string, width: number, dash: number[] = []): uPlot.Series => ({
    stroke: css(colour),
    width,
    points: { show: false },
    spanGaps: false,
    dash,
  });
  return [
    ...[1, 2, 3].map(() => line('--paper', 3.6)),
    line('--p50', 1.8, [2, 3]),
    line('--p99', 1.8),
    line('--p999', 1.8, [7, 4]),
  ];
}

/** Data of `percentileSeries`. @param lines values of p50, p99 and p99.9 */
export function percentileData<Values>(lines: readonly [p50: Values, p99: Values, p999: Values]): Values[] {
  return [...lines, ...lines];
}

/** @param most what the strongest colour stands for. */
export function heatKeys(most: string): HTMLElement[] {
  return [
    legendKey('p50', '--p50', 'line'),
    legendKey('p99', '--p99', 'line'),
    legendKey('p99.9', '--p999', 'line'),
    legendKey('few requests', '--heat-low', 'area'),
    legendKey(most, '--heat-high', 'area'),
  ];
}

/** Called when a chart has been cleared: its lines come over the columns. */
export function drawHeat(chart: uPlot, columns: readonly HeatColumn[], scale: HeatScale): void {
  const { ctx, bbox } = chart;
  const [low, high] = [rgb(css('--heat-low')), rgb(css('--heat-high'))];
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const column of columns) {
    const strengthOf = scale.strengthIn(column);
    // Whole pixels: two cells that share one would show a seam.
    const left = Math.round(Math.max(bbox.left, chart.valToPos(column.from, 'x', true)));
    const width = Math.max(1, Math.round(chart.valToPos(column.to, 'x', true)) - left);
    for (let i = 0; i < column.buckets.length; i += 2) {
      const bucket = column.buckets[i]!;
      // Even a single request is seen: the tail is what one looks for.
      const strength = 0.12 + 0.88 * strengthOf(column.buckets[i + 1]!);
      const top = Math.round(chart.valToPos(scale.bucketStartUs(bucket + 1), 'y', true));
      const bottom = Math.round(chart.valToPos(Math.max(0.03, scale.bucketStartUs(bucket)), 'y', true));
      ctx.fillStyle = mix(low, high, strength);
      ctx.fillRect(left, top, width, Math.max(1.5, bottom - top));
    }
  }
  ctx.restore();
}

type Rgb = [number, number, number];

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;

const mix = (low: Rgb, high: Rgb, share: number): string =>
  `rgb(${low.map((channel, i) => Math.round(channel + (high[i]! - channel) * share)).join(' ')})`;
