/**
 * The same server under our generator and under redis-benchmark, in turn: where the server is the limit, both must find the
 * same throughput within 10 %; where the load is (no pipeline), ours must not be slower.
 *
 * The server is the limit in a round when it had at least 90 % of its core for the whole of it. A round that fails this, because
 * the load could not keep up or because something else ran on the core, says nothing about agreement and is left out; with
 * fewer than three rounds left on either side the comparison is skipped, and says so.
 *
 * Set REDIS_BENCHMARK to the tool's path if it is not on PATH. Server and load are pinned apart, rounds alternate, and the median
 * of neighbouring rounds' ratios is judged.
 */
import { execFile, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLoad } from '../../src/lab/load/generatorProcess.ts';
import type { LoadJob } from '../../src/lab/load/protocol.ts';
import { canPin, pinned } from '../../src/lab/targets/childProcess.ts';
import { parseTarget } from '../../src/lab/targets/parseTarget.ts';
import type { RunningTarget } from '../../src/lab/targets/target.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

const tool = process.env['REDIS_BENCHMARK'] ?? 'redis-benchmark';
const rounds = 7;
const connections = 50;
const keys = 100_000;
const agreement = 0.1;
const serverShareMin = 0.9;
const roundsMin = 3;

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

interface Round {
  opsPerSec: number;
  /** CPU time over wall time of the server while the requests were sent. */
  serverShare: number;
}

/** CPU seconds of the server so far, by its own account. */
async function serverCpuSec(target: RunningTarget): Promise<number> {
  const info = await target.info('cpu');
  return Number(info.get('used_cpu_user')) + Number(info.get('used_cpu_sys'));
}

async function theirs(target: RunningTarget, pipeline: number, requests: number): Promise<Round> {
  const command = pinned(
    [
      ...[tool, '-h', target.endpoint.host, '-p', String(target.endpoint.port), '-t', 'set', '--csv'],
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
  const beforeSec = await serverCpuSec(target);
  const stdout = await new Promise<string>((resolve, reject) => {
    execFile(command[0]!, command.slice(1), (error, text) => (error ? reject(error) : resolve(text)));
  });
  const cpuSec = (await serverCpuSec(target)) - beforeSec;
  const rate = /^"SET[^"]*","([\d.]+)"/m.exec(stdout)?.[1];
  if (rate === undefined) throw new Error(`redis-benchmark printed no rate: ${stdout}`);
  return { opsPerSec: Number(rate), serverShare: (cpuSec * Number(rate)) / requests };
}

async function ours(target: RunningTarget, pipeline: number, requests: number): Promise<Round> {
  const job: LoadJob = {
    id: 'agreement',
    endpoint: target.endpoint,
    // As redis-benchmark writes: keys of 16 bytes, uniform, values of 64 bytes. Writes, because the server must be the limit, not the load.
    workload: mixWorkload(0, 1, { keys, valueBytes: 64 }),
    seed: 1,
    connections,
    loop: { kind: 'closed', pipeline },
    warmup: { minSec: 0, maxSec: 0 },
    measureSec: 60,
    requestsMax: requests,
    intervalMs: 1000,
    preload: false,
  };
  const beforeSec = await serverCpuSec(target);
  const result = await runLoad(job, { cpus: [1] });
  const cpuSec = (await serverCpuSec(target)) - beforeSec;
  return { opsPerSec: result.throughputOpsPerSec, serverShare: cpuSec / result.measuredSec };
}

describe.skipIf(skipReason)(`beside redis-benchmark${skipReason ? ` (skipped: ${skipReason})` : ''}`, () => {
  let target: RunningTarget;
  beforeAll(async () => {
    target = await parseTarget('redis').start({ cpus: [0] });
  });
  afterAll(() => target.stop());

  async function play(pipeline: number, requests: number): Promise<{ mine: Round[]; others: Round[] }> {
    const mine: Round[] = [];
    const others: Round[] = [];
    await ours(target, pipeline, requests);
    for (let round = 0; round < rounds; round++) {
      mine.push(await ours(target, pipeline, requests));
      others.push(await theirs(target, pipeline, requests));
    }
    return { mine, others };
  }

  const rate = (all: Round[]): number => median(all.map((round) => round.opsPerSec));

  // Retried: whoever else uses the machine can slow one side of most pairs.
  it('pipeline 16: the same throughput within 10 %', { retry: 2 }, async (context) => {
    const { mine, others } = await play(16, 1_000_000);
    // Neighbouring rounds are compared with each other: the machine's speed drifts by more than the tools differ.
    const ratios = mine
      .map((round, at) => ({ round, other: others[at]! }))
      .filter(({ round, other }) => Math.min(round.serverShare, other.serverShare) >= serverShareMin)
      .map(({ round, other }) => round.opsPerSec / other.opsPerSec);
    if (ratios.length < roundsMin)
      context.skip(`the server had its core in ${ratios.length} of ${rounds} pairs of rounds`);
    const said = `ours over theirs: ${ratios.map((ratio) => ratio.toFixed(3)).join(', ')}`;
    console.info(said);
    expect(Math.abs(median(ratios) - 1), said).toBeLessThan(agreement);
  });

  it('no pipeline: not slower by over 10 %', { retry: 2 }, async () => {
    const { mine, others } = await play(1, 100_000);
    const said = `ours ${Math.round(rate(mine))}, theirs ${Math.round(rate(others))} requests/s`;
    console.info(said);
    expect(rate(mine) / rate(others), said).toBeGreaterThan(1 - agreement);
  });
});
