/**
 * Memory blocks: keys inserted stage by stage into one process, memory read after each, the slope over the key counts. Keys of a stage have a
 * prefix of their own, so that no stage overwrites (and fragments) an earlier one.
 */
import { fitMemory } from '../measurement/memoryFit.ts';
import type { ProcessMeter } from '../measurement/processMeter.ts';
import type { RunningTarget } from '../targets/target.ts';
import { parseWorkload, type Workload } from '../workloads/workload.ts';
import type { BlockRequest } from './bench.ts';
import type { MemoryScenario } from './definition.ts';
import type { MemoryPoint, MetricId } from './result.ts';
import { fieldNameBytes } from './scenarios.ts';

export async function readMemory(
  running: RunningTarget,
  meters: ProcessMeter[],
): Promise<Omit<MemoryPoint, 'keys'>> {
  const rssBytes = meters.reduce((sum, meter) => sum + meter.memory().rssBytes, 0);
  const accounted = Number((await running.info('memory')).get('used_memory'));
  return { rssBytes, ...(Number.isFinite(accounted) ? { accountedBytes: accounted } : {}) };
}

export function memoryMetrics(
  points: MemoryPoint[],
  { keyBytes, valueBytes, ttl }: MemoryScenario,
  { targetId }: BlockRequest,
): Partial<Record<MetricId, number>> {
  const fit = fitMemory(points, { experimentId: '', targetId, label: '', keyBytes, valueBytes, ttl });
  return {
    'memory-bytes-per-key-rss': fit.slopeRssBytesPerKey,
    'memory-overhead-bytes-per-key': fit.overheadBytesPerKey,
    ...(fit.slopeAccountedBytesPerKey === undefined
      ? {}
      : { 'memory-bytes-per-key-accounted': fit.slopeAccountedBytesPerKey }),
  };
}

export function memoryWorkload(
  { keyBytes, valueBytes, ttl, hashFields }: MemoryScenario,
  stage: number,
  keys: number,
): Workload {
  const template =
    hashFields === undefined
      ? ['SET', '{key}', '{value}', ...(ttl ? ['EX', '{ttl}'] : [])]
      : ['HSET', '{key}', '{fields}'];
  const bytes = hashFields === undefined ? valueBytes : valueBytes / hashFields - fieldNameBytes;
  return parseWorkload({
    name: `memory stage ${stage}`,
    keys: { count: keys, prefix: `m${stage}:`, lengthBytes: keyBytes, distribution: { kind: 'sequential' } },
    value: { kind: 'fixed', bytes },
    ...(hashFields === undefined ? {} : { fields: { count: hashFields, prefix: 'f' } }),
    ...(ttl ? { ttl: [{ sec: 7 * 24 * 3600, weight: 1 }] } : {}),
    commands: [{ weight: 1, template }],
    preload: { template },
  });
}
