/** A flamegraph as one HTML file without any request: the tree as data, the script and style that draw it inline. */
import { html, raw } from 'hono/html';
import type { FlameNode } from './flameNodes.ts';

export interface FlamegraphPage {
  readonly title: string;
  /** Lines below the title: what was run, how, on what. */
  readonly facts: readonly string[];
  readonly root: FlameNode;
  /** Of the values: `ns/request`, `ms`. */
  readonly unit: string;
  /** Own time by function, the most first; two values where two profiles are compared. */
  readonly top: readonly {
    readonly name: string;
    readonly location: string;
    readonly values: readonly number[];
    readonly share: number;
  }[];
  readonly valueNames: readonly string[];
  /** What draws it: page/flamegraph.ts without its types, and page/flamegraph.css. */
  readonly script: string;
  readonly style: string;
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** JSON inside a script element: `<` would let a function's name end it. */
const embedded = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

const figure = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en');

export function renderFlamegraph(page: FlamegraphPage): string {
  const { title, facts, root, unit, top, valueNames, script, style } = page;
  const key = (className: string, words: string) => html`<span><i class="${className}"></i>${words}</span>`;
  return String(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><style>${raw(style)}</style></head>
<body data-unit="${unit}"><main>
<h1>${title}</h1>
${facts.map((fact) => html`<p class="soft">${fact}</p>`)}
<div class="tools"><label>Search <input id="search" type="search" placeholder="name, file or pattern"></label><button id="reset" type="button">Whole graph</button><span id="found" class="soft" role="status"></span></div>
<p class="legend" id="kind-legend" hidden>${key('project', 'this project')}${key('package', 'packages')}${key('node', 'Node')}${key('engine', 'engine, system')}${key('gc', 'garbage collection')}</p>
<p class="legend" id="difference-legend" hidden>${key('less', 'less own time')}${key('more', 'more own time')}${key('same', 'the same')}${key('gone', 'gone')}</p>
<p id="details" aria-live="polite"></p>
<div class="frame"><svg id="graph" tabindex="0" role="application" aria-label="Flamegraph: arrow keys move, Enter zooms, Escape shows the whole"></svg></div>
<h2>${valueNames.length > 1 ? 'Largest differences of own time' : 'Most own time'}</h2>
<div class="scroll"><table><thead><tr><th>Function</th><th>Where</th>${valueNames.map((name) => html`<th class="num">${name}</th>`)}<th class="num">Share</th></tr></thead><tbody>${top.map(
    ({ name, location, values, share }) =>
      html`<tr><td class="code">${name}</td><td class="code">${location}</td>${values.map((value) => html`<td class="num">${figure(value)}</td>`)}<td class="num">${figure(share * 100)} %</td></tr>`,
  )}</tbody></table></div>
</main>
<script type="application/json" id="data">${raw(embedded(root))}</script>
<script type="module">${raw(script)}</script>
</body></html>
`);
}
