/** The default set is what the published results earned, and not what somebody likes. */
import path from 'node:path';
import { expect, it } from 'vitest';
import { publishedScorecard } from './scorecard.ts';

it('the default set holds what was earned, leaves out what was not, and waits where that is open', () => {
  const experiments = path.resolve(import.meta.dirname, '../../experiments');
  const wrong = publishedScorecard(experiments).rows.flatMap(({ flag, earning }) => {
    const should = earning.word === 'earned' ? true : earning.word === 'not earned' ? false : flag.isDefault;
    return should === flag.isDefault ? [] : [`${flag.name}: ${earning.word}: ${earning.reason}`];
  });
  expect(wrong).toEqual([]);
});
