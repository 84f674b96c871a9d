/** The forest table: comparisons of one scenario as rows of words, numbers and a dot with its whisker. */
import type { Comparison } from '../experiments/result.ts';
import { forestAxis, forestRow, forestScale, toneMark } from './drawing/forest.ts';
import { markerPath, STYLE_COUNT } from './drawing/plot.ts';
import { pValue, range, ratio, roughPercent } from './format.ts';
import { html, type Markup } from './markup.ts';
import { readingOf, scaledRow } from './metrics.ts';
import type { SessionView } from './sessionView.ts';
import { comparisonVerdictWords, pairsNeededWords, readVerdict } from './verdict.ts';

type ForestScale = ReturnType<typeof forestScale>;

/** One scale for tables that are read one below the other. */
export function scaleOf(comparisons: readonly Comparison[]): ForestScale {
  return forestScale(comparisons.map(({ ratio }) => ratio));
}

export function comparisonTable(
  view: SessionView,
  comparisons: readonly Comparison[],
  scale: ForestScale,
  caption: string,
): Markup {
  let previous: Comparison['metric'] | undefined;
  const rows = comparisons.map((comparison) => {
    const first = comparison.metric !== previous;
    previous = comparison.metric;
    return comparisonRow(view, comparison, scale, first);
  });
  return html`<table class="comparisons fold"><caption class="visually-hidden">${caption}</caption><thead><tr><th>Metric</th><th>Candidate vs reference</th><th class="num">Medians</th><th class="num">Ratio</th><th class="forest-cell">${forestAxis(
    scale,
  )}</th><th>Verdict</th><th class="num">Pairs</th><th class="num">p (Holm)</th><th class="num">Detectable</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** The target's own marker, as in every figure. */
export function targetMark(view: SessionView, targetId: string): Markup {
  const style = view.styleIndex(targetId);
  return html`<svg class="target-mark" width="11" height="11" viewBox="-6 -6 12 12" aria-hidden="true"><path class="mark t${style % STYLE_COUNT}" d="${markerPath(style)}"/></svg>`;
}

/** The bootstrap and the equivalence test stand behind the interval; they speak up only on request. */
function crossCheck({ ratioBootstrap, pValueEquivalence }: Comparison): string {
  const bootstrap = ratioBootstrap ? range(ratioBootstrap) : 'unknown';
  return `Bootstrap ${bootstrap}; p for equivalence within 3 % ${pValue(pValueEquivalence)}`;
}

function comparisonRow(
  view: SessionView,
  comparison: Comparison,
  scale: ForestScale,
  firstOfMetric: boolean,
): Markup {
  const { a, b, metric } = comparison;
  const scaled = scaledRow(metric, [comparison.medianB, comparison.medianA]);
  const verdict = readVerdict(comparison.verdict);
  const needed = pairsNeededWords(comparison);
  const direction = comparison.higherIsBetter ? '↑' : '↓';
  const directionWords = comparison.higherIsBetter ? 'higher is better' : 'lower is better';
  return html`<tr class="${firstOfMetric ? 'first' : 'more'}"><th scope="row" class="metric"><span class="metric-name">${readingOf(metric).name} <span class="direction" title="${directionWords}">${direction}</span></span> <span class="unit">${scaled.unit}</span></th>
<td class="pair"><span class="b">${targetMark(view, b)}${view.name(b)}</span> <span class="a">vs ${view.name(a)}</span></td>
<td class="num medians" data-label="Medians"><b>${scaled.texts[0]}</b> vs ${scaled.texts[1]}</td>
<td class="num ratio" title="${crossCheck(comparison)}"><b>${ratio(comparison.ratio?.estimate)}</b> <span class="range">${comparison.ratio ? range(comparison.ratio) : ''}</span></td>
<td class="forest-cell">${forestRow(scale, { interval: comparison.ratio, tone: verdict.tone })}</td>
<td class="verdict" title="${comparison.summary}"><span class="chip ${verdict.tone}">${toneMark(verdict.tone)}${comparisonVerdictWords(comparison.verdict)}</span>${
    needed && html` <span class="needed">${needed}</span>`
  }</td>
<td class="num" data-label="Pairs">${String(comparison.pairs)}</td>
<td class="num" data-label="p (Holm)">${pValue(comparison.pValueHolm)}</td>
<td class="num" data-label="Detectable">${roughPercent(comparison.minimumDetectableEffect)}</td></tr>`;
}
