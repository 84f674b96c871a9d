/** `evenkeel compare A B`: any two targets under any workload, by the same machinery as the experiments. */
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Effort, ExperimentDefinition, Scenario } from '../lab/experiments/definition.ts';
import { parseTarget, targetForms } from '../lab/targets/parseTarget.ts';
import type { Target } from '../lab/targets/target.ts';
import { presetNames, presetWorkload } from '../lab/workloads/presets.ts';
import { positiveNumber, wholeNumber } from './experiment.ts';
import { reportingErrors, runLabSession, UsageError } from './labSession.ts';

interface CompareOptions {
  workload: string;
  pipeline: number[];
  rate?: number;
  connections: number;
  keys: number;
  valueBytes?: number;
  pairs?: number;
  effort: Effort;
  minutes: number;
  seed?: number;
  out: string;
  resume?: true;
}

export function compareCommand(): Command {
  return new Command('compare')
    .description(`compare two targets: ${targetForms}`)
    .argument('<a>', 'the reference')
    .argument('<b>', 'the candidate')
    .option('--workload <name>', `one of ${presetNames.join(', ')}`, 'get-set')
    .option('--pipeline <list>', 'pipeline depths of the closed-loop scenarios', depths, [16])
    .option('--rate <n>', 'also an open-loop scenario at so many requests a second', positiveNumber)
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
    .action((a: string, b: string, options: CompareOptions) =>
      reportingErrors(() => runComparison(a, b, options)),
    );
}

function depths(text: string): number[] {
  const values = text.split(',').map(Number);
  if (!values.every((value) => Number.isInteger(value) && value >= 1 && value <= 1024)) {
    throw new InvalidArgumentError('give depths in 1..1024, such as 64,16,1.');
  }
  return [...new Set(values)];
}

async function runComparison(specA: string, specB: string, options: CompareOptions): Promise<void> {
  const targets = [parseTarget(specA), parseTarget(specB)];
  for (const target of targets) {
    const reason = await target.unavailable();
    if (reason !== undefined) throw new UsageError(`${target.spec} cannot run here: ${reason}`);
  }
  const [a, b] = armIds(targets);
  await runLabSession({
    definitions: [comparisonDefinition(a, b, options)],
    targets: new Map([
      [a, targets[0]!],
      [b, targets[1]!],
    ]),
    labels: new Map(),
    effort: options.effort,
    minutes: options.minutes,
    seed: options.seed,
    ...(options.pairs === undefined ? {} : { pairs: options.pairs }),
    outDir: path.resolve(options.out),
    resume: options.resume === true,
  });
}

/** A target compared with itself needs two names. */
function armIds(targets: readonly Target[]): [string, string] {
  const [a, b] = targets.map(({ id }) => id) as [string, string];
  return a === b ? [a, `${b}#2`] : [a, b];
}

function comparisonDefinition(a: string, b: string, options: CompareOptions): ExperimentDefinition {
  const { keys, valueBytes, connections, rate } = options;
  const workload = presetWorkload(options.workload, {
    keys,
    ...(valueBytes === undefined ? {} : { valueBytes }),
  });
  const scenarios: Scenario[] = options.pipeline.map((pipeline) => ({
    kind: 'load',
    id: `p${pipeline}`,
    label: `${options.workload}, pipeline ${pipeline}, closed loop, ${connections} connections`,
    workload,
    connections,
    loop: { kind: 'closed', pipeline },
    decides: ['throughput-ops-per-sec', 'cpu-us-per-request'],
    tier: 1,
  }));
  if (rate !== undefined) {
    scenarios.push({
      kind: 'load',
      id: `open-${rate}`,
      label: `${options.workload}, ${rate.toLocaleString('en')} requests/s, open loop, ${connections} connections`,
      workload,
      connections,
      loop: { kind: 'open', rateOpsPerSec: rate, arrivals: 'poisson' },
      decides: ['latency-p99-us', 'latency-p999-us'],
      tier: 1,
    });
  }
  return {
    id: 'compare',
    title: `${b} against ${a}`,
    question: `How does ${b} differ from ${a} under ${options.workload}?`,
    arms: { smoke: [a, b], quick: [a, b], full: [a, b] },
    comparisons: [{ a, b, primary: true }],
    scenarios,
    budgets: [],
  };
}
