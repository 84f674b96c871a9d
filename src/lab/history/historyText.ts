/** The history in a terminal: one block a question, the ratios in order of time, points of change marked. */

import type { MetricId } from '../experiments/result.ts';
import { compact, ratio } from '../reports/format.ts';
import { readingOf } from '../reports/metrics.ts';
import { changePoints, SEGMENT_MIN } from './changePoints.ts';
import type { HistoryEntry } from './history.ts';

const STEPS = '▁▂▃▄▅▆▇█';

export function seriesText(series: readonly HistoryEntry[]): string {
  const first = series[0]!;
  const ratios = series.map((entry) => entry.ratio.estimate);
  const changes = new Map(changePoints(ratios.map(Math.log)).map(({ at, pValue }) => [at, pValue]));
  const head = `${first.experiment}/${first.scenario}: ${readingOf(first.metric as MetricId).name}, ${first.candidate} vs ${first.reference}`;
  const rows = series.map(
    ({ startedAtIso, commit, ratio: { estimate, low, high }, candidateMedian, pairs }, index) => {
      const change = changes.get(index);
      const mark = change === undefined ? '' : `  <- change (p ${change.toPrecision(2)})`;
      return (
        `  ${startedAtIso.slice(0, 16).replace('T', ' ')}  ${commit.slice(0, 10)}  ${ratio(estimate).padStart(8)}  ` +
        `(${ratio(low)} .. ${ratio(high)})  ${compact(candidateMedian).padStart(8)}  ${String(pairs).padStart(3)} pairs${mark}`
      );
    },
  );
  const trend =
    series.length < 2 * SEGMENT_MIN
      ? `  ${sparkline(ratios)}  points of change need ${2 * SEGMENT_MIN} measurements, there are ${series.length}`
      : `  ${sparkline(ratios)}  ${changes.size === 0 ? 'no point of change' : `${changes.size} points of change`}`;
  return [head, ...rows, trend].join('\n');
}

function sparkline(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values
    .map((value) => STEPS[high === low ? 0 : Math.round(((value - low) / (high - low)) * (STEPS.length - 1))])
    .join('');
}
