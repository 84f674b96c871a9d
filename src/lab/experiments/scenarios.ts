/** Scenarios as most experiments declare them: what is asked, under which load, named and labelled one way. */
import type { Workload } from '../workloads/workload.ts';
import type { CollectionShape, LoadScenario, MemoryScenario, TargetEvent } from './definition.ts';

type Shared = Partial<Pick<LoadScenario, 'id' | 'arms' | 'decides' | 'efforts' | 'pairsMax' | 'tier'>>;

export interface LoadOptions extends Shared {
  /** Default 50. */
  connections?: number;
  event?: TargetEvent;
}

/** `what` is the workload in a reader's words: `GET/SET 50/50, 64 B`. Decides CPU per request unless told otherwise. */
export function closedLoop(
  what: string,
  workload: Workload,
  pipeline: number,
  { connections = 50, ...rest }: LoadOptions = {},
): LoadScenario {
  const depth = pipeline === 1 ? 'no pipeline' : `pipeline ${pipeline}`;
  return {
    kind: 'load',
    id: `p${pipeline}`,
    label: `${what}, ${depth}, closed loop, ${connections.toLocaleString('en')} connections`,
    workload,
    connections,
    loop: { kind: 'closed', pipeline },
    decides: ['cpu-us-per-request'],
    tier: 1,
    ...rest,
  };
}

/** Poisson arrivals. Decides p99 unless told otherwise. */
export function openLoop(
  what: string,
  workload: Workload,
  rateOpsPerSec: number,
  { connections = 50, ...rest }: LoadOptions = {},
): LoadScenario {
  return {
    kind: 'load',
    id: `open-${Math.round(rateOpsPerSec / 1000)}k`,
    label: `${what}, ${rateOpsPerSec.toLocaleString('en')} requests/s, open loop, ${connections.toLocaleString('en')} connections`,
    workload,
    connections,
    loop: { kind: 'open', rateOpsPerSec, arrivals: 'poisson' },
    decides: ['latency-p99-us'],
    tier: 1,
    ...rest,
  };
}

/** Bytes per 16-byte key with a string value. Decides resident memory per key unless told otherwise. */
export function memoryPerKey(
  valueBytes: number,
  { ttl = false, ...rest }: Shared & { ttl?: boolean } = {},
): MemoryScenario {
  return {
    kind: 'memory',
    id: `memory-${valueBytes}${ttl ? '-ttl' : ''}`,
    label: `bytes per key: 16-byte keys, ${valueBytes}-byte values, ${ttl ? 'with' : 'no'} TTL`,
    keyBytes: 16,
    valueBytes,
    ttl,
    decides: ['memory-bytes-per-key-rss'],
    tier: 1,
    ...rest,
  };
}

/**
 * Bytes per small collection: each key holds `elements` elements of `elementBytes`. A hash's are fields with two-byte names and values of
 * that length; a sorted set's scores are whole numbers below a million.
 */
export function memoryPerCollection(
  type: CollectionShape['type'],
  elements: number,
  elementBytes: number,
  rest: Shared = {},
): MemoryScenario {
  const perElement = elementBytes + (type === 'hash' ? fieldNameBytes : 0);
  return {
    kind: 'memory',
    id: `memory-${type.replace(' ', '-')}-${elements}`,
    label: `bytes per key: 16-byte keys, each a ${type} of ${elements} with ${elementBytes} bytes`,
    keyBytes: 16,
    valueBytes: elements * perElement,
    collection: { type, elements },
    ttl: false,
    decides: ['memory-bytes-per-key-rss'],
    tier: 1,
    ...rest,
  };
}

/** Bytes per element of one large collection: 16-byte elements, or fields with values of 8 bytes. */
export function memoryPerElement(type: CollectionShape['type'], rest: Shared = {}): MemoryScenario {
  return {
    kind: 'memory',
    id: `memory-${type.replace(' ', '-')}-large`,
    label: `bytes per element of one ${type}: 16 bytes each${type === 'hash' ? ', 8-byte values' : ''}`,
    keyBytes: 16,
    valueBytes: type === 'hash' ? 8 : 0,
    collection: { type, elements: 'all' },
    ttl: false,
    decides: ['memory-bytes-per-key-rss'],
    tier: 1,
    ...rest,
  };
}

/** Fields of a memory scenario's hashes are `f0` .. `f9`. */
export const fieldNameBytes = 2;
