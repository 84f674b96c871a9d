/** Percentile curves of one open-loop scenario: latency (log) over 1/(1-q), one line a target, labelled where it ends. */
import type { PercentilePoint } from '../../experiments/result.ts';
import { drawPlot, labelLines, type Point } from '../drawing/plot.ts';
import { logScale, tailScale } from '../drawing/scale.ts';
import { finite, latency, latencyTick, quantileName } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { SessionView } from '../sessionView.ts';

export interface PercentileCurve {
  targetId: string;
  points: PercentilePoint[];
}

/** The curve starts at the median; the maximum (q = 1) has no place on a 1/(1-q) axis and is in the tables. */
function drawable(curve: PercentileCurve): Point[] {
  return curve.points
    .filter(({ q, valueUs }) => finite(q) && q >= 0.5 && q < 1 && finite(valueUs) && valueUs > 0)
    .map(({ q, valueUs }) => ({ x: q, y: valueUs }))
    .toSorted((a, b) => a.x - b.x);
}

export function percentileFigure(
  view: SessionView,
  label: string,
  curves: readonly PercentileCurve[],
): Markup | undefined {
  const series = curves
    .map((curve) => ({ curve, points: drawable(curve) }))
    .filter(({ points }) => points.length > 0)
    .map(({ curve, points }) => ({
      styleIndex: view.styleIndex(curve.targetId),
      label: labelLines(view.name(curve.targetId)),
      tooltip: `${view.name(curve.targetId)}: ${quantileName(points.at(-1)!.x)} ${latency(points.at(-1)!.y)}`,
      points,
    }));
  if (series.length === 0) return undefined;
  const all = series.flatMap(({ points }) => points);
  const low = Math.min(...all.map(({ y }) => y));
  const high = Math.max(...all.map(({ y }) => y));
  return html`<figure><figcaption>${label}</figcaption>${drawPlot({
    title: `Latency percentiles, ${label}`,
    heightPx: 280,
    labelWidthPx: 104,
    x: tailScale(Math.max(...all.map(({ x }) => x)), quantileName),
    y: logScale(low, high, latencyTick, 8),
    xTitle: 'Percentile; each further nine is one equal step',
    yTitle: 'Latency from the intended send time, log scale',
    series,
  })}</figure>`;
}
