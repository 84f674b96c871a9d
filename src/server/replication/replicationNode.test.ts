import { describe, expect, it } from 'vitest';
import { HybridClock, TICKS_PER_MS } from './hybridClock.ts';
import { ImmediateDeltas } from './immediateDeltas.ts';
import { ReplicaStore } from './replicaStore.ts';
import { CLOCK_AHEAD_MS_MAX, QUEUE_BYTES_MAX, ReplicationNode } from './replicationNode.ts';
import { encodeStates } from './snapshot.ts';
import { encodeMessage, numbered } from './wire/messages.ts';

const START_MS = 1_700_000_000_000;
const BUCKETS = 8;

class Pair {
  readonly a = this.#node('a', 'b');
  readonly b = this.#node('b', 'a');
  /** What either side sees waiting in its queue. */
  queuedBytes = 0;
  largestBytes = 0;
  readonly #inFlight: [ReplicationNode, string, Uint8Array][] = [];

  constructor() {
    this.#link(this.a, 'b', this.b);
    this.#link(this.b, 'a', this.a);
    this.settle();
  }

  settle(): void {
    for (let next = this.#inFlight.shift(); next !== undefined; next = this.#inFlight.shift()) {
      const [to, from, payload] = next;
      this.largestBytes = Math.max(this.largestBytes, payload.length);
      to.receive(from, payload);
    }
  }

  tick(nowMs: number): void {
    this.a.tick(nowMs);
    this.b.tick(nowMs);
    this.settle();
  }

  get agree(): boolean {
    return Buffer.compare(encodeStates(this.a.store), encodeStates(this.b.store)) === 0;
  }

  #node(replica: string, peer: string): ReplicationNode {
    const store = new ReplicaStore(new HybridClock(replica, () => START_MS), BUCKETS);
    const createOutbox = (flush: ConstructorParameters<typeof ImmediateDeltas>[0]) =>
      new ImmediateDeltas(flush);
    return new ReplicationNode(store, [peer], createOutbox, () => START_MS, { changed() {} });
  }

  #link(node: ReplicationNode, name: string, peer: ReplicationNode): void {
    node.linkUp(name, peer.replica, {
      send: (payload) => void this.#inFlight.push([peer, node.replica, payload]),
      queuedBytes: () => this.queuedBytes,
    });
  }
}

describe('replication node', () => {
  it('sends no deltas into a full queue, says so, and has anti-entropy bring them later', () => {
    const pair = new Pair();
    pair.queuedBytes = QUEUE_BYTES_MAX + 1;
    for (let i = 0; i < 50; i++) pair.a.wrote(`k${i}`, pair.a.store.addToKey(`k${i}`, 1n));
    pair.settle();
    expect(pair.b.store.keyCount).toBe(0);
    expect(pair.a.peers.get('b')!.counters.deltasDropped).toBe(50);
    pair.queuedBytes = 0;
    for (let nowMs = 0; nowMs <= 10_000; nowMs += 500) pair.tick(nowMs);
    expect(pair.agree).toBe(true);
    expect(pair.b.store.keyCount).toBe(50);
  });

  it('has equal digests on nodes whose keys came in different orders', () => {
    const pair = new Pair();
    for (let i = 0; i < 20; i++) {
      const [node, other] = i % 2 === 0 ? [pair.a, pair.b] : [pair.b, pair.a];
      node.wrote(`k${i}`, node.store.addToKey(`k${i}`, 1n));
      other.wrote(`k${i}`, other.store.writeField(`k${i}`, 'f', new Uint8Array(1)));
    }
    pair.settle();
    expect(pair.agree).toBe(true);
    expect(pair.a.store.digests.words).toEqual(pair.b.store.digests.words);
    expect(pair.a.store.digests.words.some((word) => word !== 0)).toBe(true);
  });

  it('cuts what it sends into messages of bounded length', () => {
    const pair = new Pair();
    for (let i = 0; i < 40; i++)
      pair.a.wrote(`k${i}`, pair.a.store.writeKey(`k${i}`, 'string', new Uint8Array(100_000)));
    pair.settle();
    expect(pair.agree).toBe(true);
    expect(pair.largestBytes).toBeLessThan(400_000);
  });

  it('refuses a peer whose clock is far ahead, before anything is changed', () => {
    const pair = new Pair();
    const ticks = (START_MS + CLOCK_AHEAD_MS_MAX + 1000) * TICKS_PER_MS;
    const message = encodeMessage({
      kind: 'deltas',
      replica: 'b',
      previousTicks: 0,
      ticks,
      part: 0,
      parts: 1,
      states: [...pair.b.store.keys()].map((key) => [key, pair.b.store.get(key)!]),
    });
    expect(() => pair.a.receive('b', numbered(1_000_000, message))).toThrow('ahead');
    expect(pair.a.store.seen.get('b')).toBeLessThan(ticks);
  });
});
