/** What a request's time is charged to. */
import type { Interference } from '../../ports/probe.ts';

export const CAUSES = [
  'run-queue',
  'gc',
  'fsync',
  'snapshot',
  'growth',
  'eviction',
  'expiry',
  'release',
  'tick',
  'execution',
  'ahead',
  'unexplained',
] as const;
export type Cause = (typeof CAUSES)[number];

/** As pages and reports say it. */
export const CAUSE_WORDS: Record<Cause, string> = {
  'run-queue': 'waiting for a core',
  gc: 'garbage collection',
  fsync: 'fsync',
  snapshot: 'snapshot',
  growth: 'growth of the keyspace',
  eviction: 'eviction',
  expiry: 'expiry',
  release: 'releasing deleted values',
  tick: 'housekeeping',
  execution: 'its own execution',
  ahead: 'requests ahead of it',
  unexplained: 'unexplained',
};

/** Where two overlap the time is charged to the first: a collection during an expiry slice is a collection. */
export const INTERFERENCE_PRIORITY: readonly Exclude<Interference, 'command'>[] = [
  'gc',
  'fsync',
  'snapshot',
  'growth',
  'eviction',
  'expiry',
  'release',
  'tick',
];
