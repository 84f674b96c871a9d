/** The history of published measurements: one line of JSON for each comparison that decided, in `experiments/HISTORY.jsonl`. */
import { z } from 'zod';
import type { Comparison, ExperimentResult, SessionResult } from '../experiments/result.ts';

const interval = z.object({ estimate: z.number(), low: z.number().nullable(), high: z.number().nullable() });

const entrySchema = z.object({
  startedAtIso: z.string(),
  commit: z.string(),
  effort: z.string(),
  node: z.string(),
  cpu: z.string(),
  experiment: z.string(),
  scenario: z.string(),
  metric: z.string(),
  reference: z.string(),
  candidate: z.string(),
  ratio: interval,
  /** Medians in the metric's unit. */
  referenceMedian: z.number().nullable(),
  candidateMedian: z.number().nullable(),
  pairs: z.number(),
});
export type HistoryEntry = z.infer<typeof entrySchema>;

export class HistoryError extends Error {
  override name = 'HistoryError';
}

/** @throws HistoryError naming the line. */
export function parseHistory(text: string): HistoryEntry[] {
  return text.split('\n').flatMap((line, index) => (line === '' ? [] : [parseLine(line, index + 1)]));
}

function parseLine(line: string, number: number): HistoryEntry {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    throw new HistoryError(`line ${number} of the history is no measurement: ${line.slice(0, 80)}`);
  }
}

export function renderHistory(entries: readonly HistoryEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

/** What a published experiment adds: its deciding comparisons that have a ratio. */
export function entriesOf(session: SessionResult, experiment: ExperimentResult): HistoryEntry[] {
  const { environment } = session;
  const label = (id: string): string => session.targets.find((target) => target.id === id)?.label ?? id;
  return experiment.comparisons
    .filter((comparison) => isDeciding(experiment, comparison) && Number.isFinite(comparison.ratio?.estimate))
    .map(({ scenarioId, metric, a, b, ratio, medianA, medianB, pairs }) => ({
      startedAtIso: environment.startedAtIso,
      commit: environment.gitSha,
      effort: session.effort,
      node: environment.node,
      cpu: environment.cpuModel,
      experiment: experiment.id,
      scenario: scenarioId,
      metric,
      reference: label(a),
      candidate: label(b),
      ratio: { estimate: ratio.estimate, low: finiteOrNull(ratio.low), high: finiteOrNull(ratio.high) },
      referenceMedian: finiteOrNull(medianA),
      candidateMedian: finiteOrNull(medianB),
      pairs,
    }));
}

const isDeciding = ({ scenarios }: ExperimentResult, { scenarioId, metric }: Comparison): boolean =>
  scenarios.some(({ id, decides }) => id === scenarioId && decides.includes(metric));

const finiteOrNull = (value: number | null): number | null => (Number.isFinite(value) ? value : null);

/** Old and new together, in order of time, each measurement once. */
export function merged(known: readonly HistoryEntry[], coming: readonly HistoryEntry[]): HistoryEntry[] {
  const keyOf = (entry: HistoryEntry): string => JSON.stringify([entry.startedAtIso, ...seriesKey(entry)]);
  const byKey = new Map([...known, ...coming].map((entry) => [keyOf(entry), entry]));
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

const seriesKey = ({ experiment, scenario, metric, reference, candidate }: HistoryEntry): string[] => [
  experiment,
  scenario,
  metric,
  reference,
  candidate,
];

/** Measurements of the same question, oldest first. */
export function seriesOf(entries: readonly HistoryEntry[]): HistoryEntry[][] {
  return [...Map.groupBy(entries, (entry) => JSON.stringify(seriesKey(entry))).values()];
}
