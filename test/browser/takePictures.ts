/**
 * `node test/browser/takePictures.ts`: the pictures of the README. A server under an open-loop load; somebody runs KEYS over a
 * million keys; the page is asked what happened.
 */
import path from 'node:path';
import type { Page } from 'playwright-core';
import { runLoad } from '../../src/lab/load/generatorProcess.ts';
import type { LoadJob } from '../../src/lab/load/protocol.ts';
import { httpUrl } from '../../src/lab/targets/httpUrl.ts';
import { parseTarget } from '../../src/lab/targets/parseTarget.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';
import { launchChromium } from './chromium.ts';

const folder = path.resolve(import.meta.dirname, '../../docs/pictures');
const KEYS = 1_000_000;
const SPIKE_AFTER_SEC = 40;
const LOAD_SEC = 60;

const target = await parseTarget('ours:default?instruments=1').start({ cpus: [0] });
const browser = await launchChromium();
try {
  const job: LoadJob = {
    id: 'pictures',
    endpoint: target.endpoint,
    workload: mixWorkload(1, 1, { keys: KEYS, valueBytes: 64 }),
    seed: 1,
    connections: 50,
    loop: { kind: 'open', rateOpsPerSec: 5000, arrivals: 'poisson' },
    warmup: { minSec: 12, maxSec: 15 },
    measureSec: LOAD_SEC,
    requestsMax: 1e12,
    intervalMs: 1000,
    preload: true,
  };
  const measuring = Promise.withResolvers<void>();
  const load = runLoad(job, {
    cpus: [1],
    onMessage: (message) => {
      if (message.type === 'phase' && message.phase === 'measure') measuring.resolve();
    },
  });
  await measuring.promise;
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(httpUrl(target));
  await page.locator('input[name=window][value="60"]').check();
  await page.waitForTimeout(SPIKE_AFTER_SEC * 1000);
  await target.command('KEYS', 'nothing*');
  await page.waitForTimeout(8000);
  await take(page, 'spike');
  await pickSlowest(page);
  await take(page, 'spike-picked');
  await load;
} finally {
  await browser.close();
  await target.stop();
}

async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({
    path: path.join(folder, `live-${name}.png`),
    clip: { x: 0, y: 0, width: 1280, height: 1240 },
    fullPage: true,
  });
}

/** As somebody at the keyboard would: back, second by second, to the one with the longest request. */
async function pickSlowest(page: Page): Promise<void> {
  const timeline = page.locator('#timeline');
  await timeline.focus();
  let worst = { steps: 0, ms: 0 };
  for (let steps = 1; steps <= 15; steps++) {
    await page.keyboard.press('ArrowLeft');
    const text = (await timeline.getAttribute('aria-valuetext')) ?? '';
    const [, value, unit] = /longest ([\d.,]+) (µs|ms|s)/.exec(text) ?? [];
    const ms = Number(value?.replaceAll(',', '')) * { µs: 0.001, ms: 1, s: 1000 }[unit as 'µs' | 'ms' | 's'];
    if (ms > worst.ms) worst = { steps, ms };
  }
  for (let steps = 15; steps > worst.steps; steps--) await page.keyboard.press('ArrowRight');
}
