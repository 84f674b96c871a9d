/**
 * `REDIS_SERVER=... node test/browser/takeSessionPicture.ts`: the README's picture of a running session. A short one for real, no flags
 * against all flags beside Redis, looked at in its third pair. A closed loop: a picture need not wait for a quiet machine, and shows no result.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBaseline } from '../../src/lab/experiments/baseline.ts';
import { closedLoop } from '../../src/lab/experiments/scenarios.ts';
import { parseTarget } from '../../src/lab/targets/parseTarget.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';
import { runLabSession } from '../../src/main/labSession.ts';
import { launchChromium } from './chromium.ts';

const LIVE_PORT = 19_122;
const PAIRS = 4;
const arms = ['none', 'all', 'redis'];
const workload = mixWorkload(1, 1, { keys: 50_000, valueBytes: 64 });
const { target: redis, missing } = await findBaseline('auto');
if (redis === undefined) throw new Error(missing);

const outDir = mkdtempSync(path.join(tmpdir(), 'evenkeel-picture-'));
const browser = await launchChromium();
try {
  const session = runLabSession({
    definitions: [
      {
        id: 'all-flags',
        title: 'All flags against none, beside Redis',
        question: 'What do all flags do to the tail?',
        arms: { smoke: arms, quick: arms, full: arms },
        comparisons: [
          { a: 'none', b: 'all', primary: true },
          { a: 'redis', b: 'all', primary: false },
        ],
        scenarios: [closedLoop('GET/SET 50/50, 64 B', workload, 16)],
        budgets: [],
      },
    ],
    targets: new Map([
      ['none', parseTarget('ours:none')],
      ['all', parseTarget('ours:all')],
      ['redis', redis],
    ]),
    labels: new Map(),
    effort: 'full',
    minutes: 4,
    seed: 1,
    pairs: PAIRS,
    noiseFloor: false,
    outDir,
    resume: false,
    livePort: LIVE_PORT,
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 960 } });
  await page.goto(`http://127.0.0.1:${LIVE_PORT}/`);
  await page.waitForFunction(
    () =>
      document.querySelectorAll('#ratios tbody td').length > 1 &&
      /pair 3: measured now/.test(document.querySelectorAll('.panel .state')[1]?.textContent ?? ''),
    undefined,
    { timeout: 180_000 },
  );
  await page.waitForTimeout(1300);
  await page.screenshot({
    path: path.resolve(import.meta.dirname, '../../docs/pictures/session-live.png'),
    clip: { x: 0, y: 0, width: 1280, height: 930 },
  });
  await page.close();
  await session;
} finally {
  await browser.close();
  rmSync(outDir, { recursive: true, force: true });
}
