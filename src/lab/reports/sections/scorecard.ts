/** Scorecard, budgets, the plan's claims, and each experiment's own comparisons. */
import type { BudgetRow, Comparison, ExperimentResult } from '../../experiments/result.ts';
import { type ClaimReading, claimReadings } from '../claims.ts';
import { comparisonTable, scaleOf, targetMark } from '../comparisonTable.ts';
import { forestAxis, forestRow, forestScale, toneMark } from '../drawing/forest.ts';
import { EXPLANATIONS } from '../explainer.ts';
import { count, finite, ratioWithRange, unbroken } from '../format.ts';
import { anchorId, type Child, html, type Markup } from '../markup.ts';
import { budgetsTable, budgetWord } from '../plainTables.ts';
import type { ScenarioGroup, SessionView } from '../sessionView.ts';
import { type Tone, VERDICTS } from '../verdict.ts';
import { experimentFigures } from './figures.ts';

export function scorecardSection(view: SessionView): Markup {
  const { scorecard } = view;
  return html`<section id="scorecard"><h2>Scorecard</h2>${legend()}${explainer()}${
    scorecard.length === 0
      ? html`<p class="empty">No comparison has been finished.</p>`
      : scorecard.map((group) => scenarioBlock(view, group))
  }</section>`;
}

function legend(): Markup {
  const tones: [Tone, string][] = [
    ['good', 'better, confirmed'],
    ['partial', VERDICTS['smaller-than-claimed'].words],
    ['same', 'no effect'],
    ['open', VERDICTS.undecided.words],
    ['bad', 'worse, regression'],
  ];
  return html`<p class="legend">${tones.map(([tone, words]) => html`<span>${toneMark(tone)}${words}</span>`)}<span><span class="band-key"></span>±3 % band</span><span>↑ higher is better</span><span>↓ lower is better</span></p>`;
}

