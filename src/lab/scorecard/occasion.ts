/**
 * One published measurement of one experiment: the day, the commit, and what was found. Two of them, of different sessions, are what a
 * verdict on the scorecard rests on.
 */
import type { Comparison, ExperimentResult, SessionResult, VerdictKind } from '../experiments/result.ts';
import { answeringComparison } from '../reports/claims.ts';

export interface Occasion {
  session: SessionResult;
  experiment: ExperimentResult;
  /** Link to the occasion's report, relative to the scorecard. */
  report: string;
}

/** Two sessions are different occasions if they began at different times with different schedules. */
export function isSameOccasion(left: SessionResult, right: SessionResult): boolean {
  return (
    left.environment.startedAtIso === right.environment.startedAtIso ||
    left.environment.seed === right.environment.seed
  );
}

/** What an occasion says about its question. */
export function judgementOf({ experiment }: Pick<Occasion, 'experiment'>): {
  comparison: Comparison | undefined;
  kind: VerdictKind;
} {
  const comparison = answeringComparison(experiment);
  return { comparison, kind: experiment.verdict?.kind ?? comparison?.verdict ?? 'undecided' };
}

/** `2026-11-21, commit 6a83b87145, quick`. */
export function occasionWords({ session: { environment, effort } }: Occasion): string {
  return `${environment.startedAtIso.slice(0, 10)}, commit ${environment.gitSha.slice(0, 10)}, ${effort} effort`;
}
