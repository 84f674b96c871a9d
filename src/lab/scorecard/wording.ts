/** The scorecard's sentences and cells, the same in Markdown and HTML. */
import type { BudgetRow, Interval } from '../experiments/result.ts';
import { compact, declared, finite, ratioWithRange, roughPercent, significant } from '../reports/format.ts';
import { readingOf } from '../reports/metrics.ts';
import { readVerdict } from '../reports/verdict.ts';
import { judgementOf, type Occasion } from './occasion.ts';
import type { Cost, Scorecard, ScorecardRow } from './scorecard.ts';

export const ruleSentence =
  'A verdict stands only if two occasions (two sessions with schedules of their own) came to the same one; everything else is undecided. ' +
  'Ratios are candidate over reference with their 95 % interval; detectable is the smallest effect that the newest occasion could have seen.';

/** `18 optimisations: 2 confirmed, 1 no effect, 15 undecided.` */
export function summarySentence({ rows }: Scorecard): string {
  const kinds = Map.groupBy(rows, ({ verdict }) => verdict.kind);
  const parts = [...kinds]
    .filter(([kind]) => kind !== 'undecided')
    .map(([kind, of]) => `${of.length} ${readVerdict(kind).words}`);
  parts.push(`${kinds.get('undecided')?.length ?? 0} undecided`);
  return `${rows.length} optimisations: ${parts.join(', ')}.`;
}

export const defaultRuleSentence =
  'A place in the default set is earned by a deciding comparison that came out better on two occasions, with none that came out worse on both.';

/** `yes`, `no`; `yes, still to be earned`. */
export function defaultWords({ flag, earning }: ScorecardRow): string {
  const word = flag.isDefault ? 'yes' : 'no';
  return earning.word === 'open' ? `${word}, not decided yet` : word;
}

export function claimWords({ flag, claim }: ScorecardRow): string {
  return claim?.text ?? (flag.claim === '' ? 'no number claimed' : flag.claim);
}

export function claimRangeWords({ claim }: ScorecardRow): string {
  if (claim === undefined) return '';
  const name = readingOf(claim.metric).name;
  // A range that reaches down to next to nothing is "any decrease", whatever its formal end.
  return claim.ratioMin <= 0.05
    ? `${name} at most ${significant(claim.ratioMax)}×`
    : `${name} ${significant(claim.ratioMin)} .. ${significant(claim.ratioMax)}×`;
}

/** What one occasion measured: `CPU per request 0.87× (0.85 .. 0.90), 12 pairs: confirmed`. */
export function measuredWords(occasion: Occasion): string {
  const { comparison, kind } = judgementOf(occasion);
  if (comparison === undefined) return 'not measured';
  const { metric, ratio, pairs } = comparison;
  return `${readingOf(metric).name} ${ratioWithRange(ratio)}, ${pairs} pairs: ${readVerdict(kind).words}`;
}

export function detectableWords({ comparison }: ScorecardRow): string {
  return comparison === undefined ? '' : roughPercent(comparison.minimumDetectableEffect);
}

export function costWords({ resource, metric, ratio }: Cost): string {
  const name = metric === 'memory-resident-bytes' ? 'memory under load' : resource;
  return `${name} ${ratioWithRange(ratio)}`;
}

export function boundWords({ bound, limit, unit }: BudgetRow): string {
  return `${bound === 'at-least' ? '≥' : '≤'} ${declared(limit)}${unitWords(unit)}`;
}

export function budgetValueWords(row: BudgetRow | undefined): string {
  const measured: Interval | undefined = row?.measured;
  if (row === undefined || measured === undefined || !finite(measured.estimate)) return 'not measured';
  const value = row.unit === 'ops/s' ? compact : (number: number) => significant(number);
  return `${value(measured.estimate)}${unitWords(row.unit)} (${value(measured.low)} .. ${value(measured.high)})`;
}

function unitWords(unit: BudgetRow['unit']): string {
  return unit === 'ratio' ? '×' : ` ${unit === 'us' ? 'µs' : unit}`;
}
