/**
 * The Markdown report: the HTML report's content in tables, short enough for a README or a comment on a pull request. What is long
 * (targets, percentiles, certificates) folds into `<details>`, which code hosts render.
 *
 * Every cell is escaped for Markdown and HTML: a target that calls itself `<img onerror>` or `@everyone` stays text.
 */
import type { Comparison, SessionResult } from '../experiments/result.ts';
import { claimReadings } from './claims.ts';
import { EXPLANATIONS } from './explainer.ts';
import { factorialTables } from './factorialTables.ts';
import { count, pValue, ratioWithRange, roughPercent } from './format.ts';
import { headlineOf } from './headline.ts';
import { escapeHtml, printable } from './markup.ts';
import { readingOf, scaledRow } from './metrics.ts';
import { noticesOf } from './notices.ts';
import {
  budgetsTable,
  ceilingTable,
  certificateTable,
  cpuTable,
  environmentTable,
  memoryTable,
  percentilesTable,
  rateLatencyTable,
  rawLogsTable,
  rejectedTable,
  type Table,
  targetsTable,
} from './plainTables.ts';
import { noiseFloorSentence } from './sections/evidence.ts';
import { type SessionView, viewOf } from './sessionView.ts';
import { comparisonVerdictWords, pairsNeededWords, readVerdict, TONE_GLYPHS } from './verdict.ts';

/** Text that Markdown, HTML and mention parsers all leave alone; line breaks become spaces so that a cell stays a cell. */
export function escapeMarkdown(text: string): string {
  return escapeHtml(text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' '))
    .replace(/[\\`*_{}[\]|~]/g, '\\$&')
    .replaceAll('@', '&#64;')
    .replace(/(:)(\/\/)/g, '$1&#47;&#47;')
    .replace(/(^|\s)#(?=\d)/g, '$1&#35;')
    .replace(/^(\s*)([#+>-]|\d+[.)])(?=\s|$)/, '$1\\$2');
}

export function renderMarkdown(session: SessionResult): string {
  const view = viewOf(session);
  const { environment } = session;
  const each = <T>(items: readonly T[], draw: (item: T) => string[]) => items.flatMap(draw);
  const lines = [
    ...opening(view),
    ...scorecard(view),
    ...section('Budgets', markdownTable(budgetsTable(view))),
    ...section('Claims', claims(view)),
    ...section(
      'Effects of flags and pairs',
      factorialTables(session.experiments).flatMap(({ title, table }) => [
        `### ${escapeMarkdown(title)}`,
        '',
        ...markdownTable(table),
      ]),
    ),
    ...section(
      'Noise floor (A/A)',
      session.noiseFloor.length === 0
        ? ['The A/A arm has not run: there is no noise floor, and small differences above mean nothing.', '']
        : [escapeMarkdown(noiseFloorSentence(view)), '', ...comparisonTable(view, session.noiseFloor)],
    ),
    ...section('Rejected blocks', markdownTable(rejectedTable(view))),
    ...folded(
      'Latency percentiles',
      each(session.experiments, (e) => markdownTable(percentilesTable(view, e))),
    ),
    ...folded(
      'Latency against offered rate',
      each(session.experiments, (e) => markdownTable(rateLatencyTable(view, e))),
    ),
    ...folded(
      'Memory per key',
      each(session.experiments, (e) => markdownTable(memoryTable(view, e))),
    ),
    ...folded(
      'CPU per request',
      each(session.experiments, (e) => markdownTable(cpuTable(view, e))),
    ),
    ...folded('Certificate and generator ceiling', [
      ...markdownTable(certificateTable(view)),
      ...markdownTable(ceilingTable(view)),
    ]),
    ...folded('Environment, targets, raw data', [
      ...markdownTable(environmentTable(view)),
      ...markdownTable(targetsTable(view)),
      ...markdownTable(rawLogsTable(view)),
    ]),
    ...folded(
      'What these numbers mean',
      EXPLANATIONS.map(({ term, text }) => `- **${escapeMarkdown(term)}.** ${escapeMarkdown(text)}`).concat(
        '',
      ),
    ),
    '## Repeat it',
    '',
    ...fenced(environment.commandLine),
    '',
  ];
  return lines.join('\n');
}

