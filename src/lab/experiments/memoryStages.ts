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

/** The preload that adds keys number 1 .. `keys` of a stage. */
export function memoryWorkload(scenario: MemoryScenario, stage: number, keys: number): Workload {
  const { keyBytes, ttl, collection } = scenario;
  const template = templateOf(scenario);
  const hasFields = collection?.type === 'hash' && collection.elements !== 'all';
  return parseWorkload({
    name: `memory stage ${stage}`,
    keys: { count: keys, prefix: `m${stage}:`, lengthBytes: keyBytes, distribution: { kind: 'sequential' } },
    value: { kind: 'fixed', bytes: elementBytesOf(scenario) },
    ...(hasFields ? { fields: { count: collection.elements, prefix: 'f' } } : {}),
    ...(ttl ? { ttl: [{ sec: 7 * 24 * 3600, weight: 1 }] } : {}),
    commands: [{ weight: 1, template }],
    preload: { template },
  });
}

/** Of one value in the template. */
function elementBytesOf({ valueBytes, collection }: MemoryScenario): number {
  if (collection === undefined || collection.elements === 'all') return valueBytes;
  return valueBytes / collection.elements - (collection.type === 'hash' ? fieldNameBytes : 0);
}

const ADDING = { hash: 'HSET', list: 'RPUSH', set: 'SADD', 'sorted set': 'ZADD' } as const;
/** The one key of a large collection. */
export const LARGE_KEY = 'all';

function templateOf({ ttl, collection }: MemoryScenario): string[] {
  if (collection === undefined) return ['SET', '{key}', '{value}', ...(ttl ? ['EX', '{ttl}'] : [])];
  const { type, elements } = collection;
  if (elements === 'all') {
    const element = {
      hash: ['{key}', '{value}'],
      list: ['{key}'],
      set: ['{key}'],
      'sorted set': ['{keyId}', '{key}'],
    };
    return [ADDING[type], LARGE_KEY, ...element[type]];
  }
  if (type === 'hash') return ['HSET', '{key}', '{fields}'];
  const element = type === 'sorted set' ? ['{int:0:999999}', '{value}'] : ['{value}'];
  return [ADDING[type], '{key}', ...Array.from({ length: elements }, () => element).flat()];
}

/** Asks how many keys, or elements of the one key, the target holds. */
export function countCommand({ collection }: MemoryScenario): string[] {
  if (collection?.elements !== 'all') return ['DBSIZE'];
  return [{ hash: 'HLEN', list: 'LLEN', set: 'SCARD', 'sorted set': 'ZCARD' }[collection.type], LARGE_KEY];
}

/** Elements written for each key. */
export function elementsPerKey({ collection }: MemoryScenario): number {
  return typeof collection?.elements === 'number' ? collection.elements : 1;
}
