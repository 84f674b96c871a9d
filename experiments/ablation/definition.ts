/**
 * What each flag is worth in the whole, and which flags matter to each other: every flag left out by itself, and a factorial design over all.
 *
 * The flags are those that can be switched on in this version: the study grows with the registry.
 */
import { AVAILABLE_FLAGS } from '../../src/flags/registry.ts';
import type { ExperimentDefinition } from '../../src/lab/experiments/definition.ts';
import { factorialArms } from '../../src/lab/experiments/factorial.ts';
import { closedLoop } from '../../src/lab/experiments/scenarios.ts';
import { twoLevelDesign } from '../../src/lab/statistics/twoLevelDesign.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';

const flags = AVAILABLE_FLAGS.map(({ name }) => name);
const design = twoLevelDesign(flags);
const workload = mixWorkload(1, 1, { keys: 100_000, valueBytes: 64 });
const what = 'GET/SET 50/50, 64 B';
const whole = ['none', 'all'];
const leftOut = flags.map((flag) => `-${flag}`);

export const definition: ExperimentDefinition = {
  id: 'ablation',
  title: 'Each flag by itself and in pairs',
  question:
    'What is each flag worth in the whole, and which flags help only together or stand in for each other?',
  study: true,
  arms: { smoke: whole, quick: whole, full: whole },
  comparisons: [
    { a: 'none', b: 'all', primary: true },
    ...leftOut.map((arm) => ({ a: arm, b: 'all', primary: true })),
  ],
  scenarios: [
    closedLoop(`${what}; one flag left out at a time`, workload, 64, {
      id: 'leave-one-out',
      arms: ['all', ...leftOut],
    }),
    {
      ...closedLoop(`${what}; factorial design over all flags`, workload, 64, {
        id: 'factorial',
        arms: factorialArms(design),
        tier: 2,
        // Every effect is estimated from all runs: replicates are needed for the residual, not for each effect.
        pairsMax: { smoke: 1, quick: 2, full: 4 },
      }),
      factorial: design,
    },
    closedLoop(what, workload, 64, { tier: 3 }),
  ],
  budgets: [],
};
