import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FLAGS } from '../src/flags/registry.ts';
import { familySize } from '../src/lab/experiments/analysis.ts';
import { definitionFaults, withoutBaseline } from '../src/lab/experiments/definition.ts';
import { baselineArm } from '../src/lab/experiments/flagArms.ts';
import { replaceSection } from '../src/lab/experiments/readmeSections.ts';
import { sessionCells } from '../src/lab/experiments/sessionCells.ts';
import { loadDefinitions } from '../src/main/experimentChoice.ts';

const all = await loadDefinitions(import.meta.dirname);
const named = (id: string) => all.find((definition) => definition.id === id)!;

describe('the experiments of the repository', () => {
  it.each(all.map((definition) => [definition.id, definition] as const))('%s is sound', (id, definition) => {
    expect(definitionFaults(definition)).toEqual([]);
    const alone = withoutBaseline(definition, baselineArm)!;
    expect(definitionFaults({ ...alone, budgets: [] })).toEqual([]);
    for (const arms of Object.values(alone.arms)) expect(arms).not.toContain(baselineArm);
    expect(existsSync(path.join(import.meta.dirname, id, 'definition.ts'))).toBe(true);
  });

  it.each(all.map(({ id }) => id))('%s has a README that a result can be published in', (id) => {
    const readme = readFileSync(path.join(import.meta.dirname, id, 'README.md'), 'utf8');
    for (const heading of ['## Hypothesis', '## Method', '## Result', '## Decision'])
      expect(readme).toContain(heading);
    expect(replaceSection(replaceSection(readme, 'result', 'R'), 'decision', 'D')).toContain('R\n');
  });

  it('judge every flag of the registry', () => {
    const judged = new Map(all.map((definition) => [definition.id, definition.flag]));
    for (const { name, experiment } of FLAGS) expect(judged.get(experiment)).toBe(name);
  });

  it('share a session with one A/A arm under a closed and an open loop', () => {
    const { cells, noise } = sessionCells(all, 'quick');
    expect(noise!.scenarios.map(({ id }) => id)).toEqual(['aa-p64', 'aa-open-40k']);
    expect(new Set(cells.map(({ experimentId, scenario }) => `${experimentId}/${scenario.id}`)).size).toBe(
      cells.length,
    );
  });

  it('leave cells that cannot be significant out of the family', () => {
    expect(familySize(named('headline'), 'quick')).toBe(5);
  });
});

describe('definitionFaults', () => {
  it('names what is wrong', () => {
    const fastPath = named('fast-path');
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

  it('names what is wrong with an event', () => {
    const lazyFree = named('lazy-free');
    const [first, ...rest] = lazyFree.scenarios;
    const event = { atShare: 1, command: [] };
    expect(
      definitionFaults({ ...lazyFree, scenarios: [{ ...first!, event } as typeof first & object, ...rest] }),
    ).toEqual([
      'event of "delete-large" lies outside of the measured part',
      'event of "delete-large" names no command',
    ]);
  });
});
