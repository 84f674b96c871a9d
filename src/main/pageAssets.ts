/**
 * What the live page is made of, by URL path. Its modules are TypeScript like everything else: types are stripped as they are read, so
 * there is nothing to build, and what the browser's debugger shows is the source.
 */
import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import type { Asset } from '../observability/http/controlPlane.ts';

const projectDirectory = path.resolve(import.meta.dirname, '../..');
const pageDirectory = 'src/observability/live/page';

/** Modules that the page loads, as their imports name them. */
const MODULES = [
  `${pageDirectory}/page.ts`,
  `${pageDirectory}/tables.ts`,
  `${pageDirectory}/text.ts`,
  `${pageDirectory}/timeline.ts`,
  'src/observability/attribution/causes.ts',
  'src/base/latencyBuckets.ts',
];

const read = (file: string): string => readFileSync(path.resolve(projectDirectory, file), 'utf8');

export function loadPageAssets(): ReadonlyMap<string, Asset> {
  const uPlotDirectory = path.dirname(createRequire(import.meta.url).resolve('uplot'));
  const assets = new Map<string, Asset>([
    ['/', { type: 'text/html; charset=utf-8', body: read(`${pageDirectory}/index.html`) }],
    ['/assets/icon.svg', { type: 'image/svg+xml', body: read(`${pageDirectory}/icon.svg`) }],
    ['/assets/page.css', { type: 'text/css; charset=utf-8', body: read(`${pageDirectory}/page.css`) }],
    [
      '/assets/uPlot.css',
      { type: 'text/css; charset=utf-8', body: read(path.join(uPlotDirectory, 'uPlot.min.css')) },
    ],
    [
      '/vendor/uPlot.esm.js',
      { type: 'text/javascript; charset=utf-8', body: read(path.join(uPlotDirectory, 'uPlot.esm.js')) },
    ],
  ]);
  for (const file of MODULES)
    assets.set(`/${file}`, {
      type: 'text/javascript; charset=utf-8',
      body: stripTypeScriptTypes(read(file)),
    });
  return assets;
}
