/** Main effects and interactions of a factorial design, as forest tables. */
import { forestAxis, forestRow, forestScale, toneMark } from '../drawing/forest.ts';
import { effectName, effectWords, type FactorialTable, factorialTables } from '../factorialTables.ts';
import { pValue, range, ratio } from '../format.ts';
import { type Child, html, type Markup } from '../markup.ts';
import type { SessionView } from '../sessionView.ts';

export function factorialSection(view: SessionView): Child {
  const tables = factorialTables(view.session.experiments);
  if (tables.length === 0) return undefined;
  return html`<section id="effects"><h2>Effects of flags and pairs</h2><p class="intro">From all runs of a two-level design. A flag's ratio is the metric with it on over the metric with it off, whatever the others are. A pair's is what both do together over the product of what each does: 1 where they do not care about each other. Pairs joined by "or" cannot be told apart by this design.</p>${tables.map(effectTable)}</section>`;
}

function effectTable({ title, result, effects, table }: FactorialTable): Markup {
  const scale = forestScale(effects.map(({ ratio: interval }) => interval));
  return html`<h3>${title}</h3><table class="budgets fold"><thead><tr><th>${table.columns[0]!.name}</th><th class="num">Ratio</th><th class="num">p (Holm)</th><th class="forest-cell">${forestAxis(scale)}</th><th>Effect</th></tr></thead><tbody>${effects.map(
    (effect) => {
      const { words, tone } = effectWords(effect, result);
      return html`<tr class="first"><th scope="row">${effectName(effect)}</th><td class="num ratio" data-label="Ratio"><b>${ratio(effect.ratio.estimate)}</b> <span class="range">${range(effect.ratio)}</span></td><td class="num" data-label="p (Holm)">${pValue(effect.pValueHolm)}</td><td class="forest-cell">${forestRow(scale, { interval: effect.ratio, tone })}</td><td class="verdict"><span class="chip ${tone}">${toneMark(tone)}${words}</span></td></tr>`;
    },
  )}</tbody></table><p class="note">${String(result.replicates)} replicates, ${String(result.degreesOfFreedom)} degrees of freedom.</p>`;
}
