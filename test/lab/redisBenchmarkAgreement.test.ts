/**
 * Throughput of the same server by our generator and by redis-benchmark, in turn, must agree. Theirs is a C program: where
 * it is itself the limit (no pipeline) ours may not be slower by more than the bound, and may be faster.
 *
 * Set REDIS_BENCHMARK to the tool's path if it is not on PATH. Both sides run pinned apart from the server, alternating, and
 * the medians of five rounds are compared, since a shared machine can take half of either side's time away at any moment.
 */
import { execFile, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLoad } from '../../src/lab/load/generatorProcess.ts';
import { canPin, pinned } from '../../src/lab/targets/childProcess.ts';
import { parseTarget } from '../../src/lab/targets/parseTarget.ts';
import type { RunningTarget } from '../../src/lab/targets/target.ts';
import { presetWorkload } from '../../src/lab/workloads/presets.ts';

const tool = process.env['REDIS_BENCHMARK'] ?? 'redis-benchmark';
const rounds = 5;
const connections = 50;
const keys = 100_000;
const agreement = 0.1;

async function reasonToSkip(): Promise<string | undefined> {
  if (spawnSync(tool, ['--version']).status !== 0) return `no ${tool} here: set REDIS_BENCHMARK`;
  if (availableParallelism() < 2 || !canPin())
    return 'needs two CPUs and taskset to keep server and load apart';
  return parseTarget('redis').unavailable();
}

const skipReason = await reasonToSkip();

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

/** Requests a second as redis-benchmark says. */
function theirs(target: RunningTarget, pipeline: number, requests: number): Promise<number> {
  const command = pinned(
    [
      ...[tool, '-h', target.endpoint.host, '-p', String(target.endpoint.port), '-t', 'get', '--csv'],
      ...[
        '-c',
        String(connections),
        '-P',
        String(pipeline),
        '-n',
        String(requests),
        '-r',
        String(keys),
        '-d',
        '64',
      ],
    ],
    [1],
  );
  return new Promise((resolve, reject) => {
    execFile(command[0]!, command.slice(1), (error, stdout) => {
      const rate = /^"GET[^"]*","([\d.]+)"/m.exec(stdout)?.[1];
      if (error || rate === undefined) reject(error ?? new Error(`no rate in ${stdout}`));
      else resolve(Number(rate));
    });
  });
}

async function ours(target: RunningTarget, pipeline: number): Promise<{ rate: number; busyShare: number }> {
  const result = await runLoad(
    {
      id: 'agreement',
      endpoint: target.endpoint,
      workload: presetWorkload('get', { keys }),
      seed: 1,
      connections,
      loop: { kind: 'closed', pipeline },
      warmup: { minSec: 0.3, maxSec: 0.3 },
      measureSec: 1,
      requestsMax: 1e9,
      intervalMs: 100,
      preload: true,
    },
    { cpus: [1] },
  );
  return { rate: result.throughputOpsPerSec, busyShare: result.generator.busyShare };
}

describe.skipIf(skipReason)(`beside redis-benchmark${skipReason ? ` (skipped: ${skipReason})` : ''}`, () => {
  let target: RunningTarget;
  beforeAll(async () => {
    target = await parseTarget('redis').start({ cpus: [0] });
  });
  afterAll(() => target.stop());

  it.each([
    [16, 1_000_000],
    [1, 100_000],
  ])(
    'pipeline %i: no slower than theirs by over 10 %%, and equal where the server is the limit',
    async (pipeline, requests) => {
      const mine: number[] = [];
      const others: number[] = [];
      const shares: number[] = [];
      await ours(target, pipeline);
      for (let round = 0; round < rounds; round++) {
        const { rate, busyShare } = await ours(target, pipeline);
        mine.push(rate);
        shares.push(busyShare);
        others.push(await theirs(target, pipeline, requests));
      }
      const ratio = median(mine) / median(others);
      const said = `ours ${Math.round(median(mine))}, theirs ${Math.round(median(others))} requests/s`;
      console.info(
        `pipeline ${pipeline}: ${said}, ratio ${ratio.toFixed(3)}, our core ${median(shares).toFixed(2)}`,
      );
      expect(ratio, said).toBeGreaterThan(1 - agreement);
      // With our generator at its own limit there is nothing of the server's to agree about.
      if (median(shares) < 0.9) expect(ratio, said).toBeLessThan(1 + agreement);
    },
  );
});
