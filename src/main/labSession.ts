/**
 * Composition root of the laboratory: puts real targets, generator, /proc and files behind the session and runs it. `experiment` and
 * `compare` differ only in the definitions they bring.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type CpuPlan, planCpus } from '../lab/experiments/cpuPlan.ts';
import type { Effort, ExperimentDefinition } from '../lab/experiments/definition.ts';
import { effortPlan } from '../lab/experiments/effort.ts';
import { LabBench } from '../lab/experiments/labBench.ts';
import { ProgressDisplay } from '../lab/experiments/progressDisplay.ts';
import type { EnvironmentFingerprint, SessionResult } from '../lab/experiments/result.ts';
import { Session } from '../lab/experiments/runner.ts';
import { noiseArm, sessionCells } from '../lab/experiments/sessionCells.ts';
import { toldToAll } from '../lab/experiments/sessionProgress.ts';
import { SessionStore } from '../lab/experiments/sessionStore.ts';
import { SessionFeed } from '../lab/live/sessionFeed.ts';
import { collectEnvironment, machineSources } from '../lab/measurement/environment.ts';
import { realProcFiles } from '../lab/measurement/procFiles.ts';
import { parseColonLines, parseCpuList } from '../lab/measurement/procFormats.ts';
import { type Flamegraph, renderScorecardText, writeReports } from '../lab/reports/reports.ts';
import { canPin } from '../lab/targets/childProcess.ts';
import { parseTarget } from '../lab/targets/parseTarget.ts';
import type { Target } from '../lab/targets/target.ts';
import { SystemClock } from '../ports/real/systemClock.ts';
import { offerSessionPage } from './sessionPage.ts';

export const projectDirectory = path.resolve(import.meta.dirname, '../..');

export interface LabSessionOptions {
  definitions: ExperimentDefinition[];
  /** By arm id; the A/A twin is added here. */
  targets: Map<string, Target>;
  labels: Map<string, string>;
  effort: Effort;
  minutes: number;
  seed: number | undefined;
  pairs?: number;
  /** False leaves out the A/A arm. */
  noiseFloor?: boolean;
  outDir: string;
  resume: boolean;
  /** Port of the session's live page, 0 for none. */
  livePort: number;
  baselineMissing?: string;
  /** Runs after the last block of a session that came to its end. */
  flamegraph?: (session: SessionResult, cpus: CpuPlan) => Promise<Flamegraph>;
}

