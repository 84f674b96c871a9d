import { describe, expect, it } from 'vitest';
import { ReadmeMarkerError, replaceSection, withPublishedResult } from './readmeSections.ts';
import type { Comparison, ExperimentResult, SessionResult } from './result.ts';

const readme = `# Title

## Result

<!-- result:begin -->
Not yet published.
<!-- result:end -->

## Decision

<!-- decision:begin -->
None.
<!-- decision:end -->

After.
`;

const comparison = {
  experimentId: 'e',
  scenarioId: 'p64',
  metric: 'cpu-us-per-request',
  a: '-flag',
  b: 'all',
  medianA: 1,
  medianB: 0.88,
  ratio: { estimate: 0.88, low: 0.86, high: 0.9, confidence: 0.95 },
  pairs: 8,
  verdict: 'confirmed',
} as unknown as Comparison;

const experiment = {
  id: 'e',
  title: 'E',
  question: '?',
  scenarios: [{ id: 'p64', decides: ['cpu-us-per-request'] }],
  comparisons: [comparison, { ...comparison, metric: 'latency-p99-us', verdict: 'regression' }],
  verdict: { kind: 'confirmed', text: 'uses 12 % less CPU' },
  budgets: [],
} as unknown as ExperimentResult;

const session = {
  effort: 'full',
  environment: {
    startedAtIso: '2026-01-02T03:04:05Z',
    cpuModel: 'A CPU',
    cpuCount: 2,
    node: '24.14.1',
    gitSha: '0123456789abcdef',
    gitDirty: false,
    seed: 7,
    commandLine: 'evenkeel experiment e --seed 7',
  },
  targets: [{ id: 'all', label: 'Evenkeel (all flags)' }],
  blocks: [
    { experimentId: 'e', accepted: true },
    { experimentId: 'e', accepted: false },
    { experimentId: 'other', accepted: false },
  ],
} as unknown as SessionResult;

const publish = (text: string): string =>
  withPublishedResult(text, session, experiment, 'results/verdicts.svg', 'Keep it: it is better twice.');

describe('a published README', () => {
  const published = publish(readme);

  it('holds the deciding figures, the decision and how to repeat it', () => {
    expect(published).toContain(
      '| p64 | cpu-us-per-request | -flag | Evenkeel (all flags) | 0.880 (0.860 .. 0.900) | 8 | confirmed |',
    );
    expect(published).toContain('](results/verdicts.svg)');
    expect(published).toContain('**Verdict on the claim: confirmed.** uses 12 % less CPU.');
    expect(published).toContain('2 blocks, 1 rejected. To repeat: `evenkeel experiment e --seed 7`');
    expect(published).toContain('Keep it: it is better twice.');
    expect(published).not.toContain('latency-p99-us');
    expect(published).not.toContain('Not yet published');
  });

  it('says how many blocks ran with the live page open', () => {
    const blocks = session.blocks.map((block) => ({ ...block, watched: true as const }));
    const text = withPublishedResult(readme, { ...session, blocks }, experiment, undefined, undefined);
    expect(text).toContain('2 blocks, 1 rejected, 2 with the live page open. To repeat');
  });

  it('is the same when published again, and leaves the rest alone', () => {
    expect(publish(published)).toBe(published);
    expect(published.startsWith('# Title\n\n## Result\n')).toBe(true);
    expect(published.endsWith('\n\nAfter.\n')).toBe(true);
  });

  it('refuses a README without markers', () => {
    expect(() => replaceSection('# Title', 'result', 'x')).toThrow(ReadmeMarkerError);
  });
});
