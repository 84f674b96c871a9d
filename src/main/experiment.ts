/** `evenkeel experiment [ID...]`: runs experiments of `experiments/` and reports; the laboratory's main job. */
import path from 'node:path';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { AVAILABLE_FLAGS } from '../flags/registry.ts';
import { type Baseline, findBaseline } from '../lab/experiments/baseline.ts';
import {
  armsOf,
  type Effort,
  type ExperimentDefinition,
  withoutBaseline,
} from '../lab/experiments/definition.ts';
import { effortPlan } from '../lab/experiments/effort.ts';
import { armLabel, armSpec, baselineArm } from '../lab/experiments/flagArms.ts';
import { sessionCells } from '../lab/experiments/sessionCells.ts';
import { estimateSession } from '../lab/experiments/sessionEstimate.ts';
import { parseTarget } from '../lab/targets/parseTarget.ts';
import type { Target } from '../lab/targets/target.ts';
import {
  chooseDefinitions,
  experimentsDirectory,
  loadDefinitions,
  unavailability,
} from './experimentChoice.ts';
import { updateHistory } from './history.ts';
import { reportingErrors, runLabSession, UsageError } from './labSession.ts';
import { publish } from './publish.ts';
import { writeScorecard } from './scorecard.ts';

interface ExperimentOptions {
  effort: Effort;
  baseline: string;
  out?: string;
  seed?: number;
  resume?: true;
  minutes: number;
  list?: true;
  estimate?: true;
  noiseFloor: boolean;
  publish?: true;
  livePort: number;
}

export function experimentCommand(): Command {
  return new Command('experiment')
    .description('run experiments: A against B, and both against Redis')
    .addArgument(new Argument('[id...]', 'experiments to run; all if none is named'))
    .addOption(
      new Option(
        '--effort <effort>',
        'smoke: under a minute, shows that all works; quick: under ten minutes; full: --minutes',
      )
        .choices(['smoke', 'quick', 'full'])
        .default('quick'),
    )
    .option('--baseline <baseline>', 'auto, none, a path of a redis-server or a redis:// URL', 'auto')
    .option('--out <dir>', 'directory of the session (default: out/<first id>-<effort>)')
    .option('--seed <n>', 'seed of schedule and load; the same seed gives the same', wholeNumber)
    .option(
      '--minutes <n>',
      'limit of a full session; one that is resumed gets as many again',
      positiveNumber,
      60,
    )
    .option('--resume', 'continue the interrupted session in --out')
    .option(
      '--publish',
      'copy the reports to experiments/<id>/results, bring READMEs and scorecard up to date',
    )
    .option(
      '--no-noise-floor',
      'leave out the A/A arm: saves its time, says less about what could have been seen',
    )
    .addOption(livePortOption())
    .option('--estimate', 'print the minutes that would decide every comparison, and run nothing')
    .option('--list', 'list the experiments')
    .action((ids: string[], options: ExperimentOptions) =>
      reportingErrors(() => runExperiments(ids, options)),
    );
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('give a whole number.');
  return Number(text);
}

/** Of every command that runs a session. */
export function livePortOption(): Option {
  return new Option('--live-port <n>', 'port of the page that shows the session while it runs, 0 for none')
    .default(9122)
    .argParser((text) => {
      if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
        throw new InvalidArgumentError('give a port in 0..65535.');
      return Number(text);
    });
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1e6)) throw new InvalidArgumentError('give a number above 0.');
  return value;
}

async function runExperiments(ids: readonly string[], options: ExperimentOptions): Promise<void> {
  const all = await loadDefinitions(experimentsDirectory);
  if (options.list) {
    const width = Math.max(...all.map(({ id }) => id.length));
    for (const definition of all) {
      const mark = unavailability(definition) === undefined ? '' : ' (its flag is not in this version)';
      process.stdout.write(`${definition.id.padEnd(width)}  ${definition.question}${mark}\n`);
    }
    return;
  }
  const { definitions: chosen, leftOut } = chooseDefinitions(all, ids);
  for (const line of leftOut) process.stdout.write(`${line}\n`);
  if (options.estimate) return printEstimate(chosen, options);
  if (options.publish && options.effort === 'smoke')
    throw new UsageError('a smoke session judges nothing: publish a quick or full one');
  const baseline = await findBaseline(options.baseline);
  const { definitions, targets } = resolveArms(chosen, baseline, options.effort);
  const name = ids.length === 0 ? 'all' : ids.join('+');
  const session = await runLabSession({
    definitions,
    targets,
    labels: new Map(
      [...targets.keys()].map((arm) => [arm, armLabel(arm, availableFlags)] as const).filter(isLabelled),
    ),
    effort: options.effort,
    minutes: options.minutes,
    seed: options.seed,
    outDir: path.resolve(options.out ?? path.join('out', `${name}-${options.effort}`)),
    resume: options.resume === true,
    livePort: options.livePort,
    noiseFloor: options.noiseFloor,
    ...(baseline.missing === undefined ? {} : { baselineMissing: baseline.missing }),
  });
  if (options.publish && session.complete) {
    const outDir = path.resolve(options.out ?? path.join('out', `${name}-${options.effort}`));
    const published = await publish(session, outDir, experimentsDirectory);
    for (const written of [
      ...published,
      ...writeScorecard(experimentsDirectory),
      updateHistory(experimentsDirectory),
    ]) {
      process.stdout.write(`  published ${path.relative(process.cwd(), written)}\n`);
    }
  }
}

function printEstimate(definitions: readonly ExperimentDefinition[], options: ExperimentOptions): void {
  const { effort, minutes, noiseFloor } = options;
  const cells = sessionCells(definitions, effort, noiseFloor);
  const rows = estimateSession(cells, definitions, effort, effortPlan(effort, minutes));
  const width = Math.max(...rows.map(({ experimentId }) => experimentId.length));
  for (const { experimentId, pairs, minutes: needed } of rows) {
    process.stdout.write(
      `${experimentId.padEnd(width)}  ${String(pairs).padStart(4)} pairs  ${needed.toFixed(1).padStart(6)} min\n`,
    );
  }
  const total = rows.reduce((sum, row) => sum + row.minutes, 0);
  process.stdout.write(
    `About ${Math.ceil(total)} minutes would decide every comparison: --effort full --minutes ${Math.ceil(total)}\n`,
  );
}

const availableFlags = AVAILABLE_FLAGS.map(({ name }) => name);

function isLabelled(entry: readonly [string, string | undefined]): entry is readonly [string, string] {
  return entry[1] !== undefined;
}

function resolveArms(
  chosen: readonly ExperimentDefinition[],
  baseline: Baseline,
  effort: Effort,
): { definitions: ExperimentDefinition[]; targets: Map<string, Target> } {
  const definitions =
    baseline.target === undefined
      ? chosen.map((each) => withoutBaseline(each, baselineArm)).filter((each) => each !== undefined)
      : [...chosen];
  const targets = new Map<string, Target>();
  for (const arm of new Set(definitions.flatMap((each) => armsOf(each, effort)))) {
    targets.set(arm, arm === baselineArm ? baseline.target! : parseTarget(armSpec(arm, availableFlags)));
  }
  return { definitions, targets };
}
