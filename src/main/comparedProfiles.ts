/** The differential flamegraph of two targets of a comparison, from a profile of each under the comparison's own closed loop. */
import type { CpuPlan } from '../lab/experiments/cpuPlan.ts';
import type { Effort, LoadScenario } from '../lab/experiments/definition.ts';
import { blockShape } from '../lab/experiments/effort.ts';
import { LoadError } from '../lab/load/generatorProcess.ts';
import type { Flamegraph } from '../lab/reports/reports.ts';
import { TargetError } from '../lab/targets/runningServer.ts';
import type { Target } from '../lab/targets/target.ts';
import { withKeysAtMost } from '../lab/workloads/workload.ts';
import type { Side } from '../profiling/topFunctions.ts';
import { flamegraphPage } from './flamegraphPage.ts';
import { sideOf } from './profileSides.ts';
import { ProfileError, profileServer } from './serverProfile.ts';

export interface ComparedProfile {
  target: Target;
  /** As the report calls it. */
  name: string;
}

const SECONDS: Record<Effort, number> = { smoke: 1, quick: 3, full: 5 };
const INTERVAL_US = 500;

/** A profile that cannot be had is said in the report, which stands without it. */
export async function comparedProfiles(
  compared: readonly [reference: ComparedProfile, candidate: ComparedProfile],
  scenario: LoadScenario,
  { effort, cpus, note }: { effort: Effort; cpus: CpuPlan; note: (line: string) => void },
): Promise<Flamegraph> {
  const { connections, loop } = scenario;
  const load = {
    name: scenario.id,
    workload: withKeysAtMost(scenario.workload, blockShape(effort, scenario).keysMax),
    connections,
    pipeline: loop.kind === 'closed' ? loop.pipeline : 1,
  };
  const settings = { tool: 'cpu' as const, seconds: SECONDS[effort], intervalUs: INTERVAL_US, cpus };
  const sides: Side[] = [];
  const facts = [scenario.label];
  try {
    for (const { target, name } of compared) {
      note(`profiling ${name} for ${settings.seconds} s ...`);
      const profile = await profileServer(target, load, settings);
      sides.push(sideOf(name, profile, settings.tool));
      facts.push(
        `${name}: ${profile.answer.requests.toLocaleString('en')} requests in ${profile.answer.seconds.toFixed(1)} s`,
      );
    }
  } catch (error) {
    if (![TargetError, LoadError, ProfileError].some((known) => error instanceof known)) throw error;
    const missing = `No flamegraph could be had: ${(error as Error).message}`;
    note(missing);
    return { missing };
  }
  facts.push(
    `A sample every ${INTERVAL_US} µs of CPU time. Profiled servers are slower than those measured.`,
  );
  return flamegraphPage(`${compared[0].name} → ${compared[1].name}`, facts, sides);
}
