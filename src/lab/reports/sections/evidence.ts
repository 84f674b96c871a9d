/** What lets a reader trust or distrust the rest, and do it again. */
import { comparisonTable, scaleOf } from '../comparisonTable.ts';
import { count, finite, percent } from '../format.ts';
import { html, type Markup } from '../markup.ts';
import {
  ceilingTable,
  certificateTable,
  environmentTable,
  rawLogsTable,
  rejectedTable,
  targetsTable,
} from '../plainTables.ts';
import type { SessionView } from '../sessionView.ts';
import { plainTable } from './tableMarkup.ts';

export function trustSection(view: SessionView): Markup {
  const { noiseFloor, generatorCeiling, plan } = view.session;
  const certificate = certificateTable(view);
  const failed = new Set(
    view.session.blocks.filter(({ certificate: checks }) => checks.some(({ ok }) => !ok)).map(({ id }) => id),
  );
  return html`<section id="trust"><h2>How far to trust this</h2>
<h3>Noise floor: the same build against itself (A/A)</h3>${
    noiseFloor.length === 0
      ? html`<p class="empty">The A/A arm has not run: there is no noise floor, and small differences above mean nothing.</p>`
      : html`<p class="intro">${noiseFloorSentence(view)}</p>${comparisonTable(view, noiseFloor, scaleOf(noiseFloor), 'Noise floor')}`
  }
<h3>Generator's ceiling</h3>${
    generatorCeiling.length === 0
      ? html`<p class="empty">Not calibrated.</p>`
      : html`<p class="intro">Against a responder that does nothing. A server close to these rates is measured by the generator, not by itself.</p>${plainTable(ceilingTable(view))}`
  }
<h3>Certificate: what was declared against what was sent and answered</h3>${
    certificate.rows.length === 0
      ? html`<p class="empty">No block has been certified.</p>`
      : html`<p class="intro">${
          failed.size === 0
            ? `All ${count(view.session.blocks.length, 'block')} did what was declared.`
            : `${count(failed.size, 'block')} of ${view.session.blocks.length} did not do what was declared.`
        }</p>${plainTable(certificate)}`
  }
<h3>Rejected blocks</h3>${
    view.rejectedBlocks.length === 0
      ? html`<p class="empty">None.</p>`
      : html`<p class="intro">Left out of every number above by rules declared before the run, blind to the target.</p>${plainTable(rejectedTable(view))}`
  }
${
  plan &&
  html`<details><summary>Rules declared before the first block</summary><ul class="rules">${[plan.stoppingRule, ...plan.rejectionRules].map((rule) => html`<li>${rule}</li>`)}</ul></details>`
}</section>`;
}

/** The widest A/A interval, in words. */
export function noiseFloorSentence({ session: { noiseFloor } }: SessionView): string {
  const widest = Math.max(
    ...noiseFloor
      .flatMap(({ ratio }) => (ratio ? [Math.abs(ratio.low - 1), Math.abs(ratio.high - 1)] : []))
      .filter(finite),
  );
  const loud = noiseFloor.filter(
    ({ verdict }) => verdict === 'improvement' || verdict === 'regression',
  ).length;
  const spread = Number.isFinite(widest)
    ? `Intervals of identical processes reach ${percent(widest)} from 1.`
    : '';
  return loud > 0
    ? `${spread} ${count(loud, 'comparison')} of identical processes came out as a difference: read every verdict of this session with that in mind.`
    : `${spread} None of them came out as a difference, as it should be.`;
}

export function repeatSection(view: SessionView): Markup {
  const logs = rawLogsTable(view);
  return html`<section id="repeat"><h2>Repeat it</h2><pre class="command"><code>${view.session.environment.commandLine}</code></pre>
<h3>Environment</h3>${plainTable(environmentTable(view))}
<h3>Targets</h3>${plainTable(targetsTable(view))}
<h3>Raw data</h3>${
    logs.rows.length === 0
      ? html`<p class="empty">result.json beside this file holds every block; no histogram log was kept.</p>`
      : html`<p class="intro">result.json beside this file holds every block; whole histograms are HdrHistogram interval logs (V2).</p>${plainTable(logs)}`
  }</section>`;
}
