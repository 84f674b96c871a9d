/**
 * The certificate of a load block: what was declared beside what the generator really sent and got. A check that fails rejects
 * the block (see `acceptance.ts`); the ones that only inform are always `ok` and say so in `declared`.
 */

import type { LoadResult } from '../load/protocol.ts';
import { checkMix, checkQuantity, checkShare } from '../statistics/declaredShares.ts';
import type { Workload } from '../workloads/workload.ts';
import type { LoadScenario } from './definition.ts';
import type { CertificateCheck } from './result.ts';

/** Sent against offered: beyond 2 % the open loop was another one than declared. */
const offeredRateTolerance = 0.02;
/** A generator busier than this ran a closed loop as fast as it could itself. */
const generatorBoundShare = 0.97;
/** Zipf exponents are told apart to this, plus what chance explains. */
const zipfTolerance = 0.03;

export function certify(scenario: LoadScenario, workload: Workload, result: LoadResult): CertificateCheck[] {
  const { counters } = result;
  const checks: CertificateCheck[] = [
    {
      id: 'reply-types',
      declared: 'no error replies',
      observed:
        counters.errors === 0 ? 'none' : `${counters.errors}, first: ${counters.firstErrors[0]?.text ?? '?'}`,
      ok: counters.errors === 0,
    },
    {
      id: 'answered',
      declared: 'every request answered',
      observed: counters.unanswered === 0 ? 'all' : `${counters.unanswered} unanswered`,
      ok: counters.unanswered === 0,
    },
    commandMix(result),
    ...hitRate(workload, result),
    ...valueSize(workload, result),
    ...keyDistribution(workload, result),
  ];
  if (scenario.loop.kind === 'open') {
    const { rateOpsPerSec } = scenario.loop;
    checks.push(
      checkQuantity(
        'achieved-rate',
        rateOpsPerSec,
        result.sentOpsPerSec,
        offeredRateTolerance,
        'requests/s sent',
      ),
    );
  } else {
    const share = result.generator.cpuShare;
    const bound = share >= generatorBoundShare ? ': generator-bound, throughput is a lower bound' : '';
    checks.push({
      id: 'generator-cpu',
      declared: 'informative in a closed loop',
      observed: `${(share * 100).toFixed(0)} % of its core${bound}`,
      ok: true,
    });
  }
  checks.push({
    id: 'warm-up',
    declared: 'informative',
    observed: result.warmup.steady ? `steady after ${result.warmup.sec.toFixed(1)} s` : result.warmup.reason,
    ok: true,
  });
  return checks;
}

function commandMix({ counters }: LoadResult): CertificateCheck {
  const declared = Object.fromEntries(
    counters.commands.map(({ name, declaredShare }) => [name, declaredShare]),
  );
  const answered = Object.fromEntries(counters.commands.map(({ name, answered: times }) => [name, times]));
  return checkMix('command-mix', declared, answered);
}

function hitRate({ expectedHitRate }: Workload, { counters }: LoadResult): CertificateCheck[] {
  if (expectedHitRate === undefined) return [];
  const total = counters.hits + counters.misses;
  return [
    checkShare('hit-rate', expectedHitRate.share, { hits: counters.hits, total }, expectedHitRate.tolerance),
  ];
}

function valueSize({ value }: Workload, { counters }: LoadResult): CertificateCheck[] {
  if (value.kind !== 'fixed' || counters.sample.values === 0) return [];
  return [
    checkQuantity('value-size', value.bytes, counters.sample.valueBytesMean, 0.001, 'bytes on average'),
  ];
}

/**
 * Zipf by its fitted exponent. Uniform keys need no fit that could fail by chance: the hottest of the sampled keys must not be
 * seen more often than a Poisson count with ten standard deviations of room.
 */
function keyDistribution({ keys }: Workload, { counters }: LoadResult): CertificateCheck[] {
  const { sample } = counters;
  if (sample.keys < 1000) return [];
  if (keys.distribution.kind === 'zipf' && sample.zipfTheta !== undefined) {
    const { estimate, standardError } = sample.zipfTheta;
    return [
      {
        id: 'key-distribution',
        declared: `zipf exponent ${keys.distribution.theta}`,
        observed: `${estimate.toFixed(3)} +- ${standardError.toFixed(3)}`,
        ok: Math.abs(estimate - keys.distribution.theta) <= zipfTolerance + 3.29 * standardError,
      },
    ];
  }
  const hottest = sample.topRanks[0]?.count;
  if (keys.distribution.kind !== 'uniform' || hottest === undefined) return [];
  const expected = sample.keys / keys.count;
  const limit = expected + 10 * Math.sqrt(expected) + 10;
  return [
    {
      id: 'key-distribution',
      declared: `uniform over ${keys.count} keys`,
      observed: `hottest key seen ${hottest} times, ${expected.toFixed(1)} expected`,
      ok: hottest <= limit,
    },
  ];
}
