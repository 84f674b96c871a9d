/** Every way to store keys, by name: for tests and benchmarks that compare them in one process. */
import { NoProbe } from '../../ports/probe.ts';
import { GrowthTimer } from './growthTimer.ts';
import type { KeyHash } from './hashing.ts';
import { ArenaKeyspaceFactory } from './index/arenaKeyspace.ts';
import { createBucketPool } from './index/cacheLineIndex.ts';
import { MapKeyspaceFactory, type MapStores } from './index/mapKeyspace.ts';
import { createSegmentPool } from './index/segmentedIndex.ts';
import type { KeyspaceFactory } from './keyspace.ts';
import { EntryObjects } from './record/entryObjects.ts';
import { EntryRows } from './record/entryRows.ts';
import { HeapStrings } from './record/heapStrings.ts';
import { InlineStrings } from './record/inlineStrings.ts';

export type StorageName =
  | 'map'
  | 'map, entry rows'
  | 'map, inline strings'
  | 'map, both'
  | 'arena'
  | 'arena, cache-line index';

/** Of a storage that nobody watches. */
export const UNWATCHED_GROWTH = new GrowthTimer({ monotonicUs: () => 0 }, new NoProbe());

const mapStores = (entryRows: boolean, inlineStrings: boolean): MapStores => ({
  createEntries: (...parts) => (entryRows ? new EntryRows(...parts) : new EntryObjects()),
  createStrings: (...parts) => (inlineStrings ? new InlineStrings(...parts) : new HeapStrings()),
});

const CONSTRUCTORS: Record<StorageName, (hash: KeyHash, growth: GrowthTimer) => KeyspaceFactory> = {
  map: (hash, growth) => new MapKeyspaceFactory(hash, mapStores(false, false), growth),
  'map, entry rows': (hash, growth) => new MapKeyspaceFactory(hash, mapStores(true, false), growth),
  'map, inline strings': (hash, growth) => new MapKeyspaceFactory(hash, mapStores(false, true), growth),
  'map, both': (hash, growth) => new MapKeyspaceFactory(hash, mapStores(true, true), growth),
  arena: (hash, growth) => new ArenaKeyspaceFactory(hash, createSegmentPool, growth),
  'arena, cache-line index': (hash, growth) => new ArenaKeyspaceFactory(hash, createBucketPool, growth),
};

export const STORAGE_NAMES = Object.keys(CONSTRUCTORS) as readonly StorageName[];

export const createStorage = (
  name: StorageName,
  hash: KeyHash,
  growth: GrowthTimer = UNWATCHED_GROWTH,
): KeyspaceFactory => CONSTRUCTORS[name](hash, growth);
