/**
 * A made-up session for the tests of the reports and for looking at their design: seeded, shaped like a real one (heavy tails,
 * stalls, a rejected block, verdicts of every kind). Its numbers are invented and must never be published as a result.
 */
import { Prng } from '../../base/prng.ts';
import type {
  BlockResult,
  ExperimentResult,
  SessionResult,
  TargetDescription,
} from '../experiments/result.ts';
import { comparison, FLAGS, flagExperiment, wholeExperiment } from './experimentFixture.ts';
import { latencyInterval } from './measurementFixture.ts';

export interface FixtureOptions {
  seed: number;
  pairs?: number;
  secondsPerBlock?: number;
  redisVersion?: string;
}

export function fixtureSession({
  seed,
  pairs = 12,
  secondsPerBlock = 12,
  redisVersion = '7.4.1',
}: FixtureOptions): SessionResult {
  const prng = new Prng(seed);
  const whole = wholeExperiment(prng, pairs);
  const experiments = [whole, ...FLAGS.map((row) => flagExperiment(prng, row, pairs))];
  const blocks = blocksOf(prng, whole, pairs, secondsPerBlock);
  blocks[5]!.accepted = false;
  blocks[5]!.rejections = ['steal share 0.061 above 0.02', 'generator lateness p99 412 us above 100 us'];
  blocks[5]!.certificate[1]!.ok = false;
  return {
    schemaVersion: 1,
    effort: 'full',
    complete: true,
    environment: {
      cpuModel: 'Example CPU @ 2.60GHz',
      cpuCount: 2,
      memoryBytes: 8 * 2 ** 30,
      kernel: '6.1.0',
      node: 'v24.21.0',
      v8: '13.6.233.17',
      gitSha: '0efd19733ab1',
      gitDirty: false,
      evenkeelVersion: '0.1.0',
      seed,
      stealShare: 0.0021,
      commandLine: `make experiment EFFORT=full SEED=${seed}`,
      startedAtIso: '2026-01-02T03:04:05.000Z',
      durationSec: 5461,
    },
    targets: targetsOf(redisVersion),
    experiments,
    blocks,
    noiseFloor: (['throughput-ops-per-sec', 'cpu-us-per-request', 'latency-p99-us'] as const).map(
      (metric, i) =>
        comparison(
          'whole',
          i === 2 ? 'open-40k' : 'p64',
          metric,
          'all',
          'aa',
          1 + (i - 1) * 0.004,
          0.011 + i * 0.004,
          'no-effect',
          100,
          pairs,
        ),
    ),
    generatorCeiling: [
      { pipeline: 1, opsPerSec: 98_000 },
      { pipeline: 16, opsPerSec: 2_400_000 },
      { pipeline: 64, opsPerSec: 5_100_000 },
    ],
  };
}

function targetsOf(redisVersion: string): TargetDescription[] {
  const ours = (id: string, label: string, flags: string[]): TargetDescription => ({
    id,
    label,
    kind: 'evenkeel',
    redisVersion: '7.4.0',
    evenkeelVersion: '0.1.0',
    flags,
    command: ['node', 'src/main/server.ts', '--port', '21390', '--flags', flags.join(',') || 'none'],
    pinnedCpus: [0],
  });
  const names = FLAGS.map(([flag]) => flag);
  return [
    {
      id: 'redis',
      label: `Redis ${redisVersion}`,
      kind: 'redis',
      redisVersion,
      command: ['redis-server', '--port', '21391', '--save', ''],
      pinnedCpus: [0],
    },
    ours('all', 'Evenkeel (all flags)', names),
    ours('none', 'Evenkeel (no flags)', []),
    ...names.map((flag) =>
      ours(
        `-${flag}`,
        `Evenkeel (without ${flag})`,
        names.filter((name) => name !== flag),
      ),
    ),
    ours('aa', 'Evenkeel (all flags, again)', names),
  ];
}

function blocksOf(prng: Prng, experiment: ExperimentResult, pairs: number, seconds: number): BlockResult[] {
  const blocks: BlockResult[] = [];
  for (const scenario of experiment.scenarios)
    for (let pair = 0; pair < pairs; pair++)
      for (const targetId of ['redis', 'all', 'none']) {
        const id = `whole/${scenario.id}/${pair}/${targetId}`;
        const open = scenario.loop === 'open';
        const cpu = { redis: [0.25, 0.75], all: [0.3, 0.4], none: [0.75, 0.5] }[targetId]!;
        const perRequest = scenario.pipeline === 1 ? 8.3 : 16 / scenario.pipeline;
        blocks.push({
          id,
          experimentId: 'whole',
          scenarioId: scenario.id,
          targetId,
          pair,
          sequence: blocks.length,
          startedAtIso: '2026-01-02T03:04:05.000Z',
          durationSec: seconds,
          warmupSec: 3,
          requests: 480_000,
          accepted: true,
          rejections: [],
          certificate: [
            { id: 'hit-rate', declared: '1.00', observed: '1.00', ok: true },
            { id: 'generator-lateness', declared: 'p99 <= 100 us', observed: 'p99 31 us', ok: true },
          ],
          metrics:
            scenario.loop === 'memory'
              ? {}
              : {
                  'cpu-user-us-per-request': cpu[0]! * perRequest * (0.97 + 0.06 * prng.float()),
                  'cpu-system-us-per-request': cpu[1]! * perRequest * (0.97 + 0.06 * prng.float()),
                },
          generatorCpuShare: 0.42,
          generatorLatenessP99Us: 31,
          stealShare: 0.002,
          percentiles: [],
          intervals: open
            ? Array.from({ length: seconds }, (_, second) => latencyInterval(prng, targetId, second))
            : [],
          ...(scenario.loop === 'memory'
            ? {}
            : { hlog: `hlog/whole/${scenario.id}/${pair}-${targetId}.hlog` }),
        });
      }
  return blocks;
}

/** A session interrupted before its first block. */
export function emptySession(): SessionResult {
  const { environment } = fixtureSession({ seed: 0, pairs: 2, secondsPerBlock: 1 });
  return {
    schemaVersion: 1,
    effort: 'smoke',
    complete: false,
    environment,
    targets: [],
    experiments: [],
    blocks: [],
    noiseFloor: [],
    generatorCeiling: [],
  };
}
