/** The report of a comparison in a real browser, opened from a file: its flamegraph draws and zooms, and no other script runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/lab/reports/reports.ts';
import { fixtureSession } from '../../src/lab/reports/sessionFixture.ts';
import { flamegraphPage } from '../../src/main/flamegraphPage.ts';
import { StackTree } from '../../src/profiling/stackTree.ts';
import { needing } from '../requirements.ts';
import { chromiumPath, launchChromium } from './chromium.ts';

function side(name: string, weights: Record<string, number>) {
  const tree = new StackTree(name);
  for (const [frame, weight] of Object.entries(weights))
    tree.add({ frames: [{ name: frame, location: `src/${frame}.ts:1`, kind: 'project' }], weight });
  return { name, tree, unit: 'ns/request', perUnit: 1 };
}

describe.skipIf(chromiumPath === undefined)(
  needing("a comparison's report", 'chromium', chromiumPath),
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-report-'));
    let browser: Browser;

    async function open(html: string, width: number): Promise<{ page: Page; frame: Frame }> {
      const file = path.join(folder, 'report.html');
      writeFileSync(file, html);
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      await page.goto(pathToFileURL(file).href);
      await page.locator('#flamegraph').scrollIntoViewIfNeeded();
      return { page, frame: page.frames().find((each) => each !== page.mainFrame())! };
    }

    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true });
    });

    const graph = flamegraphPage(
      'a → b',
      ['a fact'],
      [side('a', { get: 300, hash: 100 }), side('b', { get: 200 })],
    );
    const session = fixtureSession({ seed: 1, pairs: 2, secondsPerBlock: 1 });

    it.each([1280, 390])('draws and zooms its flamegraph at %i px, and nothing overflows', async (width) => {
      const { page, frame } = await open(renderHtml(session, graph), width);
      await frame.waitForSelector('#graph g');
      const texts = await frame.locator('#graph text').allTextContents();
      expect(texts.map((text) => text.slice(0, 2))).toEqual(['b', 'ge', 'ha']);
      expect(await frame.locator('rect.gone').count()).toBe(1);
      await frame.locator('#graph g').nth(1).click();
      expect(await frame.locator('#details').textContent()).toContain(
        'get (src/get.ts:1): 300 → 200 ns/request',
      );
      for (const each of [page.mainFrame(), frame])
        expect(
          await each.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        ).toBeLessThanOrEqual(0);
      await page.close();
    });

    it('runs no script but that one', async () => {
      const evil =
        '<script>document.title = "run"</script><script type="module">document.title = "run"</script>';
      const page = graph.page.replace('</main>', `${evil}</main>`);
      const opened = await open(renderHtml(session, { ...graph, page }), 1280);
      await opened.frame.waitForSelector('#graph g');
      expect(await opened.frame.title()).toBe('a → b');
      await opened.page.close();
    });
  },
);
