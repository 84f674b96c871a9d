/** The table of paired ratios: estimate, interval and what it really covers, and no word of a verdict. */
import { cell, fillTable } from '../../../page/elements.ts';
import { percent, significant } from '../../../page/text.ts';
import type { MetricId } from '../../experiments/result.ts';
import type { RatioFrame, ScenarioOutline, SessionState } from '../sessionEvent.ts';

/** As the report calls them. */
const METRICS: Partial<Record<MetricId, string>> = {
  'throughput-ops-per-sec': 'Throughput',
  'cpu-us-per-request': 'CPU per request',
  'latency-p50-us': 'p50 latency',
  'latency-p99-us': 'p99 latency',
  'latency-p999-us': 'p99.9 latency',
  'memory-bytes-per-key-rss': 'Memory per key (RSS)',
  'memory-overhead-bytes-per-key': 'Overhead per key',
};

export function showRatios(state: SessionState, scenario: ScenarioOutline): void {
  const label = (targetId: string): string =>
    state.outline.targets.find(({ id }) => id === targetId)?.label ?? targetId;
  const rows = state.ratios.filter(
    ({ experimentId, scenarioId }) =>
      experimentId === scenario.experimentId && scenarioId === scenario.scenarioId,
  );
  fillTable(
    'ratios',
    rows.map((row) => [
      cell(METRICS[row.metric] ?? row.metric),
      cell(label(row.b)),
      cell(label(row.a)),
      cell(`${row.pairs} pair${row.pairs === 1 ? '' : 's'}`, 'num'),
      cell(number(row.ratio.estimate), 'num'),
      cell(intervalText(row), 'num'),
      cell(row.pairs < 2 ? '–' : percent(row.ratio.confidence), 'num'),
      cell(row.higherIsBetter ? 'above 1' : 'below 1'),
    ]),
    'No pair is complete yet, or the half minute since the last analysis is not over.',
    8,
  );
}

/** One pair has no interval. */
const intervalText = ({ pairs, ratio }: RatioFrame): string =>
  pairs < 2 ? '–' : `${number(ratio.low)} .. ${number(ratio.high)}`;

/** A number that was not finite comes as null. */
const number = (value: number | null): string => (value === null ? '–' : significant(value));
