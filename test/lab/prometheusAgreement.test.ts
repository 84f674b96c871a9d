/**
 * The dashboards on a real Prometheus that scrapes a loaded server: every query answers with finite numbers, and the p99 that the panel
 * shows is the one that the load generator measured, where it is the server that makes requests wait.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboards } from '../../dashboards/definitions.ts';
import { recordingRules } from '../../dashboards/rules.ts';
import { runLoad } from '../../src/lab/load/generatorProcess.ts';
import type { LoadResult } from '../../src/lab/load/protocol.ts';
import { presetWorkload } from '../../src/lab/workloads/presets.ts';
import { withWire } from '../integration/wire.ts';
import { eventually, freePort, needing, RunningServer, startObservedEvenkeel } from '../requirements.ts';

const prometheus = ['/usr/bin/prometheus', '/usr/local/bin/prometheus'].find(existsSync);
/** The load lasts longer than the range that is asked for. */
const measureSec = 20;
const rangeSec = 15;
const stallMs = 60;

interface Answer {
  data: { result: { metric: Record<string, string>; value: [number, string] }[] };
}

describe.skipIf(prometheus === undefined)(needing('on a real Prometheus', 'prometheus', prometheus), () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-prometheus-'));
  let server: RunningServer;
  let collector: RunningServer;
  let load: LoadResult;
  let prometheusPort: number;

  const ask = async (expr: string): Promise<Answer['data']['result']> => {
    const url = `http://127.0.0.1:${prometheusPort}/api/v1/query?query=${encodeURIComponent(expr)}`;
    const response = await fetch(url);
    expect(response.status, `${expr}: ${await response.clone().text()}`).toBe(200);
    return ((await response.json()) as Answer).data.result;
  };

  beforeAll(async () => {
    const started = await startObservedEvenkeel('--enable-debug-command', 'yes');
    const { port, url } = started;
    server = started.server;
    prometheusPort = await freePort();
    const rules = path.resolve(import.meta.dirname, '../../dashboards/rules.yml');
    writeFileSync(
      path.join(folder, 'prometheus.yml'),
      `global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ['${rules}']\nscrape_configs: [{job_name: evenkeel, static_configs: [{targets: ['${new URL(url).host}']}]}]\n`,
    );
    collector = new RunningServer(
      prometheusPort,
      spawn(
        prometheus!,
        [
          `--config.file=${path.join(folder, 'prometheus.yml')}`,
          `--storage.tsdb.path=${path.join(folder, 'data')}`,
          `--web.listen-address=127.0.0.1:${prometheusPort}`,
        ],
        { stdio: ['ignore', 'pipe', 'pipe'] },
      ),
    );
    await eventually(
      'Prometheus is ready',
      () =>
        fetch(`http://127.0.0.1:${prometheusPort}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        ),
      30_000,
    );
    let isMeasuring = false;
    const stalls = withWire(port, async (wire) => {
      await eventually('the load is measured', () => isMeasuring, 60_000);
      while (isMeasuring) {
        await wire.ask('DEBUG', 'SLEEP', stallMs / 1000);
        await new Promise((resolve) => setTimeout(resolve, 10 * stallMs));
      }
    });
    load = await runLoad(
      {
        id: 'dashboards',
        endpoint: { host: '127.0.0.1', port },
        workload: presetWorkload('get-set', { keys: 1000 }),
        seed: 5,
        connections: 20,
        loop: { kind: 'open', rateOpsPerSec: 2000, arrivals: 'poisson' },
        warmup: { minSec: 0, maxSec: 1 },
        measureSec,
        requestsMax: 1e9,
        intervalMs: 1000,
        preload: true,
      },
      {
        onMessage: (message) => {
          if (message.type === 'phase' && message.phase === 'measure') isMeasuring = true;
        },
      },
    );
    isMeasuring = false;
    await stalls;
  }, 120_000);

  afterAll(async () => {
    await collector?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  const expressions = [
    ...dashboards.flatMap(({ uid, rows }) =>
      rows.flatMap(({ panels }) =>
        panels.flatMap(({ title, queries }) =>
          queries.map(({ expr }): [string, string] => [`${uid}: ${title}`, expr]),
        ),
      ),
    ),
    ...recordingRules.map(({ record }): [string, string] => ['recording rule', record]),
  ];

  it.each(expressions)('%s answers: %s', async (_name, expr) => {
    const result = await ask(
      expr.replaceAll('$__rate_interval', `${rangeSec}s`).replaceAll('$instance', '.*'),
    );
    expect(result.length).toBeGreaterThan(0);
    const values = result.map(({ value: [, text] }) => Number(text));
    // A command or cause that did not occur in the range has no quantile, beside others that have.
    expect(values.some(Number.isFinite)).toBe(true);
  });

  it('the p99 is that of the load generator, within one bucket', async () => {
    const panel = dashboards
      .flatMap(({ rows }) => rows.flatMap(({ panels }) => panels))
      .find(({ title }) => title === 'Service duration')!;
    const expr = panel.queries.find(({ legend }) => legend === 'p99')!.expr;
    const [answer] = await ask(
      expr.replaceAll('$__rate_interval', `${rangeSec}s`).replaceAll('$instance', '.*'),
    );
    const shownUs = Number(answer!.value[1]) * 1e6;
    const measuredUs = load.intended.p99Us;
    // Buckets are a quarter of an octave wide, at most 25 %.
    expect(shownUs / measuredUs).toBeGreaterThan(1 / 1.25);
    expect(shownUs / measuredUs).toBeLessThan(1.25);
  });
});
