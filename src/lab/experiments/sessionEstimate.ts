/** How many minutes a session needs so that each of its comparisons can be decided, before anything has been started. */
import { pairsMinForFamily } from '../statistics/multiplicity.ts';
import { decidingPairsMin } from '../statistics/signedRank.ts';
import { familySize } from './analysis.ts';
import { blockSec, guessedFixedSec } from './blockCosts.ts';
import type { Effort, ExperimentDefinition } from './definition.ts';
import type { EffortPlan } from './effort.ts';
import { noiseExperimentId, type SessionCell, type SessionCells } from './sessionCells.ts';

export interface ExperimentEstimate {
  experimentId: string;
  pairs: number;
  minutes: number;
}

/** Pairs below which Holm over the cell's family takes back every finding; none for a figure that decides nothing. */
export function pairsDecisive(
  { experimentId, scenario }: SessionCell,
  definitions: readonly ExperimentDefinition[],
  effort: Effort,
): number {
  if (scenario.decides.length === 0) return 0;
  const definition = definitions.find(({ id }) => id === experimentId);
  return definition === undefined ? decidingPairsMin : pairsMinForFamily(familySize(definition, effort));
}

/** In the session's order, the A/A arm last. Guessed costs; a session's own plan uses measured ones. */
export function estimateSession(
  { cells }: SessionCells,
  definitions: readonly ExperimentDefinition[],
  effort: Effort,
  { fill, pairsMax }: Pick<EffortPlan, 'fill' | 'pairsMax'>,
): ExperimentEstimate[] {
  const ids = [...definitions.map(({ id }) => id), noiseExperimentId];
  return ids.flatMap((experimentId) => {
    const own = cells.filter((cell) => cell.experimentId === experimentId);
    if (own.length === 0) return [];
    let pairs = 0;
    let sec = 0;
    for (const cell of own) {
      const wanted = Math.min(pairsDecisive(cell, definitions, effort), cell.pairsMax, pairsMax);
      pairs += wanted;
      sec += wanted * cell.arms.length * blockSec(cell, guessedFixedSec(cell));
    }
    return [{ experimentId, pairs, minutes: sec / fill / 60 }];
  });
}
