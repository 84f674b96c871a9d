/**
 * The picture of an experiment's README: its deciding comparisons as dots and whiskers on one ratio axis, the claim as a frame. A
 * standalone SVG, readable on white and on black, since a README shows images and not reports.
 */
import type { Comparison, ExperimentResult, SessionResult } from '../experiments/result.ts';
import { claimReadings } from './claims.ts';
import { forestAxis, forestRow, forestScale, toneMark } from './drawing/forest.ts';
import { finite, range, ratio, ratioWithRange } from './format.ts';
import { type Child, html, type Markup } from './markup.ts';
import { readingOf } from './metrics.ts';
import { type SessionView, viewOf } from './sessionView.ts';
import { FOREST_RULES, PALETTE } from './stylesheet.ts';
import { comparisonVerdictWords, readVerdict } from './verdict.ts';

const WIDTH_PX = 940;
const MARGIN_PX = 16;
const PLOT_X_PX = 330;
const PLOT_WIDTH_PX = 270;
const RATIO_X_PX = PLOT_X_PX + PLOT_WIDTH_PX + 20;
const VERDICT_X_PX = RATIO_X_PX + 156;
const ROW_PX = 26;
const HEADING_PX = 34;
const AXIS_PX = 20;

const RULES = `svg{overflow:visible}
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
.heading{font-weight:600;font-size:13px}.soft{fill:var(--soft)}.strong{font-weight:600}`;

/** Undefined if the experiment has no deciding comparison with a ratio. */
export function renderVerdictPicture(
  session: SessionResult,
  experiment: ExperimentResult,
): string | undefined {
  const view = viewOf({ ...session, experiments: [experiment] });
  const groups = [...view.scorecard, ...view.flagComparisons(experiment)]
    .map((group) => ({ ...group, deciding: group.deciding.filter((row) => finite(row.ratio?.estimate)) }))
    .filter(({ deciding }) => deciding.length > 0);
  if (groups.length === 0) return undefined;
  const rows = groups.flatMap(({ deciding }) => deciding);
  const claimed = claimReadings(view)[0]?.comparison;
  const claim = claimed && experiment.claim && claimFrame(experiment.claim);
  const scale = forestScale(
    rows.map((row) => row.ratio),
    claim === undefined ? [] : [claim.low, Math.min(claim.high, 10)].filter((end) => end > 0),
  );
  const pairs = new Set(rows.map((row) => pairWords(view, row)));
  const lines: Markup[] = [];
  let y = MARGIN_PX;
  if (pairs.size === 1) {
    y += 14;
    lines.push(html`<text class="soft" x="${MARGIN_PX}" y="${y}">${[...pairs]}</text>`);
    y += 8;
  }
  lines.push(inPlot(y, AXIS_PX, forestAxis(scale)));
  y += AXIS_PX - 8;
  for (const { scenario, deciding } of groups) {
    lines.push(html`<text class="heading" x="${MARGIN_PX}" y="${y + 22}">${scenario.label}</text>`);
    y += HEADING_PX;
    for (const comparison of deciding) {
      const isClaimed = comparison === claimed && claim !== undefined;
      const { tone } = readVerdict(comparison.verdict);
      const words = pairs.size === 1 ? '' : pairWords(view, comparison);
      lines.push(
        html`${rowText(MARGIN_PX + 12, y, nameOf(comparison), words)}${inPlot(
          y,
          ROW_PX - 4,
          forestRow(scale, { interval: comparison.ratio, tone, ...(isClaimed ? { claim } : {}) }),
        )}<text x="${RATIO_X_PX}" y="${y + 15}"><tspan class="strong">${ratio(comparison.ratio.estimate)}</tspan> <tspan class="soft">${range(comparison.ratio)}</tspan></text><svg x="${VERDICT_X_PX}" y="${y + 4}">${toneMark(tone)}</svg><text x="${VERDICT_X_PX + 18}" y="${y + 15}">${comparisonVerdictWords(comparison.verdict)}</text>`,
      );
      y += ROW_PX;
    }
  }
  const height = y + MARGIN_PX;
  const label = rows.map((row) => `${nameOf(row)} ${ratioWithRange(row.ratio)}`).join('; ');
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH_PX}" height="${height}" viewBox="0 0 ${WIDTH_PX} ${height}" role="img" aria-label="${label}"><style>${PALETTE}
${FOREST_RULES}
${RULES}</style><rect width="${WIDTH_PX}" height="${height}" style="fill:var(--paper)"/>${lines}</svg>
`.text;
}

function inPlot(y: number, height: number, drawing: Markup): Markup {
  return html`<svg x="${PLOT_X_PX}" y="${y}" width="${PLOT_WIDTH_PX}" height="${height}">${drawing}</svg>`;
}

function rowText(x: number, y: number, name: string, words: string): Child {
  return words === ''
    ? html`<text x="${x}" y="${y + 15}">${name}</text>`
    : html`<text x="${x}" y="${y + 9}">${name}</text><text class="tick" x="${x}" y="${y + 22}">${words}</text>`;
}

const nameOf = ({ metric, higherIsBetter }: Comparison): string =>
  `${readingOf(metric).name} ${higherIsBetter ? '↑' : '↓'}`;

const pairWords = (view: SessionView, { a, b }: Comparison): string => `${view.name(b)} vs ${view.name(a)}`;

const claimFrame = ({ ratioMin, ratioMax }: NonNullable<ExperimentResult['claim']>) => ({
  low: finite(ratioMin) ? ratioMin : 0,
  high: finite(ratioMax) ? ratioMax : 1e9,
});
