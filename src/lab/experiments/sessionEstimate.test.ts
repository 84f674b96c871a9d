import { describe, expect, it } from 'vitest';
import { mixWorkload } from '../workloads/presets.ts';
import type { ExperimentDefinition } from './definition.ts';
import { flagArms } from './flagArms.ts';
import { closedLoop, memoryPerKey } from './scenarios.ts';
import { sessionCells } from './sessionCells.ts';
import { estimateSession } from './sessionEstimate.ts';

const definition: ExperimentDefinition = {
  id: 'estimated',
  title: '',
  question: '',
  ...flagArms('x'),
  scenarios: [closedLoop('GET', mixWorkload(1, 0), 16), memoryPerKey(64, { pairsMax: { full: 2 } })],
  budgets: [],
};
const plan = { fill: 1, pairsMax: 20 };

describe('the estimate of a session', () => {
  it('counts the pairs each comparison needs, and the A/A arm once', () => {
    const estimate = estimateSession(sessionCells([definition], 'full'), [definition], 'full', plan);
    // Six pairs decide the one test of the family; memory is held at two; the A/A arm has its own six.
    expect(estimate.map(({ experimentId, pairs }) => [experimentId, pairs])).toEqual([
      ['estimated', 8],
      ['noise-floor', 6],
    ]);
    for (const { minutes } of estimate) expect(minutes).toBeGreaterThan(0);
  });

  it('is without the A/A arm where that is left out', () => {
    const cells = sessionCells([definition], 'full', false);
    expect(cells.noise).toBeUndefined();
    expect(
      estimateSession(cells, [definition], 'full', plan).map(({ experimentId }) => experimentId),
    ).toEqual(['estimated']);
  });
});
