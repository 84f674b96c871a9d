import { describe, expect, it } from 'vitest';
import { undetectableEffect } from './power.ts';
import { type SummaryInput, summarise } from './summary.ts';

const faster: SummaryInput = {
  metric: 'throughput-ops-per-sec',
  ratio: { estimate: 1.071, low: 1.03, high: 1.112, confidence: 0.95 },
  pairs: 12,
  verdict: 'improvement',
  minimumDetectableEffect: 0.04,
};
const lower = { estimate: 0.929, low: 0.888, high: 0.97, confidence: 0.95 };

describe('summary', () => {
  it('speaks of throughput', () => {
    expect(summarise(faster)).toBe('B is 7.1 % faster (3.0 .. 11.2 %, 12 pairs)');
    expect(summarise({ ...faster, ratio: lower, verdict: 'regression' })).toBe(
      'B is 7.1 % slower (3.0 .. 11.2 %, 12 pairs)',
    );
  });

  it('speaks of metrics where less is better in their own direction', () => {
    expect(summarise({ ...faster, metric: 'latency-p99-us', ratio: lower })).toBe(
      'B has a 7.1 % lower p99 latency (3.0 .. 11.2 %, 12 pairs)',
    );
    expect(
      summarise({ ...faster, metric: 'cpu-us-per-request', verdict: 'regression' }, { labelB: 'redis' }),
    ).toBe('redis uses 7.1 % more CPU per request (3.0 .. 11.2 %, 12 pairs)');
    expect(summarise({ ...faster, metric: 'memory-bytes-per-key-rss', ratio: lower })).toBe(
      'B takes 7.1 % less resident memory per key (3.0 .. 11.2 %, 12 pairs)',
    );
  });

  it('keeps the sign of an interval that reaches past no change', () => {
    const ratio = { estimate: 0.996, low: 0.984, high: 1.008, confidence: 0.95 };
    expect(summarise({ ...faster, metric: 'latency-p50-us', ratio, verdict: 'no-effect' })).toBe(
      'No effect: B has a 0.4 % lower p50 latency (-0.8 .. 1.6 %, 12 pairs), within +-3.0 %; the smallest change visible was 4.0 %',
    );
  });

  it('says what would decide, and when pairs are too few', () => {
    const undecided = { ...faster, verdict: 'undecided' as const, pairsNeeded: 20 };
    expect(summarise(undecided)).toContain('about 20 pairs would decide');
    const three = summarise({ ...undecided, pairs: 3, minimumDetectableEffect: undetectableEffect });
    expect(three).toBe(
      'Undecided: B is 7.1 % faster (3.0 .. 11.2 %, 3 pairs); 6 pairs are the least that can decide; about 20 pairs would decide',
    );
  });

  it('puts the claim beside the finding, in the claim own direction', () => {
    const claim = { ratioMin: 0.75, ratioMax: 0.85 };
    const memory = { ...faster, metric: 'memory-bytes-per-key-rss' as const, ratio: lower };
    expect(summarise({ ...memory, verdict: 'smaller-than-claimed' }, { claim })).toBe(
      'B takes 7.1 % less resident memory per key (3.0 .. 11.2 %, 12 pairs), less than claimed: the claim is 15.0 .. 25.0 % less resident memory per key',
    );
  });
});
