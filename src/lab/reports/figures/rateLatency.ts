/** Throughput-latency curve of an experiment: latency (log) over the offered rate; p99 strong, p50 faint, one colour a target. */
import type { ExperimentResult, RateLatencyPoint } from '../../experiments/result.ts';
import { drawPlot, labelLines, type Point, type Series } from '../drawing/plot.ts';
import { linearScale, logScale } from '../drawing/scale.ts';
import { compactTick, finite, latencyTick } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import type { SessionView } from '../sessionView.ts';

/** Less than this share of the offered rate was answered: the server was saturated, its latency depends on how long it ran. */
const KEPT_UP_SHARE = 0.97;

type LatencyKey = 'p50Us' | 'p99Us' | 'p999Us';

export function rateLatencyFigures(view: SessionView, experiment: ExperimentResult): Markup[] {
  const byTarget = [
    ...Map.groupBy(
      experiment.curve.filter(({ offeredOpsPerSec }) => finite(offeredOpsPerSec)),
      ({ targetId }) => targetId,
    ),
  ].map(([targetId, points]) => ({
    targetId,
    points: points.toSorted((x, y) => x.offeredOpsPerSec - y.offeredOpsPerSec),
  }));
  if (byTarget.length === 0) return [];
  const figures = [
    drawLatency(view, `${experiment.title}: p99 and p50`, byTarget, 'p99Us', 'p50Us'),
    drawLatency(view, `${experiment.title}: p99.9`, byTarget, 'p999Us'),
  ];
  return figures.filter((figure) => figure !== undefined);
}

interface TargetCurve {
  targetId: string;
  points: RateLatencyPoint[];
}

function drawLatency(
  view: SessionView,
  label: string,
  curves: readonly TargetCurve[],
  strong: LatencyKey,
  faint?: LatencyKey,
): Markup | undefined {
  const saturated = new Set<Point>();
  const seriesOf = ({ targetId, points }: TargetCurve, key: LatencyKey, isFaint: boolean): Series => ({
    styleIndex: view.styleIndex(targetId),
    label: isFaint ? [] : labelLines(view.name(targetId)),
    markers: !isFaint,
    faint: isFaint,
    hollow: (point) => saturated.has(point),
    points: points
      .filter((point) => finite(point[key]) && point[key] > 0)
      .map((point) => {
        const drawn = { x: point.offeredOpsPerSec, y: point[key] };
        if (point.achievedOpsPerSec < KEPT_UP_SHARE * point.offeredOpsPerSec) saturated.add(drawn);
        return drawn;
      }),
  });
  const series = [
    ...(faint ? curves.map((curve) => seriesOf(curve, faint, true)) : []),
    ...curves.map((curve) => seriesOf(curve, strong, false)),
  ].filter(({ points }) => points.length > 0);
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) return undefined;
  const notes = [
    faint ? 'Strong lines p99, faint lines p50.' : '',
    saturated.size > 0 ? 'Hollow: the offered rate was not kept.' : '',
  ];
  return html`<figure><figcaption>${label}</figcaption>${drawPlot({
    title: `Latency over offered rate, ${label}`,
    heightPx: 260,
    labelWidthPx: 104,
    x: linearScale(Math.max(...all.map(({ x }) => x)), compactTick),
    y: logScale(Math.min(...all.map(({ y }) => y)), Math.max(...all.map(({ y }) => y)), latencyTick, 8),
    xTitle: 'Offered rate, ops/s',
    yTitle: 'Latency from the intended send time, log scale',
    series,
  })}${notes.some(Boolean) && html`<p class="note">${notes.filter(Boolean).join(' ')}</p>`}</figure>`;
}
