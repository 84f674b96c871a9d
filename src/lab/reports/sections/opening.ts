/** The first lines: state of the run, baseline, verdict in words, and the few numbers worth reading from across the room. */
import { toneMark } from '../drawing/forest.ts';
import { range, ratio, unbroken } from '../format.ts';
import { headlineOf } from '../headline.ts';
import { html, type Markup } from '../markup.ts';
import { noticesOf } from '../notices.ts';
import type { SessionView } from '../sessionView.ts';
import { comparisonVerdictWords, pairsNeededWords, readVerdict } from '../verdict.ts';

export const NOTICE_GLYPHS = { stop: '✕', warn: '!', fact: '✓' } as const;

export function openingSection(view: SessionView): Markup {
  const headline = headlineOf(view);
  const [first, ...rest] = headline;
  return html`<header><h1>Evenkeel lab report</h1>
<ul class="notices">${noticesOf(view).map(
    ({ tone, title, text }) =>
      html`<li class="${tone}"><span class="notice-mark" aria-hidden="true">${NOTICE_GLYPHS[tone]}</span><span><b>${title}.</b> ${text}</span></li>`,
  )}</ul>
${
  first
    ? html`<p class="lead">${unbroken(first.sentence)}</p>${rest.length > 0 && html`<ul class="sub-lead">${rest.map(({ sentence }) => html`<li>${unbroken(sentence)}</li>`)}</ul>`}`
    : html`<p class="lead">No comparison has been finished: there is no verdict yet.</p>`
}
${
  first &&
  html`<div class="tiles">${headline.map(({ comparison, subject, where }) => {
    const verdict = readVerdict(comparison.verdict);
    return html`<div class="tile ${verdict.tone}"><div class="tile-subject">${subject}</div><div class="tile-where">${where}</div><div class="tile-ratio">${ratio(comparison.ratio.estimate)}</div><div class="tile-range">${range(comparison.ratio)}</div><div class="chip ${verdict.tone}">${toneMark(verdict.tone)}${comparisonVerdictWords(comparison.verdict)}</div><div class="tile-pair">${unbroken(`${view.name(comparison.b)} vs ${view.name(comparison.a)}`)}${
      pairsNeededWords(comparison) && html` · ${pairsNeededWords(comparison)}`
    }</div></div>`;
  })}</div>`
}</header>`;
}
