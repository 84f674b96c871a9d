/** A profile of a fresh server under a load: started with its control plane, loaded, asked, stopped. */
import type { CpuPlan } from '../lab/experiments/cpuPlan.ts';
import { runLoad } from '../lab/load/generatorProcess.ts';
import type { LoadJob } from '../lab/load/protocol.ts';
import { httpUrl } from '../lab/targets/httpUrl.ts';
import { withInstruments } from '../lab/targets/parseTarget.ts';
import type { Endpoint, RunningTarget, Target } from '../lab/targets/target.ts';
import type { Workload } from '../lab/workloads/workload.ts';
import type { ProfileAnswer } from './controlPlane.ts';

/** A closed loop: a profile is taken of a server that is kept busy. */
export interface ProfiledLoad {
  readonly name: string;
  readonly workload: Workload;
  readonly connections: number;
  readonly pipeline: number;
}

export interface CaptureSettings {
  readonly tool: 'cpu' | 'heap';
  readonly seconds: number;
  /** Between two samples of CPU time. */
  readonly intervalUs: number;
  readonly cpus: Pick<CpuPlan, 'server' | 'generator'>;
  /** Also ask which requests were slow meanwhile. */
  readonly slow?: boolean;
}

export interface ServerProfile {
  readonly answer: ProfileAnswer;
  readonly description: string;
  /** Requests that were slow meanwhile; none unless asked for. */
  readonly slow: readonly SlowMoment[];
}

/** As `/api/slow` tells of it. */
export interface SlowMoment {
  readonly shard: number;
  /** Since the epoch. */
  readonly atMs: number;
  readonly durationUs: number;
}

export class ProfileError extends Error {
  override name = 'ProfileError';
}

/** The load goes on a little longer than the profile, so that the profile never sees its end. */
const MARGIN_SEC = 2;
/** Slow requests are told of when their causes are known. */
const JOINED_AFTER_SEC = 2.5;

/** @throws ProfileError where the target is not one server of this project, or takes no profile. */
export async function profileServer(
  target: Target,
  load: ProfiledLoad,
  settings: CaptureSettings,
): Promise<ServerProfile> {
  const { cpus, slow: asksForSlow } = settings;
  const instrumented = withInstruments(target);
  if (instrumented === undefined)
    throw new ProfileError(`${target.spec} cannot be profiled: give one server of this project`);
  const running = await instrumented.start({ cpus: cpus.server });
  try {
    const measuring = Promise.withResolvers<void>();
    const loading = runLoad(profilingJob(load, running.endpoint, settings), {
      cpus: cpus.generator,
      onMessage: (message) => {
        if (message.type === 'progress') measuring.resolve();
      },
    });
    loading.catch(measuring.reject);
    await measuring.promise;
    const startMs = Date.now();
    const answer = await ask(running, settings);
    const slow = asksForSlow ? await slowSince(running, startMs) : [];
    await loading;
    return { answer, slow, description: running.description.label };
  } finally {
    await running.stop();
  }
}

/** Long enough for a profile of so many seconds. */
export function profilingJob(
  { name, workload, connections, pipeline }: ProfiledLoad,
  endpoint: Endpoint,
  { seconds, slow }: Pick<CaptureSettings, 'seconds' | 'slow'>,
): LoadJob {
  return {
    id: `profile ${name}`,
    endpoint,
    workload,
    seed: 1,
    connections,
    loop: { kind: 'closed', pipeline },
    warmup: { minSec: 2, maxSec: 5 },
    measureSec: seconds + MARGIN_SEC + (slow ? JOINED_AFTER_SEC : 0),
    requestsMax: 1e12,
    intervalMs: 1000,
    preload: true,
  };
}

async function ask(
  running: RunningTarget,
  { tool, seconds, intervalUs }: CaptureSettings,
): Promise<ProfileAnswer> {
  const response = await fetch(
    `${httpUrl(running)}/api/profile?what=${tool}&seconds=${seconds}&intervalUs=${intervalUs}`,
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
