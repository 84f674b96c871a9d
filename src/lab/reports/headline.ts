/**
 * The verdict in words: the few comparisons a reader takes home, as sentences, and the tiles that show them large.
 * They are chosen, not computed: the candidate with all flags against Redis where both were measured, the metrics a scenario
 * was declared to decide, deepest pipeline first. Where nothing but flags was measured, each flag's answer to its question.
 */
import type { Comparison, ScenarioDescription } from '../experiments/result.ts';
import { claimReadings } from './claims.ts';
import { finite, range, ratio } from './format.ts';
import { readingOf } from './metrics.ts';
import { loadPhrase, loadWords, type SessionView } from './sessionView.ts';
import { comparisonVerdictWords, pairsNeededWords } from './verdict.ts';

export interface HeadlineItem {
  comparison: Comparison;
  scenario: ScenarioDescription;
  /** What the tile is about: `Throughput`, and where: `pipeline 64`. */
  subject: string;
  where: string;
  sentence: string;
}

const ITEMS_MAX = 4;

export function headlineOf(view: SessionView): HeadlineItem[] {
  const candidates = view.scorecard.flatMap(({ scenario, deciding }) =>
    deciding.map((comparison) => ({ comparison, scenario })),
  );
  const pair = chosenPair(view, candidates);
  if (!pair) return flagAnswers(view);
  const ofPair = candidates.filter(
    ({ comparison: { a, b, ratio } }) => a === pair[0] && b === pair[1] && finite(ratio?.estimate),
  );
  // One item a topic keeps four scenarios of the same throughput from crowding out memory.
  const topics = Map.groupBy(
    ofPair.toSorted((x, y) => weight(x) - weight(y)),
    ({ comparison }) => topicOf(comparison),
  );
  return [...topics.values()]
    .map((items) => items[0]!)
    .toSorted((x, y) => topicRank(x.comparison) - topicRank(y.comparison))
    .slice(0, ITEMS_MAX)
    .map(({ comparison, scenario }) => {
      const ambiguous = sharesLoad(scenario, ofPair);
      return {
        comparison,
        scenario,
        subject: readingOf(comparison.metric).name,
        where: ambiguous ? scenario.label : loadWords(scenario),
        sentence: comparisonSentence(
          view,
          comparison,
          ambiguous ? `in ${scenario.label}` : loadPhrase(scenario),
        ),
      };
    });
}

/** A session about flags alone: each one's answer to its question. */
function flagAnswers(view: SessionView): HeadlineItem[] {
  return claimReadings(view)
    .flatMap(({ experiment, comparison }) => {
      if (comparison === undefined || !finite(comparison.ratio?.estimate)) return [];
      const scenario = view.scenario(experiment.id, comparison.scenarioId);
      return [
        {
          comparison,
          scenario,
          subject: readingOf(comparison.metric).name,
          where: `${experiment.flag ?? experiment.id}, ${loadWords(scenario)}`,
          sentence: comparisonSentence(view, comparison, loadPhrase(scenario)),
        },
      ];
    })
    .slice(0, ITEMS_MAX);
}

interface Candidate {
  comparison: Comparison;
  scenario: ScenarioDescription;
}

/** Redis against all flags; without Redis, none against all; in a comparison of two other targets, whatever was compared. */
function chosenPair(view: SessionView, candidates: readonly Candidate[]): [string, string] | undefined {
  const has = (a: string, b: string) =>
    candidates.some(({ comparison }) => comparison.a === a && comparison.b === b);
  const references = view.session.targets.filter(({ kind }) => kind === 'redis').map(({ id }) => id);
  for (const reference of references) if (has(reference, 'all')) return [reference, 'all'];
  if (has('none', 'all')) return ['none', 'all'];
  const first = candidates[0]?.comparison;
  return first && [first.a, first.b];
}

const TOPICS: readonly RegExp[] = [/^throughput/, /^latency/, /^memory/, /^cpu/];

function topicRank({ metric }: Comparison): number {
  const rank = TOPICS.findIndex((topic) => topic.test(metric));
  return rank < 0 ? TOPICS.length : rank;
}

function topicOf(comparison: Comparison): string {
  const rank = topicRank(comparison);
  return rank < TOPICS.length ? String(rank) : comparison.metric;
}

/** Within a topic: the deepest pipeline, the whole-CPU figure before its parts, p99 before other percentiles, overhead before totals. */
function weight({ comparison: { metric }, scenario }: Candidate): number {
  const preferred =
    metric === 'latency-p99-us' ||
    metric === 'cpu-us-per-request' ||
    metric === 'memory-overhead-bytes-per-key';
  return -scenario.pipeline + (preferred || metric === 'throughput-ops-per-sec' ? 0 : 1e6);
}

/** Two workloads at the same pipeline depth are told apart by their full labels only. */
function sharesLoad(scenario: ScenarioDescription, candidates: readonly Candidate[]): boolean {
  const words = loadWords(scenario);
  return candidates.some(
    (candidate) => candidate.scenario.id !== scenario.id && loadWords(candidate.scenario) === words,
  );
}

/** `Evenkeel with all flags is 1.32× Redis 7.4.1 at pipeline 64 (1.29 .. 1.35): better.` */
export function comparisonSentence(view: SessionView, comparison: Comparison, where: string): string {
  const { a, b, metric } = comparison;
  const reading = readingOf(metric);
  const relation =
    metric === 'throughput-ops-per-sec'
      ? `${view.words(b)} is ${ratio(comparison.ratio?.estimate)} ${view.words(a)}`
      : `${view.words(b)} has ${ratio(comparison.ratio?.estimate)} the ${reading.phrase} of ${view.words(a)}`;
  const interval = comparison.ratio ? ` (${range(comparison.ratio)})` : '';
  const needed = pairsNeededWords(comparison);
  const verdict = comparisonVerdictWords(comparison.verdict) + (needed ? `, ${needed}` : '');
  return `${relation} ${where}${interval}: ${verdict}.`;
}
