import { describe, expect, it } from 'vitest';
import { AVAILABLE_FLAGS, FLAGS } from '../flags/registry.ts';
import type { ExperimentDefinition } from '../lab/experiments/definition.ts';
import { flagArms } from '../lab/experiments/flagArms.ts';
import { chooseDefinitions } from './experimentChoice.ts';

function judging(flag: string, more: Partial<ExperimentDefinition> = {}): ExperimentDefinition {
  return { id: flag, title: '', question: '', flag, ...flagArms(flag), scenarios: [], budgets: [], ...more };
}

const available = judging(AVAILABLE_FLAGS[0]!.name);
const unknown = judging('levitation');
const { flag: _, ...study } = judging('study', { study: true });

describe('the choice of experiments', () => {
  it('takes what can run and was not left to be named', () => {
    const { definitions, leftOut } = chooseDefinitions([available, unknown, study], []);
    expect(definitions.map(({ id }) => id)).toEqual([available.id]);
    expect(leftOut).toEqual([
      'Left out, their flags are not in this version: levitation',
      'Left out, name them to run them: study',
    ]);
  });

  it('takes a study that is named', () => {
    expect(chooseDefinitions([available, study], ['study']).definitions).toEqual([study]);
  });

  it('refuses by name what cannot run, with the reason', () => {
    expect(() => chooseDefinitions([unknown], ['levitation'])).toThrow(
      'experiment levitation judges the flag levitation, which is not in this version',
    );
    const planned = FLAGS.find(({ state }) => state === 'planned');
    if (planned === undefined) return;
    expect(() => chooseDefinitions([judging(planned.name)], [planned.name])).toThrow(
      `judges the flag ${planned.name}, which is planned and cannot be switched on in this version`,
    );
  });

  it('refuses what is not there and says what is', () => {
    expect(() => chooseDefinitions([available], ['absent'])).toThrow(
      `no experiment absent; there are: ${available.id}`,
    );
  });
});
