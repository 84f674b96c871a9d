import { describe, expect, it } from 'vitest';
import { familySize } from '../src/lab/experiments/analysis.ts';
import { definitionFaults, withoutBaseline } from '../src/lab/experiments/definition.ts';
import { baselineArm } from '../src/lab/experiments/flagArms.ts';
import { sessionCells } from '../src/lab/experiments/sessionCells.ts';
import { definition as arenaStorage } from './arena-storage/definition.ts';
import { definition as fastPath } from './fast-path/definition.ts';
import { definition as headline } from './headline/definition.ts';
import { definition as replyBuffers } from './reply-buffers/definition.ts';

const all = [headline, fastPath, replyBuffers, arenaStorage];

describe('the experiments of the repository', () => {
  it.each(all.map((definition) => [definition.id, definition] as const))('%s is sound', (_id, definition) => {
    expect(definitionFaults(definition)).toEqual([]);
    const alone = withoutBaseline(definition, baselineArm)!;
    expect(definitionFaults({ ...alone, budgets: [] })).toEqual([]);
    for (const arms of Object.values(alone.arms)) expect(arms).not.toContain(baselineArm);
  });

  it('share a session with one A/A arm under a closed and an open loop', () => {
    const { cells, noise } = sessionCells(all, 'quick');
    expect(noise!.scenarios.map(({ id }) => id)).toEqual(['aa-p64', 'aa-open-40k']);
    expect(new Set(cells.map(({ experimentId, scenario }) => `${experimentId}/${scenario.id}`)).size).toBe(
      cells.length,
    );
  });

  it('leave cells that cannot be significant out of the family', () => {
    expect(familySize(headline, 'quick')).toBe(5);
  });
});

describe('definitionFaults', () => {
  it('names what is wrong', () => {
    const broken = {
      ...fastPath,
      id: 'Fast Path',
      arms: { ...fastPath.arms, quick: ['all', 'all'] },
      claim: { ...fastPath.claim!, metric: 'latency-max-us' as const, ratioMin: 2 },
    };
    expect(definitionFaults(broken)).toEqual([
      'id "Fast Path" is not lower-case-with-dashes',
      'quick names an arm twice',
      'quick lacks the arms of a primary comparison',
      'claim: "p64" does not decide latency-max-us',
      'claim range is empty',
    ]);
  });
});
