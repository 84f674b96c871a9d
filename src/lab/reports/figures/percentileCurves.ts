/** Percentile curves of one open-loop scenario: latency (log) over 1/(1-q), one line and its interval a target, labelled where it ends. */
import type { CurvePoint } from '../../experiments/result.ts';
import { type BandPoint, drawPlot, labelLines, type Point } from '../drawing/plot.ts';
import { logScale, tailScale } from '../drawing/scale.ts';
import { finite, latency, latencyTick, quantileName } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { SessionView } from '../sessionView.ts';

export interface PercentileCurve {
  targetId: string;
  points: CurvePoint[];
}

/** The curve starts at the median; the maximum (q = 1) has no place on a 1/(1-q) axis and is in the tables. */
function drawable(curve: PercentileCurve): Point[] {
  return curve.points
    .filter(({ q, valueUs }) => finite(q) && q >= 0.5 && q < 1 && finite(valueUs) && valueUs > 0)
    .map(({ q, valueUs }) => ({ x: q, y: valueUs }))
    .toSorted((a, b) => a.x - b.x);
}

function drawableBand(curve: PercentileCurve): BandPoint[] {
  return curve.points
    .map(({ q, intervalUs }) => ({ x: q, low: intervalUs?.low ?? 0, high: intervalUs?.high ?? 0 }))
    .filter(({ x, low, high }) => finite(x) && x >= 0.5 && x < 1 && finite(low) && low > 0 && finite(high))
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
      band: drawableBand(curve),
    }));
  if (series.length === 0) return undefined;
  const all = series.flatMap(({ points }) => points);
  const bands = series.flatMap(({ band }) => band);
  const low = Math.min(...all.map(({ y }) => y), ...bands.map((point) => point.low));
  const high = Math.max(...all.map(({ y }) => y), ...bands.map((point) => point.high));
  return html`<figure><figcaption>${label}</figcaption>${drawPlot({
    title: `Latency percentiles, ${label}`,
    heightPx: 280,
    labelWidthPx: 104,
    x: tailScale(Math.max(...all.map(({ x }) => x)), quantileName),
    y: logScale(low, high, latencyTick, 8),
    xTitle: 'Percentile; each further nine is one equal step',
    yTitle: 'Latency from the intended send time, log scale',
    series,
  })}${
    bands.length > 0 &&
    html`<p class="note">Lines: the median over the blocks. Bands: the 95 % interval of that median; verdicts compare pairs of blocks and can tell apart what bands do not.</p>`
  }</figure>`;
}
