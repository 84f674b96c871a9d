/**
 * The figures of a report that are not verdicts: memory fits, throughput-latency curve and percentile curves, from accepted blocks.
 */
import { medianInterval } from '../statistics/medianInterval.ts';
import { median } from '../statistics/spread.ts';
import type { ExperimentDefinition } from './definition.ts';
import type {
  BlockResult,
  CurvePoint,
  ExperimentResult,
  MemoryFit,
  MemoryPoint,
  PercentilePoint,
  RateLatencyPoint,
} from './result.ts';

/** Scenario id of one rate of the curve. */
export function curveScenarioId(curveId: string, rateOpsPerSec: number): string {
  return `${curveId}@${rateOpsPerSec}`;
}

export function memoryFits(definition: ExperimentDefinition, blocks: readonly BlockResult[]): MemoryFit[] {
  const fits: MemoryFit[] = [];
  for (const scenario of definition.scenarios) {
    if (scenario.kind !== 'memory') continue;
    const ofScenario = accepted(blocks, definition.id, scenario.id);
    for (const [targetId, ofTarget] of Map.groupBy(ofScenario, (block) => block.targetId)) {
      const points = medianPoints(ofTarget.map((block) => block.memoryPoints ?? []));
      if (points.length < 2) continue;
      const rss = line(points.map(({ keys, rssBytes }) => [keys, rssBytes]));
      const accounted = points.every(({ accountedBytes }) => accountedBytes !== undefined)
        ? line(points.map(({ keys, accountedBytes }) => [keys, accountedBytes!]))
        : undefined;
      fits.push({
        experimentId: definition.id,
        targetId,
        label: `${scenario.valueBytes} B values, ${scenario.ttl ? 'with TTL' : 'no TTL'}`,
        keyBytes: scenario.keyBytes,
        valueBytes: scenario.valueBytes,
        ttl: scenario.ttl,
        points,
        slopeRssBytesPerKey: rss.slope,
        ...(accounted === undefined ? {} : { slopeAccountedBytesPerKey: accounted.slope }),
        overheadBytesPerKey: rss.slope - scenario.keyBytes - scenario.valueBytes,
        interceptRssBytes: rss.intercept,
      });
    }
  }
  return fits;
}

/** Per key count the median over blocks, of the counts every block reached. */
function medianPoints(series: readonly MemoryPoint[][]): MemoryPoint[] {
  const byKeys = Map.groupBy(series.flat(), ({ keys }) => keys);
  return [...byKeys]
    .filter(([, points]) => points.length === series.length)
    .sort(([left], [right]) => left - right)
    .map(([keys, points]) => {
      const accounted = points
        .map(({ accountedBytes }) => accountedBytes)
        .filter((bytes) => bytes !== undefined);
      return {
        keys,
        rssBytes: median(points.map(({ rssBytes }) => rssBytes)),
        ...(accounted.length === points.length ? { accountedBytes: median(accounted) } : {}),
      };
    });
}

/** Ordinary least squares; the counts are few and exactly known, the residuals small. */
export function line(points: readonly (readonly [number, number])[]): { slope: number; intercept: number } {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  let covariance = 0;
  let variance = 0;
  for (const [x, y] of points) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  const slope = covariance / variance;
  return { slope, intercept: meanY - slope * meanX };
}

export function rateLatencyCurve(
  definition: ExperimentDefinition,
  blocks: readonly BlockResult[],
): RateLatencyPoint[] {
  const { curve } = definition;
  if (curve === undefined) return [];
  return curve.ratesOpsPerSec.flatMap((offeredOpsPerSec) => {
    const ofRate = accepted(blocks, definition.id, curveScenarioId(curve.id, offeredOpsPerSec));
    return [...Map.groupBy(ofRate, (block) => block.targetId)].map(([targetId, ofTarget]) => {
      const of = (
        metric: 'throughput-ops-per-sec' | 'latency-p50-us' | 'latency-p99-us' | 'latency-p999-us',
      ): number =>
        median(ofTarget.map((block) => block.metrics[metric]).filter((value) => value !== undefined));
      return {
        experimentId: definition.id,
        targetId,
        offeredOpsPerSec,
        achievedOpsPerSec: of('throughput-ops-per-sec'),
        p50Us: of('latency-p50-us'),
        p99Us: of('latency-p99-us'),
        p999Us: of('latency-p999-us'),
      };
    });
  });
}

/**
 * Per scenario and arm the median block's value at each quantile. The block is the unit: a pooled histogram would let one stalled
 * block own the tail of all.
 */
export function percentileCurves(
  definition: ExperimentDefinition,
  blocks: readonly BlockResult[],
): ExperimentResult['percentileCurves'] {
  // Dozens of arms of a design would be dozens of curves on top of each other.
  const drawn = definition.scenarios.filter((scenario) => !('factorial' in scenario));
  return drawn.flatMap((scenario) => {
    const ofScenario = accepted(blocks, definition.id, scenario.id).filter(
      ({ percentiles }) => percentiles.length > 0,
    );
    return [...Map.groupBy(ofScenario, (block) => block.targetId)].map(([targetId, ofTarget]) => ({
      scenarioId: scenario.id,
      targetId,
      points: medianCurve(ofTarget.map(({ percentiles }) => percentiles)),
    }));
  });
}

function medianCurve(curves: readonly PercentilePoint[][]): CurvePoint[] {
  const byQuantile = Map.groupBy(curves.flat(), ({ q }) => q);
  return [...byQuantile]
    .filter(([, points]) => points.length === curves.length)
    .sort(([left], [right]) => left - right)
    .map(([q, points]) => {
      const values = points.map(({ valueUs }) => valueUs);
      const intervalUs = medianInterval(values);
      return { q, valueUs: median(values), ...(intervalUs === undefined ? {} : { intervalUs }) };
    });
}

function accepted(blocks: readonly BlockResult[], experimentId: string, scenarioId: string): BlockResult[] {
  return blocks.filter(
    (block) => block.accepted && block.experimentId === experimentId && block.scenarioId === scenarioId,
  );
}
