import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../base/bytes.ts';
import { HybridClock } from './hybridClock.ts';
import { emptyKeyState, isGone, joinKeyState, type KeyState, viewOf } from './keyState.ts';
import { NEVER, registerBytes } from './register.ts';
import { ReplicaStore } from './replicaStore.ts';
import { encodeSnapshot, encodeStates, restoreSnapshot } from './snapshot.ts';

const BUCKETS = 4;
const START_MS = 1_700_000_000_000;

const storeOf = (replica: string, clock: { ms: number }): ReplicaStore =>
  new ReplicaStore(new HybridClock(replica, () => clock.ms), BUCKETS);

const shown = (store: ReplicaStore, key: string): string | undefined => {
  const view = viewOf(store.get(key) ?? emptyKeyState());
  return view.kind === 'string' ? toLatin1(view.bytes) : undefined;
};

const field = (store: ReplicaStore, key: string, name: string): string | undefined => {
  const register = store.get(key)?.fields.get(name);
  const bytes = register && registerBytes(register);
  return bytes && toLatin1(bytes);
};

interface Sent {
  key: string;
  delta: KeyState;
}

/** Two nodes that exchange by hand. */
function pair(): { a: ReplicaStore; b: ReplicaStore; clock: { ms: number } } {
  const clock = { ms: START_MS };
  return { a: storeOf('a', clock), b: storeOf('b', clock), clock };
}

/** One random local write; the deltas it made. */
function write(store: ReplicaStore, choice: number, key: string, amount: number, nowMs: number): Sent[] {
  const name = `f${amount % 3}`;
  const sent: Sent[] = [];
  const buried = store.buryExpired(key, nowMs);
  if (buried !== undefined) sent.push({ key, delta: buried });
  const bytes = fromLatin1(String(amount));
  const writes: (() => KeyState)[] = [
    () => store.writeKey(key, 'string', bytes),
    () => store.writeKey(key, 'string', undefined),
    () => store.writeKey(key, 'string', bytes, nowMs + amount),
    () => store.writeKey(key, 'dump', bytes),
    () => store.addToKey(key, BigInt(amount)),
    () => store.addToKey(key, -BigInt(amount)),
    () => store.expireKeyAt(key, nowMs + amount),
    () => store.expireKeyAt(key, NEVER),
    () => store.writeField(key, name, bytes),
    () => store.writeField(key, name, undefined),
    () => store.writeField(key, name, bytes, nowMs + amount),
    () => store.addToField(key, name, BigInt(amount)),
    () => store.expireFieldAt(key, name, nowMs + amount),
  ];
  sent.push({ key, delta: writes[choice % writes.length]!() });
  return sent;
}

const step = fc.record({
  who: fc.nat(2),
  choice: fc.nat(12),
  key: fc.constantFrom('k', 'l'),
  amount: fc.integer({ min: 1, max: 50 }),
  skewMs: fc.integer({ min: -40, max: 40 }),
  hears: fc.option(fc.nat(1000), { nil: undefined }),
});

describe('replica store', () => {
  it('reaches equal bytes and digests in whatever order, repetition and batching the deltas come', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.infiniteStream(fc.nat(10_000)), (steps, choices) => {
        const choose = (bound: number): number => choices.next().value! % bound;
        const clocks = [{ ms: START_MS }, { ms: START_MS + 7 }, { ms: START_MS - 30 }];
        const stores = clocks.map((clock, index) => storeOf(`r${index}`, clock));
        const sent: Sent[] = [];
        for (const { who, choice, key, amount, skewMs, hears } of steps) {
          clocks[who]!.ms += skewMs;
          sent.push(...write(stores[who]!, choice, key, amount, clocks[who]!.ms));
          const heard = hears === undefined ? undefined : sent[hears % sent.length];
          if (heard !== undefined) stores[who]!.merge(heard.key, heard.delta);
        }
        for (const store of stores) deliver(store, sent, choose);
        for (const store of stores.slice(1)) {
          expect(Buffer.compare(encodeStates(store), encodeStates(stores[0]!))).toBe(0);
          expect(store.digests.words).toEqual(stores[0]!.digests.words);
        }
      }),
      { numRuns: 300 },
    );
  });

  /** Every delta at least once: alone, again, or joined with others of its key first. */
  function deliver(store: ReplicaStore, sent: readonly Sent[], choose: (bound: number) => number): void {
    const order = [...sent];
    for (let i = order.length - 1; i > 0; i--) {
      const other = choose(i + 1);
      [order[i], order[other]] = [order[other]!, order[i]!];
    }
    const batch = new Map<string, KeyState>();
    for (const { key, delta } of order) {
      if (choose(3) > 0) store.merge(key, delta);
      if (choose(3) === 0) store.merge(key, delta);
      const joined = batch.get(key) ?? emptyKeyState();
      joinKeyState(joined, delta);
      batch.set(key, joined);
    }
    for (const [key, delta] of batch) store.merge(key, delta);
  }

  it('starts again from a snapshot with equal bytes', () => {
    const { a, clock } = pair();
    for (let i = 0; i < 50; i++) write(a, i, `k${i % 7}`, i + 1, clock.ms);
    const b = storeOf('a2', clock);
    restoreSnapshot(b, encodeSnapshot(a));
    expect(encodeStates(b)).toEqual(encodeStates(a));
    expect(b.digests.words).toEqual(a.digests.words);
    expect(b.seen.entries()).toEqual(a.seen.entries());
  });
});

