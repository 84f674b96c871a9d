import { describe, expect, it } from 'vitest';
import { distinctIds, labelOfCopy } from './copies.ts';

describe('a target that is named again', () => {
  it('gets its number', () => {
    expect(distinctIds(['all', 'redis', 'all', 'all'])).toEqual(['all', 'redis', 'all#2', 'all#3']);
  });

  it.each([
    ['Evenkeel (all flags)', 'all', 'Evenkeel (all flags)'],
    ['Evenkeel (all flags)', 'all#2', 'Evenkeel (all flags; #2)'],
    ['Redis 7.4.1', 'redis#3', 'Redis 7.4.1 (#3)'],
  ])('is read as %s with id %s: %s', (label, id, read) => {
    expect(labelOfCopy(label, id)).toBe(read);
  });
});
