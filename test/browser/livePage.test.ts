/**
 * The live page in a real browser, under load: it draws, its numbers are those of `/metrics`, it asks nobody else for anything, says
 * nothing in the console, works by keyboard and fits a phone. SCREENSHOTS=DIR keeps pictures of it.
 */
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withWire } from '../integration/wire.ts';
import { needing, type RunningServer, startObservedEvenkeel } from '../requirements.ts';
import { chromiumPath, launchChromium } from './chromium.ts';

const picturesFolder = process.env.SCREENSHOTS;

describe.skipIf(chromiumPath === undefined)(needing('the live page', 'chromium', chromiumPath), () => {
  let server: RunningServer;
  let browser: Browser;
  let url: string;
  let isLoaded = true;
  let load: Promise<void>;
  const foreign: string[] = [];
  const complaints: string[] = [];

  const open = async (
    width: number,
    height: number,
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) foreign.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    await page.waitForFunction(() => document.querySelector('#strip dd') !== null);
    return page;
  };
  const picture = async (page: Page, name: string): Promise<void> => {
    if (picturesFolder !== undefined)
      await page.screenshot({ path: path.join(picturesFolder, `${name}.png`), fullPage: true });
  };
  const stripValue = (page: Page, name: string): Promise<string> =>
    page.evaluate((wanted) => {
      for (const tile of document.querySelectorAll('#strip div'))
        if (tile.querySelector('dt')!.textContent === wanted) return tile.querySelector('dd')!.textContent!;
      return '';
    }, name);

  beforeAll(async () => {
    const started = await startObservedEvenkeel('--enable-debug-command', 'yes');
    ({ server, url } = started);
    load = withWire(started.port, async (wire) => {
      for (let i = 0; isLoaded; i++) {
        await wire.ask('SET', `key:${i % 5000}`, 'x'.repeat(100));
        await wire.ask('GET', `key:${(i * 7) % 5000}`);
        if (i % 400 === 399) await wire.ask('DEBUG', 'SLEEP', '0.03');
      }
    });
    browser = await launchChromium();
  }, 60_000);

  afterAll(async () => {
    isLoaded = false;
    await load;
    await browser?.close();
    await server?.stop();
  });

  it('draws the heatmap, the causes and the lanes', async () => {
    const page = await open(1280, 900);
    await page.waitForTimeout(5000);
    const colours = await page.evaluate(() =>
      ['heat', 'causes', 'lanes'].map((id) => {
        const canvas = document.querySelector<HTMLCanvasElement>(`#${id} canvas`)!;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set<number>();
        for (let at = 0; at < data.length; at += 4)
          if (data[at + 3]! > 0) seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
        return seen.size;
      }),
    );
    for (const count of colours) expect(count).toBeGreaterThan(8);
    expect(await page.locator('#slow tbody tr').count()).toBeGreaterThan(0);
    expect(await page.locator('#slow tbody').textContent()).toContain('execution');
    await picture(page, 'live-1280');
    await page.close();
  });

  it('shows the numbers of /metrics', async () => {
    const page = await open(1280, 900);
    await page.waitForTimeout(2500);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const keys = /^evenkeel_keys\{.*db="db0"\} (\d+)/m.exec(metrics)![1]!;
    const shown = await stripValue(page, 'Keys');
    expect(Number(shown.replace(/[,k]/g, '')) * (shown.endsWith('k') ? 1000 : 1)).toBeCloseTo(
      Number(keys),
      -2,
    );
    const clients = /^evenkeel_connected_clients\{.*\} (\d+)/m.exec(metrics)![1]!;
    expect(await page.locator('#connection').textContent()).toContain(`live, ${clients} client`);
    expect(await page.locator('#server').textContent()).toContain(/flags="([^",]+)/.exec(metrics)![1]!);
    await page.close();
  });

  it('is used by keyboard: a second is picked, explained and left again', async () => {
    const page = await open(1280, 900);
    await page.waitForTimeout(3500);
    await page.locator('#timeline').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('#moment-title').textContent()).toMatch(/^The second before \d\d:\d\d:\d\d$/);
    expect(await page.locator('#sentence').textContent()).toMatch(
      /requests a second, p99 .*The tail's time went to: .*%/,
    );
    expect(await page.locator('#timeline').getAttribute('aria-valuetext')).toContain('requests a second');
    await picture(page, 'live-picked-1280');
    await page.keyboard.press('Escape');
    expect(await page.locator('#moment-title').textContent()).toBe('The last seconds');
    const reached: string[] = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      reached.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''));
    }
    expect(reached).toContain('Slow requests');
    await page.close();
  });

  it.each(['light', 'dark'] as const)('fits a phone, %s', async (scheme) => {
    const page = await open(390, 844, scheme);
    await page.waitForTimeout(2500);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await picture(page, `live-390-${scheme}`);
    await page.close();
  });

  it('asked nobody else and complained of nothing', () => {
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
