import { describe, expect, it } from 'vitest';
import type { Comparison, VerdictKind } from '../experiments/result.ts';
import { fixtureSession } from '../reports/sessionFixture.ts';
import { earningOf } from './defaultSet.ts';
import type { Occasion } from './occasion.ts';

/** Verdicts of the deciding comparisons of the two arms, by position; the ratio is 0.9 (0.85 .. 0.95) unless `high` says otherwise. */
function occasion(day: number, verdicts: VerdictKind[], high = 0.95): Occasion {
  const session = structuredClone(fixtureSession({ seed: 7 }));
  session.environment.startedAtIso = `2026-11-${day}T10:00:00.000Z`;
  session.environment.seed = day;
  const experiment = session.experiments.find(({ flag }) => flag === 'fast-path')!;
  const template = experiment.comparisons.find(({ a }) => a.startsWith('-'))!;
  const metrics = ['cpu-us-per-request', 'latency-p99-us', 'latency-p999-us'] as const;
  experiment.scenarios = [
    { ...experiment.scenarios[0]!, id: 's', decides: metrics.slice(0, verdicts.length) },
  ];
  delete experiment.claim;
  delete experiment.verdict;
  experiment.comparisons = verdicts.map(
    (verdict, index): Comparison => ({
      ...template,
      scenarioId: 's',
      metric: metrics[index]!,
      higherIsBetter: false,
      verdict,
      ratio: { estimate: 0.9, low: 0.85, high, confidence: 0.95 },
    }),
  );
  return { session, experiment, report: '' };
}
const words = (first: VerdictKind[], second: VerdictKind[], high?: number) =>
  earningOf([occasion(21, second, high), occasion(20, first, high)]).word;

describe('a place in the default set', () => {
  it('is earned by what came out better twice', () => {
    expect(words(['improvement'], ['improvement'])).toBe('earned');
    expect(words(['confirmed', 'undecided'], ['larger-than-claimed', 'no-effect'])).toBe('earned');
    expect(words(['undecided', 'improvement'], ['undecided', 'improvement'])).toBe('earned');
  });

  it('is not earned by what came out worse twice, whatever else is better', () => {
    expect(words(['improvement', 'regression'], ['improvement', 'regression'])).toBe('not earned');
    expect(words(['improvement', 'regression'], ['improvement', 'undecided'])).toBe('earned');
  });

  it('is not earned by what has no effect twice', () => {
    expect(words(['no-effect'], ['no-effect'])).toBe('not earned');
  });

  it('is earned by less than was claimed only if that is more than nothing', () => {
    expect(words(['smaller-than-claimed'], ['smaller-than-claimed'])).toBe('earned');
    expect(words(['smaller-than-claimed'], ['smaller-than-claimed'], 1.02)).toBe('not earned');
  });

  it('stays open until two occasions have decided', () => {
    expect(earningOf([]).word).toBe('open');
    expect(earningOf([occasion(21, ['improvement'])]).word).toBe('open');
    expect(earningOf([occasion(21, ['improvement']), occasion(21, ['improvement'])]).word).toBe('open');
    expect(words(['improvement'], ['undecided'])).toBe('open');
  });

  it('names what earned it', () => {
    expect(earningOf([occasion(21, ['improvement']), occasion(20, ['improvement'])]).reason).toMatch(
      /^better on two occasions: CPU per request 0\.900× \(0\.850 \.\. 0\.950\) at s$/,
    );
  });
});
