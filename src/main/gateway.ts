/** `evenkeel gateway`: the same GET over HTTP, driven by autocannon, and over RESP: what a request costs on either way. */
import { Command } from 'commander';
import { Prng } from '../base/prng.ts';
import type { EnvironmentFingerprint, MetricId } from '../lab/experiments/result.ts';
import { armOrder } from '../lab/experiments/schedule.ts';
import { runAutocannon } from '../lab/load/autocannonProcess.ts';
import { runLoad } from '../lab/load/generatorProcess.ts';
import { ProcessMeter, type ProcessSnapshot, processCost } from '../lab/measurement/processMeter.ts';
import { realProcFiles } from '../lab/measurement/procFiles.ts';
import { ratioWithRange, significant } from '../lab/reports/format.ts';
import { analysePairs, type PairAnalysis } from '../lab/statistics/pairedComparison.ts';
import { httpUrl } from '../lab/targets/httpUrl.ts';
import { parseTarget } from '../lab/targets/parseTarget.ts';
import type { RunningTarget } from '../lab/targets/target.ts';
import { parseWorkload } from '../lab/workloads/workload.ts';
import { wholeNumber } from './experiment.ts';
import { cpuPlan, fingerprint, reportingErrors } from './labSession.ts';
import { publishStudy } from './publishStudy.ts';

interface GatewayOptions {
  pairs: number;
  seconds: number;
  seed: number;
  publish?: true;
}

type Arm = 'resp' | 'http-get' | 'http-post';

/** Of one arm in one pair. Latencies in microseconds. */
type Block = Record<
  'throughput-ops-per-sec' | 'cpu-us-per-request' | 'latency-p50-us' | 'latency-p99-us' | 'latency-p999-us',
  number
>;

interface GatewayResult {
  readonly environment: EnvironmentFingerprint;
  readonly connections: number;
  readonly seconds: number;
  readonly blocks: readonly { readonly pair: number; readonly arm: Arm; readonly values: Block }[];
  readonly comparisons: readonly { readonly arm: Arm; readonly analysis: PairAnalysis }[];
}

const ARMS: readonly Arm[] = ['resp', 'http-get', 'http-post'];
const ARM_WORDS: Record<Arm, string> = {
  resp: 'RESP',
  'http-get': '`GET /get/key`',
  'http-post': '`POST /` with `["GET","key"]`',
};
const METRICS: readonly [MetricId & keyof Block, string][] = [
  ['cpu-us-per-request', 'Server CPU per request, µs'],
  ['throughput-ops-per-sec', 'Requests per second'],
  ['latency-p50-us', 'p50, µs'],
  ['latency-p99-us', 'p99, µs'],
  ['latency-p999-us', 'p99.9, µs'],
];
const CONNECTIONS = 50;
const US_PER_MS = 1000;

const oneKey = parseWorkload({
  name: 'one key',
  keys: { count: 1, prefix: 'key:', lengthBytes: 5, distribution: { kind: 'uniform' } },
  value: { kind: 'fixed', bytes: 64 },
  commands: [{ weight: 1, template: ['GET', '{key}'] }],
  preload: { template: ['SET', '{key}', '{value}'] },
});
const KEY = 'key:0';

export function gatewayCommand(): Command {
  return new Command('gateway')
    .description('compare a GET over HTTP (autocannon) with one over RESP: CPU, throughput, latency')
    .option('--pairs <n>', 'rounds of all ways', wholeNumber, 8)
    .option('--seconds <n>', 'length of a block', wholeNumber, 5)
    .option('--seed <n>', 'seed of the order', wholeNumber, 1)
    .option('--publish', 'write the result and the README in experiments/http-gateway')
    .action((options: GatewayOptions) => reportingErrors(() => run(options)));
}

async function run({ pairs, seconds, seed, publish }: GatewayOptions): Promise<void> {
  const cpus = cpuPlan();
  const environment = fingerprint(seed, cpus);
  const startedMs = performance.now();
  const blocks: { pair: number; arm: Arm; values: Block }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const cell = { experimentId: 'http-gateway', scenarioId: 'get', arms: [...ARMS] };
    for (const arm of armOrder(seed, cell, pair) as Arm[]) {
      process.stderr.write(`round ${pair + 1} of ${pairs}: ${arm} ...\n`);
      blocks.push({ pair, arm, values: await measure(arm, seconds, cpus) });
    }
  }
  environment.durationSec = (performance.now() - startedMs) / 1000;
  const result = {
    environment,
    connections: CONNECTIONS,
    seconds,
    blocks,
    comparisons: compared(blocks, seed),
  };
  process.stdout.write(`${tableOf(result)}\n`);
  if (publish) publishStudy('http-gateway', result, tableOf(result));
}

