/** `evenkeel profile`: a server, a load from `profiles/scenarios.ts`, a profile of every shard's thread, a flamegraph. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { type ProfileScenario, profileScenarios } from '../../profiles/scenarios.ts';
import { LoadError, runLoad } from '../lab/load/generatorProcess.ts';
import { httpUrl } from '../lab/targets/httpUrl.ts';
import { parseTarget } from '../lab/targets/parseTarget.ts';
import { TargetError } from '../lab/targets/runningServer.ts';
import type { RunningTarget } from '../lab/targets/target.ts';
import { presetWorkload } from '../lab/workloads/presets.ts';
import { stackSamples } from '../profiling/cpuProfile.ts';
import { renderFlamegraph } from '../profiling/flamegraphHtml.ts';
import { differentialNodes, flameNodes, type Measured } from '../profiling/flameNodes.ts';
import { heapStacks } from '../profiling/heapProfile.ts';
import { frameKey, StackTree } from '../profiling/stackTree.ts';
import type { ProfileAnswer } from './controlPlane.ts';
import { projectDirectory } from './labSession.ts';

interface ProfileOptions {
  scenario: string;
  flags: string;
  against?: string;
  tool: 'cpu' | 'heap';
  seconds: number;
  interval: number;
  out: string;
}

interface Profiled {
  readonly flags: string;
  readonly answer: ProfileAnswer;
  readonly tree: StackTree;
  readonly description: string;
}

const TOP_FRAMES = 15;
/** The load goes on a little longer than the profile, so that the profile never sees its end. */
const MARGIN_SEC = 2;
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
    .addOption(
      new Option('--tool <name>', 'CPU time or allocated bytes').choices(['cpu', 'heap']).default('cpu'),
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
    const reference = options.against === undefined ? undefined : await profileOne(options, options.against);
    const candidate = await profileOne(options, options.flags);
    const file = write(options, candidate, reference);
    process.stdout.write(
      `${summaryOf(options, candidate, reference)}\n${path.relative(process.cwd(), file)}\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof TargetError || error instanceof LoadError || error instanceof ProfileError))
      throw error;
    process.stderr.write(`evenkeel: ${error.message}\n`);
    return 1;
  }
}

class ProfileError extends Error {}

async function profileOne(options: ProfileOptions, flags: string): Promise<Profiled> {
  const scenario = profileScenarios[options.scenario]!;
  const cpuCount = availableParallelism();
  const apart = cpuCount >= 2 && scenario.query === undefined;
  process.stderr.write(`profiling ${options.scenario} with flags ${flags} for ${options.seconds} s ...\n`);
  const running = await parseTarget(
    `ours:${flags}${scenario.query === undefined ? '' : `?${scenario.query}`}`,
  ).start({
    cpus: apart ? [0] : [],
  });
  try {
    const measuring = Promise.withResolvers<void>();
    const load = runLoad(jobOf(options, scenario, running), {
      cpus: apart ? [cpuCount - 1] : [],
      onMessage: (message) => {
        if (message.type === 'progress') measuring.resolve();
      },
    });
    load.catch(measuring.reject);
    await measuring.promise;
    const answer = await ask(running, options);
    await load;
    const tree = treeOfAnswer(answer, flags);
    return { flags, answer, tree, description: running.description.label };
  } finally {
    await running.stop();
  }
}

function jobOf(options: ProfileOptions, scenario: ProfileScenario, running: RunningTarget) {
  const { workload, keys, valueBytes, pipeline, connections } = scenario;
  return {
    id: `profile ${running.description.id}`,
    endpoint: running.endpoint,
    workload: presetWorkload(workload, { keys, ...(valueBytes === undefined ? {} : { valueBytes }) }),
    seed: 1,
    connections,
    loop: { kind: 'closed' as const, pipeline },
    warmup: { minSec: 2, maxSec: 5 },
    measureSec: options.seconds + MARGIN_SEC,
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

function treeOfAnswer({ captures }: ProfileAnswer, name: string): StackTree {
  const tree = new StackTree(name);
  const projectUrl = `${pathToFileURL(projectDirectory).href}/`;
  captures.forEach((capture, shard) => {
    if (capture.what === 'collection') return;
    const stacks =
      capture.what === 'cpu'
        ? stackSamples(capture.profile, projectUrl)
        : heapStacks(capture.profile, projectUrl);
    const thread = { name: `shard ${shard}`, location: '', kind: 'engine' } as const;
    for (const { frames, weight } of stacks)
      tree.add({ frames: captures.length > 1 ? [thread, ...frames] : frames, weight });
  });
  return tree;
}

const unitOf = ({ tool }: ProfileOptions): string => (tool === 'cpu' ? 'ns/request' : 'bytes/request');

function measured({ tree, answer }: Profiled, { tool }: ProfileOptions): Measured {
  return { tree, perUnit: (tool === 'cpu' ? NS_PER_US : 1) / Math.max(1, answer.requests) };
}

function write(options: ProfileOptions, candidate: Profiled, reference: Profiled | undefined): string {
  const scenario = profileScenarios[options.scenario]!;
  const { tree, perUnit } = measured(candidate, options);
  const before = reference && measured(reference, options);
  const names = [...(reference === undefined ? [] : [reference.flags]), candidate.flags];
  const script = readFileSync(path.join(projectDirectory, 'src/profiling/page/flamegraph.ts'), 'utf8');
  const page = renderFlamegraph({
    title: `${options.scenario}: ${names.join(' → ')}, ${options.tool === 'cpu' ? 'CPU time' : 'allocations'}`,
    facts: [
      scenario.title,
      ...[reference, candidate]
        .filter((each) => each !== undefined)
        .map(
          ({ description, answer }) =>
            `${description}: ${answer.requests.toLocaleString('en')} requests in ${answer.seconds.toFixed(1)} s`,
        ),
      `Node ${process.version}; a sample ${options.tool === 'cpu' ? `every ${options.interval} µs of CPU time` : 'every 16 KiB allocated'}. Speed is not measured here: a profiled server is not a fast one.`,
    ],
    root: before === undefined ? flameNodes(tree, perUnit) : differentialNodes(before, { tree, perUnit }),
    unit: unitOf(options),
    top: topOf({ tree, perUnit }, before),
    valueNames: names.map((name) => `${name}, ${unitOf(options)}`),
    script: stripTypeScriptTypes(script),
    style: readFileSync(path.join(projectDirectory, 'src/profiling/page/flamegraph.css'), 'utf8'),
  });
  const directory = path.resolve(options.out);
  mkdirSync(directory, { recursive: true });
  const file = path.join(
    directory,
    `${[options.scenario, ...names, options.tool].join('.').replace(/[^\w.+-]/g, '_')}.html`,
  );
  writeFileSync(file, page);
  return file;
}

/** The functions with the most own time; of two profiles those whose own time differs most. */
function topOf({ tree, perUnit }: Measured, before: Measured | undefined) {
  if (before === undefined)
    return tree
      .topFrames(TOP_FRAMES)
      .map(({ frame, self, share }) => ({ ...frame, values: [self * perUnit], share }));
  const all = Number.POSITIVE_INFINITY;
  const byKey = new Map(before.tree.topFrames(all).map((each) => [frameKey(each.frame), each]));
  const rows = tree.topFrames(all).map(({ frame, self, share }) => {
    const key = frameKey(frame);
    const was = byKey.get(key)?.self ?? 0;
    byKey.delete(key);
    return { ...frame, values: [was * before.perUnit, self * perUnit], share };
  });
  for (const { frame, self } of byKey.values())
    rows.push({ ...frame, values: [self * before.perUnit, 0], share: 0 });
  return rows
    .sort((a, b) => Math.abs(b.values[1]! - b.values[0]!) - Math.abs(a.values[1]! - a.values[0]!))
    .slice(0, TOP_FRAMES);
}

function summaryOf(options: ProfileOptions, candidate: Profiled, reference: Profiled | undefined): string {
  const rows = topOf(measured(candidate, options), reference && measured(reference, options));
  const figure = (value: number): string => value.toPrecision(3).padStart(9);
  return [
    `${reference === undefined ? 'Most own time' : 'Largest differences of own time'}, ${unitOf(options)}:`,
    ...rows.map(
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
