/** Every way to know what has expired, by name: for tests and benchmarks that compare them in one process. */
import type { Keyspace } from '../keyspace/keyspace.ts';
import { DeadlineHeap } from './deadlineHeap.ts';
import type { DeadlineQueue } from './deadlineQueue.ts';
import type { Deadlines } from './deadlines.ts';
import { QueuedDeadlines } from './queuedDeadlines.ts';
import { Sweep } from './sweep.ts';

export type QueueName = 'heap';
export type DeadlinesName = 'sweep' | QueueName;

const QUEUES: Record<QueueName, (keyspace: Keyspace) => DeadlineQueue> = {
  heap: (keyspace) => new DeadlineHeap(keyspace),
};

export const QUEUE_NAMES = Object.keys(QUEUES) as readonly QueueName[];
export const DEADLINES_NAMES: readonly DeadlinesName[] = ['sweep', ...QUEUE_NAMES];

export const createQueuedDeadlines = (name: QueueName, keyspace: Keyspace): QueuedDeadlines =>
  new QueuedDeadlines(keyspace, QUEUES[name]);

export const createDeadlines = (name: DeadlinesName, keyspace: Keyspace): Deadlines =>
  name === 'sweep' ? new Sweep(keyspace) : createQueuedDeadlines(name, keyspace);
