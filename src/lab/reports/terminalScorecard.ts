/**
 * The scorecard for a terminal: never wider than the columns it is given, readable without colour, each ratio with a small forest
 * of text. Escape sequences come from here only: what targets call themselves is stripped of control characters.
 *
 *   Evenkeel (all flags) vs Redis 7.4.1      1.32× (1.29 .. 1.35)  ·········|····├▲┤  ▲ better
 */
import { stripVTControlCharacters } from 'node:util';
import type { Comparison, SessionResult } from '../experiments/result.ts';
import { claimReadings } from './claims.ts';
import { EQUIVALENCE, forestScale } from './drawing/forest.ts';
import { finite, pValue, ratioWithRange, roughPercent, unbroken } from './format.ts';
import { headlineOf } from './headline.ts';
import { printable } from './markup.ts';
import { readingOf, scaledRow } from './metrics.ts';
import { noticesOf } from './notices.ts';
import { budgetsTable } from './plainTables.ts';
import { type SessionView, viewOf } from './sessionView.ts';
import { comparisonVerdictWords, pairsNeededWords, readVerdict, TONE_GLYPHS, type Tone } from './verdict.ts';

export interface TerminalOptions {
  columns: number;
  color: boolean;
}

const COLUMNS_MIN = 40;
/** Below this a forest leaves no room for the words beside it. */
const COLUMNS_FOR_FOREST = 100;
const FOREST_COLUMNS = 25;

type Paint = (style: Tone | 'bold' | 'soft', text: string) => string;
const SGR = { bold: '1', soft: '2', good: '34', partial: '36', bad: '33', same: '0', open: '35' } as const;

export function renderScorecardText(session: SessionResult, { columns, color }: TerminalOptions): string {
  const width = Math.max(COLUMNS_MIN, Math.floor(finite(columns) ? columns : 80));
  const paint: Paint = (style, text) => (color && text ? `\u001b[${SGR[style]}m${text}\u001b[0m` : text);
  const view = viewOf(session);
  const lines: string[] = [];
  for (const { tone, title, text } of noticesOf(view)) {
    const glyph = { stop: '✕', warn: '!', fact: '✓' }[tone];
    lines.push(
      ...wrap(`${glyph} ${title}. ${text}`, width, 2).map((line) =>
        paint(tone === 'fact' ? 'soft' : 'bold', line),
      ),
    );
  }
  lines.push('');
  const headline = headlineOf(view);
  for (const [i, { sentence }] of headline.entries())
    lines.push(...wrap(sentence, width, 2).map((line) => (i === 0 ? paint('bold', line) : line)));
  if (headline.length === 0)
    lines.push(...wrap('No comparison has been finished: there is no verdict yet.', width, 2));
  for (const { scenario, deciding } of view.scorecard) {
    if (deciding.length === 0) continue;
    lines.push('', ...wrap(scenario.label, width, 2).map((line) => paint('bold', line)));
    const scale = forestScale(deciding.map(({ ratio }) => ratio));
    let metric: string | undefined;
    for (const comparison of deciding) {
      if (comparison.metric !== metric) lines.push(...wrap(metricLine(comparison), width, 4));
      metric = comparison.metric;
      lines.push(...comparisonLines(view, comparison, width, scale, paint));
    }
  }
  lines.push(...budgetLines(view, width, paint), ...claimLines(view, width, paint));
  return `${lines.join('\n')}\n`;
}

function metricLine(comparison: Comparison): string {
  const { unit } = scaledRow(comparison.metric, [comparison.medianB, comparison.medianA]);
  return `  ${readingOf(comparison.metric).name} ${comparison.higherIsBetter ? '↑' : '↓'} (${unit})`;
}

