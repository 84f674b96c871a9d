/**
 * The page of a running session in a real browser, fed by a script: panels side by side on one axis, a block that grows, ratios without a
 * verdict, by keyboard and on a phone, asking nobody else and complaining of nothing. SCREENSHOTS=DIR keeps pictures of it.
 */
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ratioOf, ScriptedSession } from '../../src/lab/live/scriptedSessionFixture.ts';
import { type RunningSessionPage, startSessionPage } from '../../src/main/sessionPage.ts';
import { needing } from '../requirements.ts';
import { chromiumPath, launchChromium } from './chromium.ts';

const picturesFolder = process.env.SCREENSHOTS;

describe.skipIf(chromiumPath === undefined)(needing("a session's page", 'chromium', chromiumPath), () => {
  let browser: Browser;
  let served: RunningSessionPage;
  let script: ScriptedSession;
  const foreign: string[] = [];
  const complaints: string[] = [];

  const open = async (width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on('request', (request) => {
      if (!request.url().startsWith(served.url) && !request.url().startsWith('data:'))
        foreign.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(served.url);
    await page.waitForSelector('.panel');
    return page;
  };
  const picture = async (page: Page, name: string): Promise<void> => {
    if (picturesFolder !== undefined)
      await page.screenshot({ path: path.join(picturesFolder, `${name}.png`), fullPage: true });
  };
  /** Of each panel's chart: colours seen, and pixels that are not transparent. */
  const painted = (page: Page): Promise<{ colours: number; pixels: number }[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLCanvasElement>('.panel canvas')].map((canvas) => {
        // Read from a copy: the page's own canvases are drawn on, not read.
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {
          willReadFrequently: true,
        })!;
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set<number>();
        let pixels = 0;
        for (let at = 0; at < data.length; at += 4)
          if (data[at + 3]! > 0) {
            pixels += 1;
            seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
          }
        return { colours: seen.size, pixels };
      }),
    );
  const panelNames = (page: Page): Promise<string[]> => page.locator('.panel h3').allTextContents();

  /** Two pairs are done, and B of the third runs. */
  beforeAll(async () => {
    browser = await launchChromium();
    script = new ScriptedSession();
    served = await startSessionPage(script.feed, 0);
    script.plan();
    script.pairs(1);
    script.analyse([
      ratioOf('latency-p99-us', 'open-40k'),
      ratioOf('throughput-ops-per-sec', 'p16'),
      ratioOf('cpu-us-per-request', 'p16'),
    ]);
    script.pairs(1);
    script.begin('open-40k', 'all', 2);
    script.phase('measure');
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it('shows A, B and Redis side by side, on one latency axis', async () => {
    const page = await open(1280);
    await picture(page, 'session-1280');
    expect(await panelNames(page)).toEqual(['Evenkeel (no flags)A', 'Evenkeel (all flags)B', 'Redis 7.4.1']);
    for (const { colours } of await painted(page)) expect(colours).toBeGreaterThan(8);
    const axes = await page
      .locator('.panel .chart')
      .evaluateAll((charts) => charts.map((chart) => (chart as HTMLElement).dataset['axis']));
    expect(axes[0]).toMatch(/^\d+ \d+$/);
    expect(new Set(axes).size).toBe(1);
    const tops = await page
      .locator('.panel')
      .evaluateAll((panels) => panels.map((panel) => panel.getBoundingClientRect().top));
    expect(new Set(tops).size).toBe(1);
    expect(await page.locator('.panel').first().textContent()).toContain('CPU per request8.00 µs');
    expect(await page.locator('#strip').textContent()).toContain('Pairs done4 of 12');
    expect(await page.locator('#now').textContent()).toBe(
      'Runs now: scripted/open-40k, pair 3, Evenkeel (all flags).',
    );
    await page.close();
  });

  it('grows the panel of the block that runs, and no other', async () => {
    const page = await open(1280);
    const before = await painted(page);
    script.measure(script.intervals('all', 2));
    await expect.poll(async () => (await painted(page))[1]!.pixels).toBeGreaterThan(before[1]!.pixels);
    const after = await painted(page);
    expect(after[0]).toEqual(before[0]);
    expect(after[2]).toEqual(before[2]);
    expect(await page.locator('.panel.runs .state').textContent()).toBe(
      'pair 3: measured now; 2 of 4 blocks done',
    );
    await page.close();
  });

  it('shows ratios with their intervals and calls nothing a verdict', async () => {
    const page = await open(1280);
    expect(await page.locator('#standing').textContent()).toBe('running, not a verdict');
    expect(await page.locator('#ratios tbody').textContent()).toBe(
      'p99 latencyEvenkeel (all flags)Evenkeel (no flags)4 pairs0.8200.780 .. 0.87088 %below 1',
    );
    await page.close();
  });

  it('is used by keyboard: a finished scenario is chosen, and the one that runs again', async () => {
    const page = await open(1280);
    const reached: string[] = [];
    for (let i = 0; i < 4; i++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(
          () => document.activeElement!.id || (document.activeElement!.getAttribute('aria-label') ?? ''),
        ),
      );
    }
    expect(reached).toContain('scenario');
    expect(reached).toContain('Paired ratios');
    await page.locator('#scenario').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#scenario').inputValue()).toBe('scripted/p16');
    expect(await page.locator('#scenario-label').textContent()).toContain('pipeline 16');
    expect(await page.locator('#ratios tbody tr').count()).toBe(2);
    await picture(page, 'session-chosen-1280');
    await page.keyboard.press('Home');
    expect(await page.locator('#scenario-label').textContent()).toContain('open loop');
    await page.close();
  });

  it.each(['light', 'dark'] as const)('fits a phone, %s', async (scheme) => {
    const page = await open(390, scheme);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    for (const { colours } of await painted(page)) expect(colours).toBeGreaterThan(8);
    await picture(page, `session-390-${scheme}`);
    await page.close();
  });

  it('leaves while nobody sees it, and knows all when it is seen again', async () => {
    const page = await open(1280);
    const setHidden = (isHidden: boolean): Promise<void> =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, isHidden);
    expect(script.feed.isPresent).toBe(true);
    await setHidden(true);
    await expect.poll(() => script.feed.isPresent).toBe(false);
    script.feed.note('said while nobody looked');
    await setHidden(false);
    await expect.poll(() => page.locator('#notes').textContent()).toContain('said while nobody looked');
    await page.close();
  });

  it('asked nobody else and complained of nothing', () => {
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('comes back after a loss, and says how the session ended', async () => {
    const page = await open(1280);
    const port = Number(new URL(served.url).port);
    await served.close();
    await page.waitForFunction(() => document.getElementById('connection')!.className === 'lost');
    script.end('open-40k', 'all', 2);
    served = await startSessionPage(script.feed, port);
    await page.waitForFunction(() => document.getElementById('connection')!.textContent === 'live');
    expect(await page.locator('.panel .state').nth(1).textContent()).toContain('3 of 4 blocks done');
    script.session.complete = true;
    script.feed.ended(script.session);
    await page.waitForFunction(() => document.getElementById('connection')!.textContent === 'ended');
    expect(await page.locator('#now').textContent()).toBe(
      'The session is complete: its report has the verdicts.',
    );
    expect(await page.locator('#standing').textContent()).toBe('ended: the verdicts are in the report');
    await page.close();
  });
});
