/** `evenkeel compare A B [MORE...]`: any targets under any workload, by the same machinery as the experiments. */
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { redisBeside } from '../lab/experiments/baseline.ts';
import type { Effort, ExperimentDefinition } from '../lab/experiments/definition.ts';
import { targetComparison } from '../lab/experiments/targetComparison.ts';
import { distinctIds } from '../lab/targets/copies.ts';
import { parseTarget, targetForms, withInstruments } from '../lab/targets/parseTarget.ts';
import type { Target } from '../lab/targets/target.ts';
import { presetNames, presetWorkload } from '../lab/workloads/presets.ts';
import { comparedProfiles } from './comparedProfiles.ts';
import { livePortOption, positiveNumber, wholeNumber } from './experiment.ts';
import { type LabSessionOptions, reportingErrors, runLabSession, UsageError } from './labSession.ts';

interface CompareOptions {
  workload: string;
  pipeline: number[];
  /** False leaves the scenario out. */
  rate: number | false;
  connections: number;
  keys: number;
  valueBytes?: number;
  memory: boolean;
  redis: boolean;
  profile: boolean;
  pairs?: number;
  effort: Effort;
  minutes: number;
  seed?: number;
  out: string;
  resume?: true;
  livePort: number;
}

const MEMORY_VALUE_BYTES = 64;

export function compareCommand(): Command {
  return new Command('compare')
    .description(`compare two or more targets: ${targetForms}`)
    .argument('<a>', 'the reference')
    .argument('<b>', 'the candidate')
    .argument('[more...]', 'further targets beside them')
    .option('--workload <name>', `one of ${presetNames.join(', ')}`, 'get-set')
    .option('--pipeline <list>', 'pipeline depths of the closed-loop scenarios', depths, [16])
    .option('--rate <n>', 'requests a second of the open-loop scenario', positiveNumber, 20_000)
    .option('--no-rate', 'leave out the open-loop scenario: no percentiles, no heatmaps')
    .option('--no-memory', 'leave out the memory per key')
    .option('--no-redis', 'add no Redis to targets among which there is none and no URL')
    .option('--no-profile', 'take no profile of two servers of this project afterwards: no flamegraph')
    .option('--connections <n>', 'connections', wholeNumber, 50)
    .option('--keys <n>', 'keys in the key space', wholeNumber, 100_000)
    .option('--value-bytes <n>', "value length in place of the workload's own", wholeNumber)
    .option('--pairs <n>', 'exactly so many pairs a scenario, as far as the limit allows', wholeNumber)
    .addOption(
      new Option('--effort <effort>', 'length of blocks and limit')
        .choices(['smoke', 'quick', 'full'])
        .default('quick'),
    )
    .option('--minutes <n>', 'limit of a full comparison', positiveNumber, 60)
    .option('--seed <n>', 'seed of schedule and load', wholeNumber)
    .option('--out <dir>', 'directory of the session', path.join('out', 'compare'))
    .option('--resume', 'continue the interrupted session in --out')
    .addOption(livePortOption())
    .action((a: string, b: string, more: string[], options: CompareOptions) =>
      reportingErrors(() => runComparison([a, b, ...more], options)),
    );
}

function depths(text: string): number[] {
  const values = text.split(',').map(Number);
  if (!values.every((value) => Number.isInteger(value) && value >= 1 && value <= 1024)) {
    throw new InvalidArgumentError('give depths in 1..1024, such as 64,16,1.');
  }
  return [...new Set(values)];
}

async function runComparison(specs: readonly string[], options: CompareOptions): Promise<void> {
  const targets = specs.map(parseTarget);
  for (const target of targets) {
    const reason = await target.unavailable();
    if (reason !== undefined) throw new UsageError(`${target.spec} cannot run here: ${reason}`);
  }
  const { target: redis, missing } = options.redis ? await redisBeside(targets) : {};
  if (redis !== undefined) targets.push(redis);
  if (missing !== undefined) process.stdout.write(`${missing}\n`);
  const { keys, valueBytes, connections, rate } = options;
  const ids = distinctIds(targets.map(({ id }) => id));
  const definition = targetComparison(
    targets.map(({ kind }, index) => ({ id: ids[index]!, kind })),
    {
      workload: presetWorkload(options.workload, {
        keys,
        ...(valueBytes === undefined ? {} : { valueBytes }),
      }),
      pipelines: options.pipeline,
      connections,
      ...(rate === false ? {} : { rateOpsPerSec: rate }),
      ...(options.memory ? { memoryValueBytes: valueBytes ?? MEMORY_VALUE_BYTES } : {}),
    },
  );
  const profile = options.profile ? flamegraphOf(targets, definition, options.effort) : undefined;
  await runLabSession({
    definitions: [definition],
    targets: new Map(targets.map((target, index) => [ids[index]!, target])),
    labels: new Map(),
    effort: options.effort,
    minutes: options.minutes,
    seed: options.seed,
    ...(options.pairs === undefined ? {} : { pairs: options.pairs }),
    outDir: path.resolve(options.out),
    resume: options.resume === true,
    livePort: options.livePort,
    ...(profile === undefined ? {} : { flamegraph: profile }),
  });
}

/** Of the first two targets under the first closed loop; undefined where they are not both servers of this project. */
function flamegraphOf(
  targets: readonly Target[],
  { comparisons, scenarios }: ExperimentDefinition,
  effort: Effort,
): LabSessionOptions['flamegraph'] {
  const [reference, candidate] = targets as [Target, Target];
  const { a, b } = comparisons[0]!;
  const scenario = scenarios.find((each) => each.kind === 'load' && each.loop.kind === 'closed');
  if (scenario?.kind !== 'load' || !withInstruments(reference) || !withInstruments(candidate))
    return undefined;
  return (session, cpus) => {
    const nameOf = (id: string): string => session.targets.find((each) => each.id === id)?.label ?? id;
    return comparedProfiles(
      [
        { target: reference, name: nameOf(a) },
        { target: candidate, name: nameOf(b) },
      ],
      scenario,
      { effort, cpus, note: (line) => void process.stdout.write(`${line}\n`) },
    );
  };
}
