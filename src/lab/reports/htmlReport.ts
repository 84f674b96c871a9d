/**
 * The HTML report: one file, no script, no request of any kind. Its policy forbids both, so that a report handed round or opened
 * from a mail stays inert whatever a target called itself. Where there is a flamegraph, the policy names the one script that draws it.
 */
import type { SessionResult } from '../experiments/result.ts';
import { type Child, html, Markup } from './markup.ts';
import { repeatSection, trustSection } from './sections/evidence.ts';
import { factorialSection } from './sections/factorial.ts';
import { figureSections } from './sections/figures.ts';
import { type Flamegraph, flamegraphSection, scriptSource } from './sections/flamegraph.ts';
import { openingSection } from './sections/opening.ts';
import { budgetsSection, claimsSection, scorecardSection } from './sections/scorecard.ts';
import { viewOf } from './sessionView.ts';
import { STYLESHEET } from './stylesheet.ts';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** @param flamegraph of a comparison that was profiled. */
export function renderHtml(session: SessionResult, flamegraph?: Flamegraph): string {
  const view = viewOf(session);
  const sections: [id: string, name: string, content: Child][] = [
    ['scorecard', 'Scorecard', scorecardSection(view)],
    ['budgets', 'Budgets', budgetsSection(view)],
    ['claims', 'Claims', claimsSection(view)],
    ['effects', 'Effects', factorialSection(view)],
    ...figureSections(view).map(({ id, shortTitle, content }): [string, string, Child] => [
      id,
      shortTitle,
      content,
    ]),
    ['flamegraph', 'Flamegraph', flamegraphSection(flamegraph)],
    ['trust', 'Trust', trustSection(view)],
    ['repeat', 'Repeat it', repeatSection(view)],
  ];
  const present = sections.filter(([, , content]) => content !== undefined);
  const { environment } = session;
  const script = scriptSource(flamegraph);
  const policy = script === undefined ? POLICY : `${POLICY}; script-src ${script}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Evenkeel lab report, ${environment.startedAtIso}</title><style>${new Markup(STYLESHEET)}</style></head><body><main>
${openingSection(view)}
<nav aria-label="Sections">${present.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}</nav>
${present.map(([, , content]) => content)}
<footer>Evenkeel ${environment.evenkeelVersion}, commit ${environment.gitSha}, seed ${String(environment.seed)}, ${environment.startedAtIso}. Everything drawn here ${script === undefined ? '' : 'but the flamegraph '}stands in result.json.</footer>
</main></body></html>
`.text;
}