describe('counters', () => {
  it('INCR is not last-writer-wins: concurrent increments add up', () => {
    const { a, b } = pair();
    const fromA = a.addToKey('k', 5n);
    const fromB = b.addToKey('k', -2n);
    a.merge('k', fromB);
    b.merge('k', fromA);
    expect(shown(a, 'k')).toBe('3');
    expect(shown(b, 'k')).toBe('3');
  });

  it('SET replaces what was added before it; what is added after counts from it on every node', () => {
    const { a, b } = pair();
    b.merge('k', a.addToKey('k', 5n));
    a.merge('k', b.writeKey('k', 'string', fromLatin1('100')));
    const fromA = a.addToKey('k', 1n);
    const fromB = b.addToKey('k', 2n);
    a.merge('k', fromB);
    b.merge('k', fromA);
    expect(shown(a, 'k')).toBe('103');
    expect(shown(b, 'k')).toBe('103');
  });

  it('fields of a hash count as well', () => {
    const { a, b } = pair();
    const fromA = a.addToField('h', 'f', 5n);
    const fromB = b.addToField('h', 'f', 4n);
    a.merge('h', fromB);
    b.merge('h', fromA);
    expect(field(a, 'h', 'f')).toBe('9');
    expect(field(b, 'h', 'f')).toBe('9');
  });

  it('a sum beyond 64 bits stays at the bound', () => {
    const { a, b } = pair();
    a.addToKey('k', 9223372036854775807n);
    a.merge('k', b.addToKey('k', 9223372036854775807n));
    expect(shown(a, 'k')).toBe('9223372036854775807');
  });

  it('a replica that starts again under a new name neither repeats nor loses what it had added', () => {
    const { a, b, clock } = pair();
    a.addToKey('k', 1n);
    const old = encodeSnapshot(a);
    b.merge('k', a.addToKey('k', 1n));
    const again = storeOf('a-again', clock);
    restoreSnapshot(again, old);
    b.merge('k', again.addToKey('k', 10n));
    expect(shown(b, 'k')).toBe('12');
    again.merge('k', b.get('k')!);
    expect(shown(again, 'k')).toBe('12');
  });
});

