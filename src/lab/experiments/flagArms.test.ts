import { describe, expect, it } from 'vitest';
import { parseTarget } from '../targets/parseTarget.ts';
import { armLabel, armSpec, flagArms } from './flagArms.ts';

const available = ['fast-path', 'arena-storage', 'sso-strings'];

describe('flagArms', () => {
  it('compares everything but the flag with everything', () => {
    expect(flagArms('fast-path').comparisons).toEqual([{ a: '-fast-path', b: 'all', primary: true }]);
  });

  it('leaves the same flags out of both arms and gives both the same arguments', () => {
    const { comparisons } = flagArms('sso-strings', {
      without: ['arena-storage'],
      serverArguments: { shards: 2 },
    });
    expect(comparisons).toEqual([
      { a: 'all,-arena-storage,-sso-strings?shards=2', b: 'all,-arena-storage?shards=2', primary: true },
    ]);
  });
});

describe('an arm', () => {
  it.each([
    ['all', 'ours:all', undefined],
    ['none', 'ours:none', undefined],
    ['-fast-path', 'ours:all,-fast-path', 'Evenkeel (all flags but fast-path)'],
    ['+fast-path', 'ours:none,+fast-path', 'Evenkeel (fast-path only)'],
    ['all?shards=2', 'ours:all?shards=2', 'Evenkeel (all flags; shards 2)'],
    [
      'none,+fast-path,+sso-strings',
      'ours:none,+fast-path,+sso-strings',
      'Evenkeel (fast-path, sso-strings only)',
    ],
    [
      'all,-arena-storage,-sso-strings?shards=2&threads=1',
      'ours:all,-arena-storage,-sso-strings?shards=2&threads=1',
      'Evenkeel (all flags but arena-storage, sso-strings; shards 2; threads 1)',
    ],
  ])('%s is a target with a name', (arm, spec, label) => {
    expect(armSpec(arm, available)).toBe(spec);
    expect(armLabel(arm, available)).toBe(label);
    expect(parseTarget(armSpec(arm, available)).spec).toBe(spec);
  });

  it('does not leave out what is not there', () => {
    const arm = 'all,-cache-line-index,-sso-strings';
    expect(armSpec(arm, available)).toBe('ours:all,-sso-strings');
    expect(armLabel(arm, available)).toBe('Evenkeel (all flags but sso-strings)');
    expect(armLabel('all,-cache-line-index', available)).toBeUndefined();
  });
});
