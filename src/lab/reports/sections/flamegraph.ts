/**
 * The differential flamegraph of a comparison: an interactive page of its own, in a frame that cannot reach the report around it.
 *
 * It is drawn elsewhere and comes as a whole document. A frame written into the report inherits the report's policy, which allows no script:
 * `scriptSource` is the exception, the hash of the one script that draws the graph. Whatever else found its way in stays inert.
 */
import { createHash } from 'node:crypto';
import { html, type Markup } from '../markup.ts';

export interface EmbeddedFlamegraph {
  /** The whole document, without any request. */
  page: string;
  /** The text of its script. */
  script: string;
}

/** The graph, or why there is none, as a sentence. */
export type Flamegraph = EmbeddedFlamegraph | { missing: string };

export function flamegraphSection(flamegraph: Flamegraph | undefined): Markup | undefined {
  if (flamegraph === undefined) return undefined;
  return html`<section id="flamegraph"><h2>Where the CPU time of a request went</h2>${
    'missing' in flamegraph
      ? html`<p class="empty">${flamegraph.missing}</p>`
      : html`<p class="intro">Both servers were profiled under the same load after the measured blocks, so that no number above knows of it. Widths are CPU time a request; click or press Enter to look closer.</p><iframe class="flamegraph" title="Differential flamegraph" sandbox="allow-scripts" srcdoc="${flamegraph.page}"></iframe>`
  }</section>`;
}

/** What the report's policy has to allow; undefined where nothing runs. */
export function scriptSource(flamegraph: Flamegraph | undefined): string | undefined {
  if (flamegraph === undefined || 'missing' in flamegraph) return undefined;
  return `'sha256-${createHash('sha256').update(flamegraph.script).digest('base64')}'`;
}