async function measure(arm: Arm, seconds: number, cpus: ReturnType<typeof cpuPlan>): Promise<Block> {
  const target = await parseTarget('ours:default?instruments=1').start({ cpus: [...cpus.server] });
  try {
    await target.command('SET', KEY, 'x'.repeat(64));
    // The first second of a process is spent on compiling.
    await load(arm, target, 2, cpus.generator);
    return await load(arm, target, seconds, cpus.generator);
  } finally {
    await target.stop();
  }
}

async function load(
  arm: Arm,
  target: RunningTarget,
  seconds: number,
  cpus: readonly number[],
): Promise<Block> {
  const meter = new ProcessMeter(target.pids[0]!, realProcFiles);
  let before: ProcessSnapshot = meter.snapshot();
  if (arm === 'resp') {
    const result = await runLoad(
      {
        id: 'gateway',
        endpoint: target.endpoint,
        workload: oneKey,
        seed: 1,
        connections: CONNECTIONS,
        loop: { kind: 'closed', pipeline: 1 },
        warmup: { minSec: 0, maxSec: 1 },
        measureSec: seconds,
        requestsMax: 1e12,
        intervalMs: 1000,
        preload: false,
      },
      {
        cpus: [...cpus],
        onMessage: (message) => {
          if (message.type === 'phase' && message.phase === 'measure') before = meter.snapshot();
        },
      },
    );
    const { cpuUs } = processCost(before, meter.snapshot());
    return {
      'throughput-ops-per-sec': result.throughputOpsPerSec,
      'cpu-us-per-request': cpuUs / result.counters.answered,
      'latency-p50-us': result.service.p50Us,
      'latency-p99-us': result.service.p99Us,
      'latency-p999-us': result.service.p999Us,
    };
  }
  const isGet = arm === 'http-get';
  const result = await runAutocannon(
    {
      url: isGet ? `${httpUrl(target)}/get/${KEY}` : `${httpUrl(target)}/`,
      method: isGet ? 'GET' : 'POST',
      ...(isGet ? {} : { body: JSON.stringify(['GET', KEY]) }),
      connections: CONNECTIONS,
      seconds,
    },
    cpus,
  );
  const { cpuUs } = processCost(before, meter.snapshot());
  return {
    'throughput-ops-per-sec': result.requests.average,
    'cpu-us-per-request': cpuUs / result.requests.total,
    'latency-p50-us': result.latency.p50 * US_PER_MS,
    'latency-p99-us': result.latency.p99 * US_PER_MS,
    'latency-p999-us': result.latency.p99_9 * US_PER_MS,
  };
}

type Blocks = GatewayResult['blocks'];

const valuesOf = (blocks: Blocks, arm: Arm, metric: keyof Block): number[] =>
  blocks
    .filter((block) => block.arm === arm)
    .sort((a, b) => a.pair - b.pair)
    .map(({ values }) => values[metric]);

function compared(blocks: Blocks, seed: number): GatewayResult['comparisons'] {
  const prng = new Prng(seed);
  return ARMS.filter((arm) => arm !== 'resp').flatMap((arm) =>
    METRICS.map(([metric]) => ({
      arm,
      analysis: analysePairs(valuesOf(blocks, 'resp', metric), valuesOf(blocks, arm, metric), {
        metric,
        uniform: () => prng.float(),
      }),
    })),
  );
}

function tableOf({
  comparisons,
  connections,
  seconds,
}: Pick<GatewayResult, 'comparisons' | 'connections' | 'seconds'>): string {
  const of = (arm: Arm, metric: MetricId) =>
    comparisons.find((each) => each.arm === arm && each.analysis.metric === metric)!.analysis;
  const [get, post] = ['http-get', 'http-post'] as const;
  const pairs = comparisons[0]!.analysis.pairs;
  return [
    `| ${connections} connections, one request each at a time | ${ARM_WORDS.resp} | ${ARM_WORDS[get]} | against RESP | ${ARM_WORDS[post]} | against RESP |`,
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...METRICS.map(([metric, name]) => {
      const [overGet, overPost] = [of(get, metric), of(post, metric)];
      return `| ${name} | ${significant(overGet.medianA)} | ${significant(overGet.medianB)} | ${ratioWithRange(overGet.ratio)} | ${significant(overPost.medianB)} | ${ratioWithRange(overPost.ratio)} |`;
    }),
    '',
    `Medians of ${pairs} blocks of ${seconds} s each; ratios with their 95 % interval.`,
  ].join('\n');
}