function explainer(): Markup {
  return html`<details class="explainer"><summary>What these numbers mean</summary><dl>${EXPLANATIONS.map(
    ({ term, text }) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`,
  )}</dl></details>`;
}

function scenarioBlock(
  view: SessionView,
  { experiment, scenario, deciding, informative }: ScenarioGroup,
): Markup {
  return html`<div class="scenario" id="${anchorId('scenario', experiment.id, scenario.id)}"><h3>${scenario.label}</h3>${
    deciding.length > 0 && comparisonTable(view, deciding, scaleOf(deciding), scenario.label)
  }${
    informative.length > 0 &&
    html`<details><summary>${count(informative.length, 'more comparison')}, informative: this scenario was not declared to decide them</summary>${comparisonTable(
      view,
      informative,
      scaleOf(informative),
      `${scenario.label}, informative`,
    )}</details>`
  }</div>`;
}

const MET_TONES = { met: 'good', missed: 'bad', undecided: 'open' } as const;

export function budgetsSection(view: SessionView): Child {
  const budgets = view.session.experiments.flatMap((experiment) => experiment.budgets);
  if (budgets.length === 0) return undefined;
  const table = budgetsTable(view);
  const ratios = budgets.filter(({ unit }) => unit === 'ratio');
  const scale = forestScale(
    ratios.map(({ measured }) => measured),
    ratios.map(({ limit }) => limit),
  );
  const tally = (word: string) => budgets.filter(({ met }) => budgetWord(met) === word).length;
  return html`<section id="budgets"><h2>Budgets</h2><p class="intro">${count(tally('met'), 'budget')} met, ${String(tally('missed'))} missed, ${String(tally('undecided'))} undecided.</p><table class="budgets fold"><thead><tr><th>Budget</th><th>Of</th><th class="num">Bound</th><th class="forest-cell">${
    ratios.length > 0 && forestAxis(scale)
  }</th><th class="num">Measured</th><th>Met</th></tr></thead><tbody>${budgets.map((budget, i) => {
    const [label, of, bound, measured] = table.rows[i]!;
    const word = budgetWord(budget.met);
    const tone = MET_TONES[word];
    return html`<tr class="first"><th scope="row">${label}</th><td class="muted">${unbroken(of!)}</td><td class="num" data-label="Bound">${bound}</td><td class="forest-cell">${
      budget.unit === 'ratio' && forestRow(scale, { interval: budget.measured, tone, ...limitOf(budget) })
    }</td><td class="num" data-label="Measured">${unbroken(measured!)}</td><td class="verdict"><span class="chip ${tone}">${toneMark(tone)}${word}</span></td></tr>`;
  })}</tbody></table><p class="note">The bracket is the bound; its feet point to the allowed side.</p></section>`;
}

function limitOf(budget: BudgetRow) {
  if (!finite(budget.limit)) return {};
  return {
    limit: { ratio: budget.limit, allowed: budget.bound === 'at-least' ? 'above' : 'below' } as const,
  };
}

export function claimsSection(view: SessionView): Child {
  const readings = claimReadings(view);
  if (readings.length === 0) return undefined;
  const claims = readings.flatMap(({ experiment: { claim } }) =>
    claim ? [claim.ratioMin, claim.ratioMax].filter(finite) : [],
  );
  const scale = forestScale(
    readings.map(({ comparison }) => comparison?.ratio),
    claims.filter((limit) => limit > 0 && limit < 20),
  );
  return html`<section id="claims"><h2>The plan's claims, flag by flag</h2><p class="intro">The frame is what the plan claimed; the dot and whisker are what was measured. Measured is everything against everything but the flag, unless the row says otherwise.</p><table class="claims fold"><thead><tr><th>Flag</th><th>The plan claims</th><th class="forest-cell">${forestAxis(
    scale,
  )}</th><th>Measured</th><th>Verdict</th></tr></thead><tbody>${readings.map((reading) => claimRow(view, reading, scale))}</tbody></table>${readings.map(
    (reading) => experimentDetail(view, reading, readings.length <= OPEN_FOLDS_MAX),
  )}</section>`;
}

function claimRow(view: SessionView, reading: ClaimReading, scale: ReturnType<typeof forestScale>): Markup {
  const { experiment, comparison, verdict } = reading;
  const claim = experiment.claim;
  return html`<tr class="first"><th scope="row"><a href="#${anchorId('experiment', experiment.id)}">${experiment.flag ?? experiment.title}</a></th><td>${reading.claimText} <span class="unit">${unbroken(reading.claimRange)}</span></td><td class="forest-cell">${forestRow(
    scale,
    {
      interval: comparison?.ratio,
      tone: verdict.tone,
      ...(claim
        ? { claim: { low: claim.ratioMin, high: finite(claim.ratioMax) ? claim.ratioMax : 1e9 } }
        : {}),
    },
  )}</td><td>${unbroken(reading.measured)}${
    comparison &&
    !isPrimary(experiment, comparison) &&
    html` <span class="unit">${view.name(comparison.b)} vs ${view.name(comparison.a)}</span>`
  }</td><td class="verdict"><span class="chip ${verdict.tone}">${toneMark(verdict.tone)}${verdict.words}</span></td></tr>`;
}

/** All flags against all but this one. */
function isPrimary({ flag }: ExperimentResult, { a, b }: Comparison): boolean {
  return b === 'all' && a === `-${flag}`;
}

/** A session about one flag or two opens their folds at once. */
const OPEN_FOLDS_MAX = 2;

function experimentDetail(view: SessionView, reading: ClaimReading, isOpen: boolean): Markup {
  const { experiment, comparison, verdict } = reading;
  const groups = view.flagComparisons(experiment);
  const all = groups.flatMap(({ deciding, informative }) => [...deciding, ...informative]);
  const scale = scaleOf(all);
  return html`<details class="experiment" id="${anchorId('experiment', experiment.id)}"${isOpen && html` open`}><summary><b>${experiment.flag ?? experiment.id}</b> ${experiment.title}<span class="chip ${verdict.tone}">${toneMark(verdict.tone)}${verdict.words}</span></summary><p class="question">${experiment.question}</p><dl class="claim-facts"><div><dt>Claim</dt><dd>${reading.claimText}${reading.claimRange && html` (${reading.claimRange})`}${
    experiment.claim && html` <span class="unit">${experiment.claim.source}</span>`
  }</dd></div><div><dt>Measured</dt><dd>${comparison ? `${ratioWithRange(comparison.ratio)}, ${count(comparison.pairs, 'pair')}` : 'not measured'}</dd></div><div><dt>Verdict</dt><dd>${verdict.words}${reading.detail && html`. ${reading.detail}`}</dd></div></dl>${
    all.length === 0
      ? html`<p class="empty">No comparison of its own has been finished.</p>`
      : groups.map(
          ({ scenario, deciding, informative }) =>
            html`<h4>${scenario.label}</h4>${comparisonTable(view, [...deciding, ...informative], scale, scenario.label)}`,
        )
  }${experimentFigures(view, experiment)}</details>`;
}

/** Key of targets: marker and name, for the head of the figures. */
export function targetKey(view: SessionView): Markup {
  return html`<p class="legend">${view.session.targets.map(({ id }) => html`<span>${targetMark(view, id)}${view.name(id)}</span>`)}</p>`;
}
