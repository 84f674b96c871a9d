/** A CPU profile as V8's inspector gives it (the `.cpuprofile` format), and its samples as stacks. */

export interface CallFrame {
  readonly functionName: string;
  /** `file:///...`, `node:internal/...`, or empty for what is no JavaScript. */
  readonly url: string;
  /** From 0. */
  readonly lineNumber: number;
}

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Microseconds on the clock of `performance.now()`'s origin-less counterpart, as `process.hrtime`. */
  readonly startTime: number;
  readonly endTime: number;
  /** Node ids, one a sample. */
  readonly samples: readonly number[];
  /** Microseconds from the sample before, or from `startTime`. */
  readonly timeDeltas: readonly number[];
}

export type FrameKind = 'project' | 'package' | 'node' | 'engine' | 'gc';

export interface Frame {
  readonly name: string;
  /** `src/server/shard.ts:12`, `node:net:312`; empty for what is no JavaScript. */
  readonly location: string;
  readonly kind: FrameKind;
}

/** What the profiler calls time in which the thread had nothing to do. */
const IDLE = '(idle)';
const NOT_FRAMES = new Set(['(root)', IDLE]);

/**
 * Where functions of the C library are called. V8 knows all functions of an addon by one address and gives all the name of any one of
 * them: a wait in the kernel may come as `close` or `PollHandle`.
 */
const SYSTEM_CALLS_IN = 'src/ports/real/uring/systemCalls.ts:';
const SYSTEM_CALL: Frame = { name: 'system call', location: '', kind: 'engine' };

export interface StackSample {
  /** Outermost first; engine frames like `(program)` included. */
  readonly frames: readonly Frame[];
  /** Microseconds it stands for. */
  readonly weight: number;
  /** When it was taken, microseconds on the profile's clock. */
  readonly atUs: number;
}

/** Every sample but the idle ones. @param projectUrl `file:///.../` in front of project files. */
export function* stackSamples(profile: CpuProfile, projectUrl: string): Generator<StackSample> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map<number, number>();
  for (const { id, children } of profile.nodes) for (const child of children ?? []) parents.set(child, id);
  const stacks = new Map<number, readonly Frame[]>();
  const stackOf = (id: number): readonly Frame[] => {
    const known = stacks.get(id);
    if (known !== undefined) return known;
    const { callFrame } = nodes.get(id)!;
    const parent = parents.get(id);
    const outer = parent === undefined ? [] : stackOf(parent);
    const isSystemCall = callFrame.url === '' && outer.at(-1)?.location.startsWith(SYSTEM_CALLS_IN) === true;
    const frame = isSystemCall ? SYSTEM_CALL : frameOf(callFrame, projectUrl);
    const stack = NOT_FRAMES.has(callFrame.functionName) ? outer : [...outer, frame];
    stacks.set(id, stack);
    return stack;
  };
  let atUs = profile.startTime;
  for (let i = 0; i < profile.samples.length; i++) {
    atUs += profile.timeDeltas[i]!;
    const id = profile.samples[i]!;
    // A sample stands for the time until the next one.
    const weight = Math.max(0, (profile.timeDeltas[i + 1] ?? profile.endTime - atUs) as number);
    if (nodes.get(id)!.callFrame.functionName === IDLE) continue;
    yield { frames: stackOf(id), weight, atUs };
  }
}

export function frameOf({ functionName, url, lineNumber }: CallFrame, projectUrl: string): Frame {
  if (functionName === '(garbage collector)') return { name: 'garbage collection', location: '', kind: 'gc' };
  if (functionName === '(program)') return { name: 'outside JavaScript', location: '', kind: 'engine' };
  const name = functionName === '' ? 'anonymous' : functionName;
  if (url === '') return { name, location: '', kind: 'engine' };
  const path = url.startsWith(projectUrl)
    ? url.slice(projectUrl.length)
    : url.replace(/^file:\/\/.*?(?=node_modules\/)/, '');
  const kind = path.startsWith('node:') ? 'node' : path.startsWith('node_modules/') ? 'package' : 'project';
  return { name, location: `${path}:${lineNumber + 1}`, kind };
}
