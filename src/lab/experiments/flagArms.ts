/**
 * The arms of a flag experiment: everything but the flag against everything, what would be lost without it. Two arms, because pairs
 * decide and time is bounded; the flag alone against nothing is `evenkeel compare ours:none ours:none,+flag`.
 */
import type { Effort, PlannedComparison } from './definition.ts';

export const baselineArm = 'redis';

export function flagArms(flag: string): { arms: Record<Effort, string[]>; comparisons: PlannedComparison[] } {
  const without = `-${flag}`;
  return {
    arms: {
      smoke: [without, 'all'],
      quick: [without, 'all'],
      full: [without, 'all'],
    },
    comparisons: [{ a: without, b: 'all', primary: true }],
  };
}

/** The target an arm stands for, as `parseTarget` takes it; the baseline is the caller's. */
export function armSpec(arm: string): string {
  if (arm.startsWith('-')) return `ours:all,${arm}`;
  if (arm.startsWith('+')) return `ours:none,${arm}`;
  return `ours:${arm}`;
}

/** What a reader sees; undefined where the target's own label is right. */
export function armLabel(arm: string): string | undefined {
  if (arm.startsWith('-')) return `Evenkeel (all flags but ${arm.slice(1)})`;
  if (arm.startsWith('+')) return `Evenkeel (${arm.slice(1)} only)`;
  return undefined;
}