describe('removal', () => {
  it('DEL of a hash writes a tombstone for all of it', () => {
    const { a, b } = pair();
    const old = a.writeField('h', 'f', fromLatin1('1'));
    b.merge('h', old);
    const removed = a.writeKey('h', 'string', undefined);
    b.merge('h', removed);
    b.merge('h', old);
    expect(viewOf(b.get('h')!).kind).toBe('absent');
    expect(viewOf(a.get('h')!).kind).toBe('absent');
  });

  it('a field removed on one node and another set on the next both stand', () => {
    const { a, b } = pair();
    b.merge('h', a.writeField('h', 'f', fromLatin1('1')));
    const gone = a.writeField('h', 'f', undefined);
    const set = b.writeField('h', 'g', fromLatin1('2'));
    a.merge('h', set);
    b.merge('h', gone);
    for (const store of [a, b]) {
      expect(field(store, 'h', 'f')).toBeUndefined();
      expect(field(store, 'h', 'g')).toBe('2');
    }
  });

  it('tombstones are collected when everyone has seen them, not before, and what comes late stays dead', () => {
    const { a, b, clock } = pair();
    const alive = a.writeKey('k', 'string', fromLatin1('1'));
    a.writeKey('k', 'string', undefined);
    a.sweep(
      100,
      clock.ms,
      () => false,
      () => {},
    );
    expect(a.keyCount).toBe(1);
    a.sweep(
      100,
      clock.ms,
      () => true,
      () => {},
    );
    expect(a.keyCount).toBe(0);
    expect(a.tombstonesCollected).toBe(1);
    expect(a.digests.words.every((word) => word === 0)).toBe(true);
    expect(a.merge('k', alive)).toBeUndefined();
    b.merge('k', alive);
    expect(a.merge('k', b.get('k')!)).toBeUndefined();
    expect(a.keyCount).toBe(0);
  });

  it('a peer that still holds what was collected elsewhere drops it', () => {
    const { a, b, clock } = pair();
    b.merge('k', a.writeKey('k', 'string', fromLatin1('1')));
    a.writeKey('k', 'string', undefined);
    a.sweep(
      100,
      clock.ms,
      () => true,
      () => {},
    );
    const changed: string[] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++)
      b.reconcile(bucket, a.bucket(bucket), a.seen, (key) => changed.push(key));
    expect(changed).toEqual(['k']);
    expect(b.keyCount).toBe(0);
  });
});

describe('expiry', () => {
  it('is an absolute instant, merged with the value and not counted from arrival', () => {
    const { a, b, clock } = pair();
    const set = a.writeKey('k', 'string', fromLatin1('1'), clock.ms + 100);
    clock.ms += 90;
    b.merge('k', set);
    expect(isGone(b.get('k')!, clock.ms)).toBe(false);
    clock.ms += 10;
    expect(isGone(b.get('k')!, clock.ms)).toBe(true);
  });

  it('writes a tombstone that removes what expired and no write that came in time', () => {
    const { a, b, clock } = pair();
    b.merge('k', a.writeKey('k', 'string', fromLatin1('old'), clock.ms + 100));
    clock.ms += 99;
    const renewed = b.writeKey('k', 'string', fromLatin1('new'));
    clock.ms += 1;
    const buried = a.buryExpired('k', clock.ms)!;
    expect(shown(a, 'k')).toBeUndefined();
    a.merge('k', renewed);
    b.merge('k', buried);
    expect(shown(a, 'k')).toBe('new');
    expect(shown(b, 'k')).toBe('new');
  });

  it('does not cost increments that two nodes make right after it', () => {
    const { a, b, clock } = pair();
    b.merge('k', a.addToKey('k', 7n));
    b.merge('k', a.expireKeyAt('k', clock.ms + 100));
    clock.ms += 100;
    const fromA = [a.buryExpired('k', clock.ms)!, a.addToKey('k', 1n)];
    const fromB = [b.buryExpired('k', clock.ms)!, b.addToKey('k', 1n)];
    for (const delta of fromB) a.merge('k', delta);
    for (const delta of fromA) b.merge('k', delta);
    expect(shown(a, 'k')).toBe('2');
    expect(shown(b, 'k')).toBe('2');
  });

  it('PERSIST and a later EXPIRE win by their stamps', () => {
    const { a, b, clock } = pair();
    b.merge('k', a.writeKey('k', 'string', fromLatin1('1'), clock.ms + 100));
    const persisted = b.expireKeyAt('k', NEVER);
    a.merge('k', persisted);
    expect(isGone(a.get('k')!, clock.ms + 1000)).toBe(false);
  });
});

describe('clock', () => {
  it('stamps are later than everything seen, whatever the wall clock does', () => {
    const clock = { ms: START_MS };
    const hybrid = new HybridClock('a', () => clock.ms);
    const first = hybrid.next();
    clock.ms -= 10_000;
    expect(hybrid.next().ticks).toBeGreaterThan(first.ticks);
    hybrid.observe(first.ticks + 1_000_000);
    expect(hybrid.next().ticks).toBe(first.ticks + 1_000_001);
  });

  it('seeing stamps in any order leaves the same clock', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000)), (ticks) => {
        const clocks = [ticks, [...ticks].reverse(), [...ticks].sort((a, b) => a - b)].map((order) => {
          const hybrid = new HybridClock('a', () => 0);
          for (const each of order) hybrid.observe(each);
          return hybrid.ticks;
        });
        expect(new Set(clocks).size).toBe(1);
      }),
    );
  });
});
