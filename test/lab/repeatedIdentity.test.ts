/**
 * Three real A/A comparisons in a row: two fresh processes of the same server, measured as any two targets are. The laboratory must find no
 * difference, three times.
 *
 * The rule. A difference is found if the exact signed-rank interval of the ratio of CPU per request lies wholly beyond 10 % on one side. With
 * six pairs the interval reaches from the smallest pair to the largest, so that all six must agree in sign and each exceed 10 %. For identical
 * processes six equal signs have a chance of 2/64; with pairs that scatter by 7 % (two blocks of 5 % each) all six beyond 10 % have one of
 * about 10^-5 besides, and even with pairs that scatter by 30 % a false alarm in any of the three comparisons stays below 2 %. What the
 * rule does find is a bias of the bench: an arm that is always worse off by its place, its name or its leftovers.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.ts';
import { planCpus } from '../../src/lab/experiments/cpuPlan.ts';
import { LabBench } from '../../src/lab/experiments/labBench.ts';
import { openLoop } from '../../src/lab/experiments/scenarios.ts';
import { armOrder, loadSeed } from '../../src/lab/experiments/schedule.ts';
import { realProcFiles } from '../../src/lab/measurement/procFiles.ts';
import { parseColonLines, parseCpuList } from '../../src/lab/measurement/procFormats.ts';
import { analysePairs } from '../../src/lab/statistics/pairedComparison.ts';
import { canPin } from '../../src/lab/targets/childProcess.ts';
import { parseTarget } from '../../src/lab/targets/parseTarget.ts';
import { mixWorkload } from '../../src/lab/workloads/presets.ts';
import { testSeed } from '../seed.ts';

const metric = 'cpu-us-per-request';
const pairs = 6;
const margin = 0.1;
const shape = {
  warmupSecMin: 0.1,
  warmupSecMax: 0.1,
  measureSec: 0.2,
  intervalMs: 100,
  keysMax: 1000,
  eventKeysMax: 0,
  memoryKeyCounts: [],
};
/** An open loop, because its ring of requests is as short as the block, where a saturating one encodes a million. */
const scenario = openLoop('GET/SET 50/50', mixWorkload(1, 1, { keys: 1000 }), 20_000, { connections: 8 });

function differenceFound(a: readonly number[], b: readonly number[], seed: number): boolean {
  const prng = new Prng(seed);
  const { ratio } = analysePairs(a, b, { metric, uniform: () => prng.float(), bootstrapResamples: 100 });
  return ratio.low > 1 + margin || ratio.high < 1 - margin;
}

function bench(): LabBench {
  const status = parseColonLines(realProcFiles.readText('/proc/self/status'));
  const server = parseTarget('ours:all');
  return new LabBench({
    targets: new Map([
      ['all', server],
      ['aa', server],
    ]),
    labels: new Map(),
    cpus: planCpus(parseCpuList(status.get('Cpus_allowed_list') ?? ''), canPin()),
    outDir: '.',
    procFiles: realProcFiles,
    nowMs: () => Date.now(),
    pause: (ms) => pause(ms),
  });
}

/** CPU per request of both arms by pair, in the order the schedule gives them. */
async function measure(laboratory: LabBench, name: string, seed: number): Promise<Record<string, number[]>> {
  const values: Record<string, number[]> = { all: [], aa: [] };
  const cell = { experimentId: name, scenarioId: scenario.id, arms: ['all', 'aa'] };
  for (let pair = 0; pair < pairs; pair++) {
    for (const targetId of armOrder(seed, cell, pair)) {
      const block = await laboratory.runBlock(
        {
          blockId: `${name}/${pair}/${targetId}`,
          targetId,
          scenario,
          seed: loadSeed(seed, name, scenario.id, pair),
          shape,
          timeoutSec: 30,
        },
        new AbortController().signal,
      );
      values[targetId]!.push(block.metrics[metric]!);
    }
  }
  return values;
}

describe('comparisons of a server with itself', () => {
  const seed = testSeed();
  const laboratory = bench();

  it.each(['first', 'second', 'third'])(
    `find no difference: the %s of three (SEED=${seed})`,
    async (name) => {
      const { all, aa } = await measure(laboratory, name, seed);
      expect(all!.every((value) => value > 0)).toBe(true);
      expect({ found: differenceFound(all!, aa!, seed), all, aa }).toMatchObject({ found: false });
    },
    60_000,
  );

  it('would find one of a fifth', () => {
    const [all, slower] = [
      [1, 1.02, 0.99, 1.01, 0.98, 1],
      [1.2, 1.21, 1.18, 1.25, 1.17, 1.22],
    ];
    expect(differenceFound(all!, slower!, seed)).toBe(true);
    expect(differenceFound(slower!, all!, seed)).toBe(true);
  });
});
