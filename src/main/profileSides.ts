/** From a server's profile to the sides of a flamegraph: samples of every shard's thread merged, in a unit that makes sides comparable. */
import { pathToFileURL } from 'node:url';
import { type StackSample, stackSamples } from '../profiling/cpuProfile.ts';
import { heapStacks } from '../profiling/heapProfile.ts';
import { splitByMoments } from '../profiling/moments.ts';
import { StackTree } from '../profiling/stackTree.ts';
import type { Side } from '../profiling/topFunctions.ts';
import type { ProfileAnswer } from './controlPlane.ts';
import { projectDirectory } from './labSession.ts';
import type { CaptureSettings, ServerProfile } from './serverProfile.ts';

const NS_PER_US = 1000;

/** All of it, by request: servers of different speed compare. */
export function sideOf(name: string, { answer }: ServerProfile, tool: CaptureSettings['tool']): Side {
  return {
    name,
    tree: treeOfShards(name, stacksByShard(answer)),
    unit: tool === 'cpu' ? 'ns/request' : 'bytes/request',
    perUnit: (tool === 'cpu' ? NS_PER_US : 1) / Math.max(1, answer.requests),
  };
}

/** All other moments, and those in which requests were slow. */
export function tailSides({ answer, slow }: ServerProfile): Side[] {
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
