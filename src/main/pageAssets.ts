/**
 * What pages are made of, by URL path. Their modules are TypeScript like everything else: types are stripped as they are read, so
 * there is nothing to build, and what the browser's debugger shows is the source.
 */
import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import type { Asset } from '../observability/http/pageRoutes.ts';

const projectDirectory = path.resolve(import.meta.dirname, '../..');

export interface PageFiles {
  /** Holds `index.html` and what only this page has. */
  readonly directory: string;
  /** Beside the one all pages share. */
  readonly stylesheet: string;
  /** That the page loads, as their imports name them. */
  readonly modules: readonly string[];
}

const PARTS_OF_PAGES = 'src/page';
const MODULES_OF_PAGES = ['connection', 'elements', 'heatmap', 'text'].map(
  (name) => `${PARTS_OF_PAGES}/${name}.ts`,
);

/** A running server's page. */
export const SERVER_PAGE: PageFiles = {
  directory: 'src/observability/live/page',
  stylesheet: 'livePage.css',
  modules: [
    'src/observability/live/page/page.ts',
    'src/observability/live/page/tables.ts',
    'src/observability/live/page/timeline.ts',
    'src/observability/attribution/causes.ts',
    'src/base/latencyBuckets.ts',
  ],
};

/** A running session's page. */
export const SESSION_PAGE: PageFiles = {
  directory: 'src/lab/live/page',
  stylesheet: 'sessionPage.css',
  modules: [
    'src/lab/live/page/page.ts',
    'src/lab/live/page/panels.ts',
    'src/lab/live/page/ratios.ts',
    'src/lab/live/latencyColumns.ts',
    'src/lab/live/sessionState.ts',
    'src/lab/measurement/heatmapBuckets.ts',
  ],
};

const read = (file: string): string => readFileSync(path.resolve(projectDirectory, file), 'utf8');

export function loadPageAssets(page = SERVER_PAGE): ReadonlyMap<string, Asset> {
  const uPlotDirectory = path.dirname(createRequire(import.meta.url).resolve('uplot'));
  const html = { type: 'text/html; charset=utf-8', body: read(`${page.directory}/index.html`) };
  const icon = { type: 'image/svg+xml', body: read(`${PARTS_OF_PAGES}/icon.svg`) };
  const style = (file: string): Asset => ({ type: 'text/css; charset=utf-8', body: read(file) });
  const script = (body: string): Asset => ({ type: 'text/javascript; charset=utf-8', body });
  const assets = new Map<string, Asset>([
    ['/', html],
    ['/assets/icon.svg', icon],
    ['/assets/page.css', style(`${PARTS_OF_PAGES}/page.css`)],
    [`/assets/${page.stylesheet}`, style(`${page.directory}/${page.stylesheet}`)],
    ['/assets/uPlot.css', style(path.join(uPlotDirectory, 'uPlot.min.css'))],
    ['/vendor/uPlot.esm.js', script(read(path.join(uPlotDirectory, 'uPlot.esm.js')))],
  ]);
  for (const file of [...MODULES_OF_PAGES, ...page.modules])
    assets.set(`/${file}`, script(stripTypeScriptTypes(read(file))));
  return assets;
}
