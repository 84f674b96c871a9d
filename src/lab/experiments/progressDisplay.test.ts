import { describe, expect, it } from 'vitest';
import { clock } from '../../page/text.ts';
import { ProgressDisplay, planText } from './progressDisplay.ts';
import type { SessionPlan } from './result.ts';

const plan: SessionPlan = {
  limitSec: 576,
  expectedSec: 61.4,
  cells: [
    { experimentId: 'headline', scenarioId: 'p64', arms: ['redis', 'all'], pairs: 8, pairSec: 5.04 },
    { experimentId: 'fast-path', scenarioId: 'p1', arms: ['-fast-path', 'all'], pairs: 0, pairSec: 6 },
  ],
  rejectionRules: [],
  stoppingRule: '',
  notes: ['Only one CPU.'],
};

describe('what a session prints', () => {
  it('says first what it will do', () => {
    expect(planText(plan)).toBe(
      [
        'Plan: 2 cells, about 1:01 of blocks, limit 9:36',
        '  headline/p64   8 x (redis all)  5.0 s each',
        '  fast-path/p1   0 x (-fast-path all)  6.0 s each',
        '  note: Only one CPU.',
      ].join('\n'),
    );
  });

  it('is plain lines without a terminal, one per tenth of the way', () => {
    let text = '';
    const display = new ProgressDisplay({ isTty: false, write: (more) => (text += more) });
    display.planned(plan);
    const block = { experimentId: 'headline', scenarioId: 'p64', targetId: 'all', pair: 0, position: 0 };
    for (let pairsDone = 0; pairsDone < 40; pairsDone++) {
      display.blockStarted(block, { pairsDone, pairsTotal: 40, leftSec: 100 - pairsDone });
    }
    const lines = text.split('\n').filter((line) => line.includes(' pairs done'));
    expect(lines.length).toBe(10);
    expect(lines[3]).toBe('12 of 40 pairs done, about 1:28 left; now headline/p64 pair 1 all');
    expect(text).not.toContain('\u001b');
  });

  it('writes durations as a clock does', () => {
    expect([0, 9.6, 65, 3725].map(clock)).toEqual(['0:00', '0:10', '1:05', '1:02:05']);
  });
});
