/** Every way to store keys, by name: for tests and benchmarks that compare them in one process. */
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

const mapStores = (entryRows: boolean, inlineStrings: boolean): MapStores => ({
  createEntries: (account) => (entryRows ? new EntryRows(account) : new EntryObjects()),
  createStrings: (account) => (inlineStrings ? new InlineStrings(account) : new HeapStrings()),
});

const CONSTRUCTORS: Record<StorageName, (hash: KeyHash) => KeyspaceFactory> = {
  map: (hash) => new MapKeyspaceFactory(hash, mapStores(false, false)),
  'map, entry rows': (hash) => new MapKeyspaceFactory(hash, mapStores(true, false)),
  'map, inline strings': (hash) => new MapKeyspaceFactory(hash, mapStores(false, true)),
  'map, both': (hash) => new MapKeyspaceFactory(hash, mapStores(true, true)),
  arena: (hash) => new ArenaKeyspaceFactory(hash, createSegmentPool),
  'arena, cache-line index': (hash) => new ArenaKeyspaceFactory(hash, createBucketPool),
};

export const STORAGE_NAMES = Object.keys(CONSTRUCTORS) as readonly StorageName[];

export const createStorage = (name: StorageName, hash: KeyHash): KeyspaceFactory => CONSTRUCTORS[name](hash);
