/** `evenkeel profile`: a server, a load from `profiles/scenarios.ts`, a profile of every shard's thread, a flamegraph. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type ProfileScenario, profileScenarios } from '../../profiles/scenarios.ts';
import { LoadError } from '../lab/load/generatorProcess.ts';
import { parseTarget } from '../lab/targets/parseTarget.ts';
import { TargetError } from '../lab/targets/runningServer.ts';
import { presetWorkload } from '../lab/workloads/presets.ts';
import type { Side } from '../profiling/topFunctions.ts';
import {
  EXTERNAL_TOOLS,
  type ExternalTool,
  ExternalToolError,
  profileExternally,
  toolsFolder,
} from './externalProfiler.ts';
import { flamegraphPage, topFunctionsText } from './flamegraphPage.ts';
import { cpuPlan } from './labSession.ts';
import { sideOf, tailSides } from './profileSides.ts';
import {
  type ProfiledLoad,
  ProfileError,
  profileServer,
  profilingJob,
  type ServerProfile,
} from './serverProfile.ts';

interface ProfileOptions {
  scenario: string;
  flags: string;
  against?: string;
  tail?: true;
  tool: 'cpu' | 'heap' | ExternalTool;
  seconds: number;
  interval: number;
  out: string;
}

interface Profiled extends ServerProfile {
  readonly flags: string;
}

export function profileCommand(): Command {
  return new Command('profile')
    .description('profile the server under a load and write an interactive flamegraph')
    .addOption(
      new Option('--scenario <name>', 'the load; see profiles/scenarios.ts')
        .choices(Object.keys(profileScenarios))
        .default('get-set'),
    )
    .option('--flags <set>', 'optimisations of the server', 'default')
    .option('--against <set>', 'profile this set too, and draw the difference')
    .option('--tail', 'draw the moments in which requests were slow against all others')
    .addOption(
      new Option('--tool <name>', 'CPU time, allocated bytes, or a profiler of others around the server')
        .choices(['cpu', 'heap', ...EXTERNAL_TOOLS])
        .default('cpu'),
    )
    .option('--seconds <n>', 'length of the profile', seconds, 5)
    .option('--interval <us>', 'microseconds between two samples', Number, 1000)
    .option('--out <dir>', 'where the flamegraph goes', 'profiles')
    .action(async (options: ProfileOptions) => {
      process.exitCode = await profile(options);
    });
}

/** @returns the exit code. */
async function profile(options: ProfileOptions): Promise<number> {
  try {
    if (options.tail && (options.tool !== 'cpu' || options.against !== undefined))
      throw new ProfileError('--tail compares moments of one CPU profile: leave out --against and --tool');
    if (isExternal(options.tool)) {
      process.stdout.write(`${path.relative(process.cwd(), await external(options, options.tool))}\n`);
      return 0;
    }
    const { tool } = options;
    const profiled = options.against === undefined ? [] : [await profileOne(options, tool, options.against)];
    profiled.push(await profileOne(options, tool, options.flags));
    const sides = options.tail
      ? tailSides(profiled[0]!)
      : profiled.map((each) => sideOf(each.flags, each, tool));
    const file = write(options, profiled, sides);
    process.stdout.write(`${topFunctionsText(sides)}\n${path.relative(process.cwd(), file)}\n`);
    return 0;
  } catch (error) {
    if (!KNOWN_ERRORS.some((known) => error instanceof known)) throw error;
    process.stderr.write(`evenkeel: ${(error as Error).message}\n`);
    return 1;
  }
}

const KNOWN_ERRORS = [TargetError, LoadError, ProfileError, ExternalToolError];

const isExternal = (tool: ProfileOptions['tool']): tool is ExternalTool => tool !== 'cpu' && tool !== 'heap';

function external(options: ProfileOptions, tool: ExternalTool): Promise<string> {
  if (options.against !== undefined) throw new ProfileError('only --tool cpu and heap draw differences');
  const { scenario, flags, out } = options;
  if (profileScenarios[scenario]!.query !== undefined)
    throw new ProfileError(`${tool} sees one thread, and ${scenario} needs several: take --tool cpu or heap`);
  process.stderr.write(`profiling ${scenario} with flags ${flags} by ${tool} for ${options.seconds} s ...\n`);
  return profileExternally({
    tool,
    toolsFolder,
    flags,
    folder: path.join(path.resolve(out), `${scenario}.${flags}.${tool}`.replace(/[^\w.+-]/g, '_')),
    jobFor: (endpoint) => profilingJob(loadOf(scenario), endpoint, options),
  });
}

async function profileOne(options: ProfileOptions, tool: 'cpu' | 'heap', flags: string): Promise<Profiled> {
  const { query } = profileScenarios[options.scenario]!;
  process.stderr.write(`profiling ${options.scenario} with flags ${flags} for ${options.seconds} s ...\n`);
  const target = parseTarget(`ours:${flags}${query === undefined ? '' : `?${query}`}`);
  const profiled = await profileServer(target, loadOf(options.scenario), {
    tool,
    seconds: options.seconds,
    intervalUs: options.interval,
    // Several threads on one CPU would only wait for each other.
    cpus: query === undefined ? cpuPlan() : { server: [], generator: [] },
    slow: options.tail === true,
  });
  return { ...profiled, flags };
}

function loadOf(name: string): ProfiledLoad {
  const { workload, keys, valueBytes, pipeline, connections }: ProfileScenario = profileScenarios[name]!;
  return {
    name,
    workload: presetWorkload(workload, { keys, ...(valueBytes === undefined ? {} : { valueBytes }) }),
    connections,
    pipeline,
  };
}

function write(options: ProfileOptions, profiled: readonly Profiled[], sides: readonly Side[]): string {
  const scenario = profileScenarios[options.scenario]!;
  const names = sides.map(({ name }) => name);
  const { page } = flamegraphPage(
    `${options.scenario}: ${names.join(' → ')}, ${options.tool === 'cpu' ? 'CPU time' : 'allocations'}`,
    [
      scenario.title,
      ...profiled.map(
        ({ description, answer, slow }) =>
          `${description}: ${answer.requests.toLocaleString('en')} requests in ${answer.seconds.toFixed(1)} s${options.tail ? `, ${slow.length.toLocaleString('en')} batches of them slow` : ''}`,
      ),
      `Node ${process.version}; a sample ${options.tool === 'cpu' ? `every ${options.interval} µs of CPU time` : 'every 16 KiB allocated'}. Speed is not measured here: a profiled server is not a fast one.`,
    ],
    sides,
  );
  const directory = path.resolve(options.out);
  mkdirSync(directory, { recursive: true });
  const parts = [
    options.scenario,
    ...profiled.map(({ flags }) => flags),
    options.tail ? 'tail' : options.tool,
  ];
  const file = path.join(directory, `${parts.join('.').replace(/[^\w.+-]/g, '_')}.html`);
  writeFileSync(file, page);
  return file;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0.5 && value <= 60)) throw new InvalidArgumentError('give seconds from 0.5 to 60');
  return value;
}