function opening(view: SessionView): string[] {
  const notices = noticesOf(view).map(
    ({ title, text }) => `- **${escapeMarkdown(title)}.** ${escapeMarkdown(text)}`,
  );
  const [first, ...rest] = headlineOf(view);
  const verdict = first
    ? [
        `**${escapeMarkdown(first.sentence)}**`,
        '',
        ...rest.map(({ sentence }) => `- ${escapeMarkdown(sentence)}`),
      ]
    : ['**No comparison has been finished: there is no verdict yet.**'];
  return ['# Evenkeel lab report', '', ...notices, '', ...verdict, ''];
}

function scorecard(view: SessionView): string[] {
  if (view.scorecard.length === 0) return ['## Scorecard', '', 'No comparison has been finished.', ''];
  const tables = view.scorecard.flatMap(({ scenario, deciding, informative }) => [
    `### ${escapeMarkdown(scenario.label)}`,
    '',
    ...comparisonTable(view, deciding),
    ...folded(
      `${count(informative.length, 'more comparison')}, informative`,
      comparisonTable(view, informative),
    ),
  ]);
  return [
    '## Scorecard',
    '',
    'Ratios are candidate over reference with their interval. ↑ higher is better, ↓ lower is better.',
    '',
    ...tables,
  ];
}

function claims(view: SessionView): string[] {
  const readings = claimReadings(view);
  if (readings.length === 0) return [];
  const overview = markdownTable({
    columns: ['Flag', 'The plan claims', 'Measured', 'Verdict', ''].map((name) => ({ name })),
    rows: readings.map((reading) => {
      const { experiment, claimText, claimRange, measured, verdict, detail } = reading;
      return [
        experiment.flag ?? experiment.title,
        claimRange ? `${claimText} (${claimRange})` : claimText,
        measured,
        `${TONE_GLYPHS[verdict.tone]} ${verdict.words}`,
        detail,
      ];
    }),
  });
  const details = readings.flatMap(({ experiment }) => {
    const comparisons = view
      .flagComparisons(experiment)
      .flatMap(({ deciding, informative }) => [...deciding, ...informative]);
    return folded(
      `${experiment.flag ?? experiment.id}: ${experiment.question}`,
      comparisonTable(view, comparisons),
    );
  });
  return [...overview, ...details];
}

function comparisonTable(view: SessionView, comparisons: readonly Comparison[]): string[] {
  return markdownTable({
    columns: [
      { name: 'Metric' },
      { name: 'Candidate vs reference' },
      { name: 'Medians', numeric: true },
      { name: 'Ratio', numeric: true },
      { name: 'Verdict' },
      { name: 'Pairs', numeric: true },
      { name: 'p (Holm)', numeric: true },
      { name: 'Detectable', numeric: true },
    ],
    rows: comparisons.map((comparison) => {
      const scaled = scaledRow(comparison.metric, [comparison.medianB, comparison.medianA]);
      const needed = pairsNeededWords(comparison);
      const { tone } = readVerdict(comparison.verdict);
      return [
        `${readingOf(comparison.metric).name} ${comparison.higherIsBetter ? '↑' : '↓'}, ${scaled.unit}`,
        `${view.name(comparison.b)} vs ${view.name(comparison.a)}`,
        `${scaled.texts[0]} vs ${scaled.texts[1]}`,
        ratioWithRange(comparison.ratio),
        `${TONE_GLYPHS[tone]} ${comparisonVerdictWords(comparison.verdict)}${needed && `, ${needed}`}`,
        String(comparison.pairs),
        pValue(comparison.pValueHolm),
        roughPercent(comparison.minimumDetectableEffect),
      ];
    }),
  });
}

/** Empty for a table without rows, so that its section disappears too. */
function markdownTable({ columns, rows }: Table): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = `|${columns.map(({ numeric }) => (numeric ? '---:' : '---')).join('|')}|`;
  return [line(columns.map(({ name }) => name)), rule, ...rows.map(line), ''];
}

function section(title: string, content: readonly string[]): string[] {
  return content.length === 0 ? [] : [`## ${title}`, '', ...content];
}

function folded(title: string, content: readonly string[]): string[] {
  if (content.length === 0) return [];
  return [
    '<details>',
    `<summary>${escapeHtml(title.replace(/\s+/g, ' '))}</summary>`,
    '',
    ...content,
    '</details>',
    '',
  ];
}

/** A fence longer than any run of backticks inside. */
function fenced(code: string): string[] {
  const text = printable(code);
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}sh`, text, fence];
}
