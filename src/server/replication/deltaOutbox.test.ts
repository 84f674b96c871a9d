import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../base/bytes.ts';
import { BatchedDeltas, FLUSH_INTERVAL_MS } from './batchedDeltas.ts';
import type { DeltaOutbox, Flush } from './deltaOutbox.ts';
import { HybridClock } from './hybridClock.ts';
import { ImmediateDeltas } from './immediateDeltas.ts';
import { ReplicaStore } from './replicaStore.ts';
import { encodeStates } from './snapshot.ts';
import type { KeyedState } from './wire/messages.ts';

const START_MS = 1_700_000_000_000;
const BUCKETS = 4;
const WRITES = 100;

interface Sender {
  store: ReplicaStore;
  mirror: ReplicaStore;
  outbox: DeltaOutbox;
  flushes: (readonly KeyedState[])[];
}

function sender(createOutbox: (flush: Flush) => DeltaOutbox): Sender {
  const storeOf = (replica: string) => new ReplicaStore(new HybridClock(replica, () => START_MS), BUCKETS);
  const [store, mirror] = [storeOf('a'), storeOf('b')];
  const flushes: (readonly KeyedState[])[] = [];
  const outbox = createOutbox((states) => {
    flushes.push(states);
    for (const [key, delta] of states) mirror.merge(key, delta);
  });
  return { store, mirror, outbox, flushes };
}

const sides: [string, (flush: Flush) => DeltaOutbox][] = [
  ['immediate deltas', (flush) => new ImmediateDeltas(flush)],
  ['batched deltas', (flush) => new BatchedDeltas(flush)],
];

describe.each(sides)('%s', (_name, createOutbox) => {
  it('bring the receiver to the same state', () => {
    const { store, mirror, outbox } = sender(createOutbox);
    for (let i = 0; i < WRITES; i++) {
      const key = `k${i % 5}`;
      outbox.add(key, store.addToKey(key, 1n), i);
      outbox.add('s', store.writeKey('s', 'string', i % 7 === 0 ? undefined : fromLatin1(String(i))), i);
      outbox.add('h', store.writeField('h', `f${i % 3}`, fromLatin1(String(i))), i);
      outbox.tick(i);
    }
    outbox.flush();
    expect(encodeStates(mirror)).toEqual(encodeStates(store));
    expect(outbox.pendingKeys).toBe(0);
    expect(outbox.pendingBytes).toBe(0);
  });
});

describe('what travels', () => {
  const hundredIncrements = (createOutbox: (flush: Flush) => DeltaOutbox): Sender => {
    const made = sender(createOutbox);
    for (let i = 0; i < WRITES; i++) made.outbox.add('k', made.store.addToKey('k', 1n), 0);
    return made;
  };

  it('is every write at once, or one delta for all writes to a key once the interval is over', () => {
    const immediate = hundredIncrements((flush) => new ImmediateDeltas(flush));
    expect(immediate.flushes.length).toBe(WRITES);
    const batched = hundredIncrements((flush) => new BatchedDeltas(flush));
    batched.outbox.tick(FLUSH_INTERVAL_MS - 1);
    expect(batched.flushes).toEqual([]);
    expect(batched.outbox.pendingKeys).toBe(1);
    batched.outbox.tick(FLUSH_INTERVAL_MS);
    expect(batched.flushes.map((states) => states.length)).toEqual([1]);
    expect(encodeStates(batched.mirror)).toEqual(encodeStates(batched.store));
  });

  it('does not wait for the interval once there is much of it', () => {
    const { store, outbox, flushes } = sender((flush) => new BatchedDeltas(flush));
    for (let i = 0; i < 10; i++)
      outbox.add(`k${i}`, store.writeKey(`k${i}`, 'string', new Uint8Array(10_000)), 0);
    expect(flushes.length).toBeGreaterThan(0);
  });
});
