/** `evenkeel profile`: a server, a load from `profiles/scenarios.ts`, a profile of every shard's thread, a flamegraph. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type ProfileScenario, profileScenarios } from '../../profiles/scenarios.ts';
import { LoadError, runLoad } from '../lab/load/generatorProcess.ts';
import type { LoadJob } from '../lab/load/protocol.ts';
import { httpUrl } from '../lab/targets/httpUrl.ts';
import { parseTarget } from '../lab/targets/parseTarget.ts';
import { TargetError } from '../lab/targets/runningServer.ts';
import type { Endpoint, RunningTarget } from '../lab/targets/target.ts';
import { presetWorkload } from '../lab/workloads/presets.ts';
import { type StackSample, stackSamples } from '../profiling/cpuProfile.ts';
import { renderFlamegraph } from '../profiling/flamegraphHtml.ts';
import { differentialNodes, flameNodes } from '../profiling/flameNodes.ts';
import { heapStacks } from '../profiling/heapProfile.ts';
import { splitByMoments } from '../profiling/moments.ts';
import { StackTree } from '../profiling/stackTree.ts';
import { type Side, topFunctions } from '../profiling/topFunctions.ts';
import type { ProfileAnswer } from './controlPlane.ts';
import {
  EXTERNAL_TOOLS,
  type ExternalTool,
  ExternalToolError,
  profileExternally,
  toolsFolder,
} from './externalProfiler.ts';
import { projectDirectory } from './labSession.ts';

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

interface Profiled {
  readonly flags: string;
  readonly answer: ProfileAnswer;
  readonly description: string;
  /** Requests that were slow meanwhile; none unless asked for. */
  readonly slow: readonly SlowMoment[];
}

/** As `/api/slow` tells of it. */
interface SlowMoment {
  readonly shard: number;
  /** Since the epoch. */
  readonly atMs: number;
  readonly durationUs: number;
}

const TOP_FRAMES = 15;
/** The load goes on a little longer than the profile, so that the profile never sees its end. */
const MARGIN_SEC = 2;
/** Slow requests are told of when their causes are known. */
const JOINED_AFTER_SEC = 2.5;
const NS_PER_US = 1000;

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
    const profiled = options.against === undefined ? [] : [await profileOne(options, options.against)];
    profiled.push(await profileOne(options, options.flags));
    const sides = options.tail ? tailSides(profiled[0]!) : profiled.map((each) => sideOf(each, options.tool));
    const file = write(options, profiled, sides);
    process.stdout.write(`${summaryOf(sides)}\n${path.relative(process.cwd(), file)}\n`);
    return 0;
  } catch (error) {
    if (!KNOWN_ERRORS.some((known) => error instanceof known)) throw error;
    process.stderr.write(`evenkeel: ${(error as Error).message}\n`);
    return 1;
  }
}

class ProfileError extends Error {}
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
    jobFor: (endpoint) => jobOf(options, profileScenarios[scenario]!, endpoint),
  });
}

async function profileOne(options: ProfileOptions, flags: string): Promise<Profiled> {
  const scenario = profileScenarios[options.scenario]!;
  const cpuCount = availableParallelism();
  const apart = cpuCount >= 2 && scenario.query === undefined;
  process.stderr.write(`profiling ${options.scenario} with flags ${flags} for ${options.seconds} s ...\n`);
  const running = await parseTarget(
    `ours:${flags}?instruments=1${scenario.query === undefined ? '' : `&${scenario.query}`}`,
  ).start({
    cpus: apart ? [0] : [],
  });
  try {
    const measuring = Promise.withResolvers<void>();
    const load = runLoad(jobOf(options, scenario, running.endpoint), {
      cpus: apart ? [cpuCount - 1] : [],
      onMessage: (message) => {
        if (message.type === 'progress') measuring.resolve();
      },
    });
    load.catch(measuring.reject);
    await measuring.promise;
    const startMs = Date.now();
    const answer = await ask(running, options);
    const slow = options.tail ? await slowSince(running, startMs) : [];
    await load;
    return { flags, answer, slow, description: running.description.label };
  } finally {
    await running.stop();
  }
}

function jobOf(options: ProfileOptions, scenario: ProfileScenario, endpoint: Endpoint): LoadJob {
  const { workload, keys, valueBytes, pipeline, connections } = scenario;
  return {
    id: `profile ${options.scenario}`,
    endpoint,
    workload: presetWorkload(workload, { keys, ...(valueBytes === undefined ? {} : { valueBytes }) }),
    seed: 1,
    connections,
    loop: { kind: 'closed', pipeline },
    warmup: { minSec: 2, maxSec: 5 },
    measureSec: options.seconds + MARGIN_SEC + (options.tail ? JOINED_AFTER_SEC : 0),
    requestsMax: 1e12,
    intervalMs: 1000,
    preload: true,
  };
}

async function ask(
  running: RunningTarget,
  { tool, seconds: length, interval }: ProfileOptions,
): Promise<ProfileAnswer> {
  const response = await fetch(
    `${httpUrl(running)}/api/profile?what=${tool}&seconds=${length}&intervalUs=${interval}`,
  );
  const answer = (await response.json()) as ProfileAnswer | { error: string };
  if ('error' in answer) throw new ProfileError(`the server took no profile: ${answer.error}`);
  return answer;
}

