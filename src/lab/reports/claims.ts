/** A plan's claim beside what was measured: which comparison answers a claim, and the sentence that says how. */
import type { Claim, Comparison, ExperimentResult } from '../experiments/result.ts';
import { declared, finite, ratioWithRange } from './format.ts';
import { printable } from './markup.ts';
import { readingOf } from './metrics.ts';
import { loadPhrase, type SessionView } from './sessionView.ts';
import { pairsNeededWords, readVerdict, type Tone } from './verdict.ts';

export interface ClaimReading {
  experiment: ExperimentResult;
  /** What the plan said, or that it said nothing. */
  claimText: string;
  /** `Throughput 1.1 .. 1.15×`: what would confirm it. */
  claimRange: string;
  comparison: Comparison | undefined;
  measured: string;
  verdict: { words: string; tone: Tone };
  /** The runner's own sentence, and how many pairs are missing. */
  detail: string;
}

/** One reading for each experiment that judges a flag or carries a claim. */
export function claimReadings(view: SessionView): ClaimReading[] {
  return view.session.experiments
    .filter(({ flag, claim }) => flag !== undefined || claim !== undefined)
    .map((experiment) => readClaim(view, experiment));
}

function readClaim(view: SessionView, experiment: ExperimentResult): ClaimReading {
  const { claim } = experiment;
  const comparison = answeringComparison(experiment);
  const kind = experiment.verdict?.kind ?? comparison?.verdict;
  const measured = comparison
    ? `${readingOf(comparison.metric).name} ${ratioWithRange(comparison.ratio)}`
    : 'not measured';
  const needed = comparison ? pairsNeededWords(comparison) : '';
  const sentence = printable(experiment.verdict?.text ?? comparison?.summary ?? '');
  return {
    experiment,
    claimText: claim ? printable(claim.text) : 'no number claimed',
    claimRange: claim ? claimRange(view, experiment, claim) : '',
    comparison,
    measured,
    verdict: kind ? readVerdict(kind) : { words: 'not measured', tone: 'open' },
    detail: [sentence, needed && !/pairs/.test(sentence) ? needed : ''].filter(Boolean).join('; '),
  };
}

function claimRange(view: SessionView, experiment: ExperimentResult, claim: Claim): string {
  const where = loadPhrase(view.scenario(experiment.id, claim.scenarioId));
  return `${readingOf(claim.metric).name} ${claimBounds(claim)} ${where}`;
}

/** `1.1 .. 1.15×`; a claim open on one side names the other. */
function claimBounds({ ratioMin, ratioMax }: Claim): string {
  const hasMin = finite(ratioMin) && ratioMin > 0;
  const hasMax = finite(ratioMax) && ratioMax < 1e6;
  if (hasMin && hasMax) return `${declared(ratioMin)} .. ${declared(ratioMax)}×`;
  if (hasMin) return `≥ ${declared(ratioMin)}×`;
  return hasMax ? `≤ ${declared(ratioMax)}×` : 'any change';
}

/**
 * The comparison a claim is judged on: its metric and scenario, and of the arms that one where the flag is dropped from the whole
 * (`-flag` against `all`); the flag alone (`none` against `+flag`) answers where the first was not run. Without a claim the question is what
 * the definition put first: the first metric that its first scenario decides.
 */
export function answeringComparison({
  claim,
  comparisons,
  scenarios,
}: ExperimentResult): Comparison | undefined {
  const questions = claim
    ? [claim]
    : scenarios.flatMap(({ id, decides }) => decides.map((metric) => ({ scenarioId: id, metric })));
  const decided = questions.flatMap((question) =>
    comparisons.filter(
      ({ metric, scenarioId }) => metric === question.metric && scenarioId === question.scenarioId,
    ),
  );
  return (
    decided.find(({ a }) => a.startsWith('-')) ?? decided.find(({ b }) => b.startsWith('+')) ?? decided[0]
  );
}