/** A mistake in the command line: one line, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export async function runLabSession(options: LabSessionOptions): Promise<SessionResult> {
  const { definitions, effort, minutes } = options;
  const file = new SessionStore(options.outDir);
  const experiments = definitions.map(({ id }) => id);
  const resumeFrom = options.resume ? file.read({ effort, seed: options.seed, experiments }) : undefined;
  const seed = resumeFrom?.environment.seed ?? options.seed ?? Math.floor(Date.now() % 1_000_000_000);
  const cells = sessionCells(definitions, effort, options.noiseFloor);
  const targets = new Map(options.targets);
  if (cells.noise !== undefined) targets.set(noiseArm, targets.get(cells.noise.a)!);
  targets.set('null', parseTarget('null'));
  const cpus = cpuPlan();
  const baseline = options.baselineMissing === undefined ? {} : { baselineMissing: options.baselineMissing };
  const feed = new SessionFeed({ definitions, cells, effort, seed, ...baseline });
  const bench = new LabBench({
    targets,
    labels: options.labels,
    cpus,
    outDir: options.outDir,
    procFiles: realProcFiles,
    nowMs: () => Date.now(),
    pause: (ms) => pause(ms),
    audience: feed,
  });
  const output = {
    isTty: process.stdout.isTTY === true,
    write: (text: string) => void process.stdout.write(text),
  };
  const { limitSec } = effortPlan(effort, minutes);
  output.write(
    `${effort} session of ${experiments.join(', ')}, seed ${seed}, at most ${Math.ceil(limitSec / 60)} min\n`,
  );
  if (options.baselineMissing !== undefined) output.write(`${options.baselineMissing}\n`);
  const page = await offerSessionPage(feed, options.livePort, (line) => output.write(`${line}\n`));
  const session = new Session(
    {
      definitions,
      effort,
      seed,
      minutes,
      noiseFloor: options.noiseFloor ?? true,
      costClass: (targetId) => targets.get(targetId)!.kind,
      ...(options.pairs === undefined ? {} : { pairs: options.pairs }),
      ...baseline,
      ...(resumeFrom === undefined ? {} : { resumeFrom }),
    },
    {
      bench,
      clock: new SystemClock(),
      progress: toldToAll([new ProgressDisplay(output), feed]),
      save: (result) => file.write(result),
      environment: () => fingerprint(seed, cpus),
    },
  );
  const interrupt = interruptSignal(() =>
    output.write('\nStopping after this block; again to stop at once.\n'),
  );
  const result = await session.run(interrupt.signal).finally(async () => {
    interrupt.release();
    await page?.close();
  });
  const reports = await writeReports(result, options.outDir);
  // The reports are there already: whoever ends the program now has all but the flamegraph.
  if (result.complete && options.flamegraph !== undefined)
    await writeReports(result, options.outDir, await options.flamegraph(result, cpus));
  output.write(
    `\n${renderScorecardText(result, { columns: process.stdout.columns || 100, color: output.isTty })}\n`,
  );
  for (const written of [reports.htmlPath, reports.markdownPath, reports.resultPath]) {
    output.write(`  ${path.relative(process.cwd(), written)}\n`);
  }
  // 130 is what a shell expects of a program that was interrupted.
  if (!result.complete) process.exitCode = interrupt.signal.aborted ? 130 : 1;
  return result;
}

/** First Ctrl-C ends the session with a report, the second ends the program. */
function interruptSignal(onFirst: () => void): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    onFirst();
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, onSignal);
    },
  };
}

/** Which CPUs are the server's and which the generator's. */
export function cpuPlan(): CpuPlan {
  const status = parseColonLines(realProcFiles.readText('/proc/self/status'));
  return planCpus(parseCpuList(status.get('Cpus_allowed_list') ?? ''), canPin());
}

/** Of this machine and build, for a result. */
export function fingerprint(seed: number, cpus: CpuPlan): EnvironmentFingerprint {
  const packageJson = JSON.parse(readFileSync(path.join(projectDirectory, 'package.json'), 'utf8')) as {
    version: string;
  };
  const cpuCount = Math.max(1, new Set([...cpus.server, ...cpus.generator]).size);
  return collectEnvironment(machineSources(projectDirectory, cpuCount), {
    evenkeelVersion: packageJson.version,
    seed,
    stealShare: 0,
    commandLine: commandLine(seed),
    startedAtIso: new Date().toISOString(),
    durationSec: 0,
  });
}

/** Options that say where results go and are shown: no part of the experiment, and paths of a machine have no place in a report. */
const outputOptions = /^--(out|resume|publish|live-port)(=|$)/;
const outputOptionsWithValue = ['--out', '--live-port'];

/** What to type to repeat the session: the arguments, with the seed that was drawn. */
function commandLine(seed: number): string {
  const given = process.argv
    .slice(2)
    .filter(
      (argument, index, all) =>
        !outputOptions.test(argument) && !outputOptionsWithValue.includes(all[index - 1] ?? ''),
    );
  const seeded = given.some((argument) => argument.startsWith('--seed'))
    ? given
    : [...given, '--seed', String(seed)];
  return [
    'evenkeel',
    ...seeded.map((argument) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument}'`)),
  ].join(' ');
}

/** Runs a command's action; a mistake of the user's is one line and exit code 2, a failure one line and exit code 1. */
export async function reportingErrors(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    process.stderr.write(`evenkeel: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = isUsage(error) ? 2 : 1;
  }
}

function isUsage(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['UsageError', 'ResumeError', 'TargetError', 'WorkloadError'].includes(error.name)
  );
}