async function slowSince(running: RunningTarget, sinceMs: number): Promise<SlowMoment[]> {
  await new Promise((resolve) => setTimeout(resolve, JOINED_AFTER_SEC * 1000));
  const slow = (await (
    await fetch(`${httpUrl(running)}/api/slow?sinceMs=${sinceMs}`)
  ).json()) as SlowMoment[];
  if (slow.length === 0)
    throw new ProfileError('no request was slow while the profile was taken: profile for longer');
  return slow;
}

function sideOf({ flags, answer }: Profiled, tool: ProfileOptions['tool']): Side {
  return {
    name: flags,
    tree: treeOfShards(flags, stacksByShard(answer)),
    unit: tool === 'cpu' ? 'ns/request' : 'bytes/request',
    perUnit: (tool === 'cpu' ? NS_PER_US : 1) / Math.max(1, answer.requests),
  };
}

/** All other moments, and those in which requests were slow. */
function tailSides({ answer, slow }: Profiled): Side[] {
  // A profile's clock is the machine's monotonic one, the same in every process.
  const epochUs = Date.now() * 1000 - Number(process.hrtime.bigint()) / 1000;
  const byShard = stacksByShard(answer);
  const moments = byShard.map((_, shard) =>
    slow
      .filter((each) => each.shard === shard)
      .map(({ atMs, durationUs }) => ({
        startUs: atMs * 1000 - epochUs,
        endUs: atMs * 1000 - epochUs + durationUs,
      })),
  );
  const parts = byShard.map((stacks, shard) => splitByMoments(stacks as StackSample[], moments[shard]!));
  return [
    percentSide(
      'all other moments',
      parts.map(({ outside }) => outside),
    ),
    percentSide(
      'when requests were slow',
      parts.map(({ inside }) => inside),
    ),
  ];
}

const percentSide = (name: string, byShard: readonly (readonly StackSample[])[]): Side => {
  const tree = treeOfShards(name, byShard);
  return { name, tree, unit: '% of the time', perUnit: 100 / Math.max(1, tree.root.total) };
};

type WeightedStack = Pick<StackSample, 'frames' | 'weight'>;

function stacksByShard({ captures }: ProfileAnswer): readonly (readonly WeightedStack[])[] {
  const projectUrl = `${pathToFileURL(projectDirectory).href}/`;
  return captures.map((capture) => {
    if (capture.what === 'cpu') return [...stackSamples(capture.profile, projectUrl)];
    return capture.what === 'heap' ? [...heapStacks(capture.profile, projectUrl)] : [];
  });
}

function treeOfShards(name: string, byShard: readonly (readonly WeightedStack[])[]): StackTree {
  const tree = new StackTree(name);
  byShard.forEach((stacks, shard) => {
    const thread = { name: `shard ${shard}`, location: '', kind: 'engine' } as const;
    for (const { frames, weight } of stacks)
      tree.add({ frames: byShard.length > 1 ? [thread, ...frames] : frames, weight });
  });
  return tree;
}

function write(options: ProfileOptions, profiled: readonly Profiled[], sides: readonly Side[]): string {
  const scenario = profileScenarios[options.scenario]!;
  const names = sides.map(({ name }) => name);
  const candidate = sides.at(-1)!;
  const before = sides.length > 1 ? sides[0] : undefined;
  const page = renderFlamegraph({
    title: `${options.scenario}: ${names.join(' → ')}, ${options.tool === 'cpu' ? 'CPU time' : 'allocations'}`,
    facts: [
      scenario.title,
      ...profiled.map(
        ({ description, answer, slow }) =>
          `${description}: ${answer.requests.toLocaleString('en')} requests in ${answer.seconds.toFixed(1)} s${options.tail ? `, ${slow.length.toLocaleString('en')} batches of them slow` : ''}`,
      ),
      `Node ${process.version}; a sample ${options.tool === 'cpu' ? `every ${options.interval} µs of CPU time` : 'every 16 KiB allocated'}. Speed is not measured here: a profiled server is not a fast one.`,
    ],
    root:
      before === undefined
        ? flameNodes(candidate.tree, candidate.perUnit)
        : differentialNodes(before, candidate),
    unit: candidate.unit,
    top: topFunctions(candidate, before, TOP_FRAMES),
    valueNames: sides.map(({ name, unit }) => `${name}, ${unit}`),
    script: stripTypeScriptTypes(
      readFileSync(path.join(projectDirectory, 'src/profiling/page/flamegraph.ts'), 'utf8'),
    ),
    style: readFileSync(path.join(projectDirectory, 'src/profiling/page/flamegraph.css'), 'utf8'),
  });
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

function summaryOf(sides: readonly Side[]): string {
  const candidate = sides.at(-1)!;
  const before = sides.length > 1 ? sides[0] : undefined;
  const figure = (value: number): string => value.toPrecision(3).padStart(9);
  return [
    `${before === undefined ? 'Most own time' : `Largest differences of own time, ${before.name} -> ${candidate.name}`}, ${candidate.unit}:`,
    ...topFunctions(candidate, before, TOP_FRAMES).map(
      ({ name, location, values, share }) =>
        `  ${values.map(figure).join(' ->')}  ${(share * 100).toFixed(1).padStart(5)} %  ${name}  ${location}`,
    ),
  ].join('\n');
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0.5 && value <= 60)) throw new InvalidArgumentError('give seconds from 0.5 to 60');
  return value;
}
