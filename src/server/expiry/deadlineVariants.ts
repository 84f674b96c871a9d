/** Every way to know what has expired, by name: for tests and benchmarks that compare them in one process. */
import type { Keyspace } from '../keyspace/keyspace.ts';
import { DeadlineHeap } from './deadlineHeap.ts';
import type { Deadlines } from './deadlines.ts';
import { type CreateQueue, QueuedDeadlines } from './queuedDeadlines.ts';
import { Sweep } from './sweep.ts';
import { TimingWheel } from './timingWheel.ts';

export type QueueName = 'heap' | 'wheel';
export type DeadlinesName = 'sweep' | QueueName;

const QUEUES: Record<QueueName, CreateQueue> = {
  heap: (keyspace) => new DeadlineHeap(keyspace),
  wheel: (keyspace, nowMs) => new TimingWheel(keyspace, nowMs),
};

export const QUEUE_NAMES = Object.keys(QUEUES) as readonly QueueName[];
export const DEADLINES_NAMES: readonly DeadlinesName[] = ['sweep', ...QUEUE_NAMES];

export const createQueuedDeadlines = (name: QueueName, keyspace: Keyspace): QueuedDeadlines =>
  new QueuedDeadlines(keyspace, QUEUES[name]);

export const createDeadlines = (name: DeadlinesName, keyspace: Keyspace): Deadlines =>
  name === 'sweep' ? new Sweep(keyspace) : createQueuedDeadlines(name, keyspace);