function comparisonLines(
  view: SessionView,
  comparison: Comparison,
  width: number,
  scale: ReturnType<typeof forestScale>,
  paint: Paint,
): string[] {
  const { tone } = readVerdict(comparison.verdict);
  const who = `${view.name(comparison.b)} vs ${view.name(comparison.a)}`;
  const ratioText = ratioWithRange(comparison.ratio);
  const words = comparisonVerdictWords(comparison.verdict);
  const verdict = paint(tone, `${TONE_GLYPHS[tone]} ${words}`);
  const medians = scaledRow(comparison.metric, [comparison.medianB, comparison.medianA]).texts;
  const detail = [
    `${medians[0]} vs ${medians[1]}`,
    `${comparison.pairs} pairs`,
    `p ${pValue(comparison.pValueHolm)}`,
    `detectable ${roughPercent(comparison.minimumDetectableEffect)}`,
    pairsNeededWords(comparison),
  ].filter(Boolean);
  const soft = wrap(`      ${detail.join(', ')}`, width, 6).map((line) => paint('soft', line));
  if (width < COLUMNS_FOR_FOREST)
    return [
      ...wrap(`    ${who}`, width, 6),
      ...wrap(`      ${ratioText}  `, width, 6),
      `      ${verdict}`,
      ...soft,
    ];
  const nameColumns = width - 4 - 24 - FOREST_COLUMNS - 16;
  // What tells two targets apart may stand at the end of their names: a name that does not fit gets lines of its own.
  const fits = who.length < nameColumns;
  const row = `    ${cell(fits ? who : '', nameColumns)}${cell(ratioText, 24)}`;
  const name = fits ? [] : wrap(`    ${who}`, width, 6);
  return [...name, `${row}${paint(tone, textForest(comparison, scale))}  ${verdict}`, ...soft];
}

/** One character a cell: `·` the equivalence band, `|` one, the interval between its caps, the verdict's glyph on the estimate. */
function textForest({ ratio, verdict }: Comparison, scale: ReturnType<typeof forestScale>): string {
  const cellOf = (value: number) => Math.round(scale(value) * (FOREST_COLUMNS - 1));
  const cells = new Array<string>(FOREST_COLUMNS).fill(' ');
  cells.fill('·', cellOf(EQUIVALENCE.low), cellOf(EQUIVALENCE.high) + 1);
  cells[cellOf(1)] = '|';
  if (!ratio || !finite(ratio.estimate)) return cells.join('');
  const from = cellOf(finite(ratio.low) ? ratio.low : scale.low);
  const to = cellOf(finite(ratio.high) ? ratio.high : scale.high);
  cells.fill('─', from, to + 1);
  if (to > from) [cells[from], cells[to]] = ['├', '┤'];
  cells[cellOf(ratio.estimate)] = TONE_GLYPHS[readVerdict(verdict).tone];
  return cells.join('');
}

function budgetLines(view: SessionView, width: number, paint: Paint): string[] {
  const { rows } = budgetsTable(view);
  if (rows.length === 0) return [];
  const glyphs: Record<string, Tone> = { met: 'good', missed: 'bad', undecided: 'open' };
  return [
    '',
    paint('bold', 'Budgets'),
    ...rows.flatMap(([label, , bound, measured, word]) => {
      const tone = glyphs[word!]!;
      return wrap(`  ${TONE_GLYPHS[tone]} ${word}: ${label} ${bound}, measured ${measured}`, width, 4).map(
        (line) => paint(tone, line),
      );
    }),
  ];
}

function claimLines(view: SessionView, width: number, paint: Paint): string[] {
  const readings = claimReadings(view);
  if (readings.length === 0) return [];
  return [
    '',
    paint('bold', "The plan's claims"),
    ...readings.flatMap(({ experiment, claimText, measured, verdict }) =>
      wrap(
        `  ${TONE_GLYPHS[verdict.tone]} ${experiment.flag ?? experiment.id}: ${verdict.words}. Claimed: ${claimText}. Measured: ${measured}.`,
        width,
        4,
      ).map((line) => paint(verdict.tone, line)),
    ),
  ];
}

function plain(text: string): string {
  return printable(stripVTControlCharacters(text)).replace(/[\t\r\n]+/g, ' ');
}

/** Exactly `columns` characters: cut with an ellipsis or padded. */
function cell(text: string, columns: number): string {
  const clean = plain(text);
  return clean.length > columns - 1 ? `${clean.slice(0, columns - 2)}… ` : clean.padEnd(columns);
}

/** Breaks at spaces; a word longer than a line is cut. Further lines are indented. */
export function wrap(text: string, width: number, indent: number): string[] {
  const clean = plain(unbroken(text));
  const lead = /^ */.exec(clean)![0];
  const lines: string[] = [];
  let line = lead;
  let empty = true;
  for (let word of clean.trim().split(/ +/)) {
    while (word) {
      const joined = empty ? line + word : `${line} ${word}`;
      if (joined.length <= width) {
        line = joined;
        empty = false;
        break;
      }
      if (empty) {
        const room = width - line.length;
        lines.push(line + word.slice(0, room));
        word = word.slice(room);
      } else lines.push(line);
      line = ' '.repeat(indent);
      empty = true;
    }
  }
  if (!empty) lines.push(line);
  return lines.map((finished) => finished.replaceAll('\u00a0', ' '));
}
