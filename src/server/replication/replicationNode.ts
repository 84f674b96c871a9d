/**
 * One node of an active-active group, as a state machine: local deltas, messages and ticks go in, messages and changed keys come
 * out. No socket, timer or clock of its own, so the same code runs in the server and in the simulation.
 *
 * Every node gossips its own writes to all peers (`DeltaOutbox`) and asks a peer, when something of it is overdue and now and then, for the buckets in
 * which they differ (anti-entropy), which brings what was lost, what other nodes have written and what a node missed while away.
 *
 * Flush chain: a flush says "all my writes after tick p up to tick t". Whoever has seen the sender up to p, and gets all parts, has
 * now seen it up to t. A lost flush breaks the chain, so nothing is vouched for that did not arrive, until a round of
 * anti-entropy closes the gap. Any message may be lost. Those that come late or twice are dropped by their number: were a state older than
 * an acknowledgement to follow it, what a collected tombstone had removed would come back.
 *
 * Bounds: a message is cut at MESSAGE_BYTES; a peer whose queue holds more than QUEUE_BYTES_MAX gets no deltas until it drains
 * (counted as dropped, repaired by rounds); an answer to a round is sent bucket by bucket under the same limit.
 */
import type { DeltaOutbox, Flush } from './deltaOutbox.ts';
import { Departures } from './departures.ts';
import type { Stamp } from './hybridClock.ts';
import { type Change, type KeyState, latestOf } from './keyState.ts';
import { Peer } from './peer.ts';
import { deltaBytes } from './register.ts';
import type { ReplicaStore } from './replicaStore.ts';
import { VersionVector } from './versionVector.ts';
import {
  type BucketMessage,
  type DeltasMessage,
  type DigestsMessage,
  type DoneMessage,
  decodeNumbered,
  encodeMessage,
  type KeyedState,
  type Message,
  numbered,
} from './wire/messages.ts';
import { WireError } from './wire/wireBytes.ts';

/** The way to a peer. */
export interface PeerLink {
  /** Payload of one frame. */
  send(payload: Uint8Array): void;
  /** Bytes handed over and not yet taken by the network. */
  queuedBytes(): number;
}

export interface NodeEvents {
  /** A merge has changed a key: what it now looks like is in the store. */
  changed(key: string, change: Change): void;
}

const MESSAGE_BYTES = 256 * 1024;
export const QUEUE_BYTES_MAX = 8 * 1024 * 1024;
/** How long a peer may be known to have something that has not come before it is asked. */
const OVERDUE_MS = 1000;
/** A round without a reason: what differs although nothing seems to be missing. Under load every bucket differs, so not often. */
const ROUND_INTERVAL_MS = 5000;
/** A round that has brought nothing for so long is given up. */
const ROUND_PATIENCE_MS = 5000;
/** Keys looked at per tick for expiry and collection. */
const SWEEP_KEYS = 64;
/** A peer whose clock is further ahead than this is refused: its stamps would outlive every write made here. */
export const CLOCK_AHEAD_MS_MAX = 3_600_000;

export class ReplicationNode {
  readonly store: ReplicaStore;
  readonly peers = new Map<string, Peer>();
  readonly outbox: DeltaOutbox;
  readonly #links = new Map<string, PeerLink>();
  readonly #events: NodeEvents;
  readonly #wallMs: () => number;
  #nowMs = 0;
  #flushedTicks = 0;
  readonly #departures: Departures;

  /** @param peerNames all nodes this one is to know: tombstones wait for every one of them. */
  constructor(
    store: ReplicaStore,
    peerNames: readonly string[],
    createOutbox: (flush: Flush) => DeltaOutbox,
    wallMs: () => number,
    events: NodeEvents,
  ) {
    this.store = store;
    this.#events = events;
    this.#wallMs = wallMs;
    this.#departures = new Departures(peerNames.length);
    this.outbox = createOutbox((states) => this.#gossip(states));
    for (const name of peerNames) this.peers.set(name, new Peer(name));
  }

  get replica(): string {
    return this.store.clock.replica;
  }

  /** To be called with what a local write returned, before the next: a flush vouches for every write made so far. */
  wrote(key: string, delta: KeyState): void {
    this.outbox.add(key, delta, this.#nowMs);
  }

  /** @param replica who answers there now, as the handshake said. */
  linkUp(name: string, replica: string, link: PeerLink): void {
    const peer = this.peers.get(name)!;
    this.#links.set(name, link);
    peer.connected = true;
    if (peer.replica !== replica) {
      peer.replica = replica;
      peer.seen = undefined;
      peer.seenAtCheck = undefined;
      peer.receivedNumber = 0;
      this.#departures.begin(this.#strangers());
    }
    peer.flush = undefined;
    peer.asked = undefined;
    peer.answer = undefined;
    peer.toldRevision = -1;
    this.#ask(peer);
  }

  linkDown(name: string): void {
    const peer = this.peers.get(name)!;
    this.#links.delete(name);
    peer.connected = false;
  }

  /** Handed to the link with a peer and not yet taken by the network. */
  queuedBytes(name: string): number {
    return this.#links.get(name)?.queuedBytes() ?? 0;
  }

  /** A peer's bytes broke a rule: counted; the caller closes the link. */
  fault(name: string): void {
    this.peers.get(name)!.counters.faults++;
  }

  /** @param nowMs monotonic. */
  tick(nowMs: number): void {
    this.#nowMs = nowMs;
    this.outbox.tick(nowMs);
    for (const peer of this.peers.values()) {
      if (!peer.connected) continue;
      this.#tell(peer);
      if (this.#isTimeToAsk(peer)) this.#ask(peer);
      this.#answer(peer);
    }
    this.store.sweep(
      SWEEP_KEYS,
      this.#wallMs(),
      (dot) => this.#isStable(dot),
      (key, delta) => {
        this.wrote(key, delta);
        this.#events.changed(key, {
          whole: delta.whole.content !== undefined,
          fields: new Set(delta.fields.keys()),
        });
      },
    );
  }

  /** Everyone has this write, and everything they had written by the time they acknowledged it is here. */
  #isStable(dot: Stamp): boolean {
    if (!this.store.seen.covers(dot)) return false;
    for (const { seen, replica } of this.peers.values()) {
      if (seen === undefined || !seen.covers(dot)) return false;
      if (this.store.seen.get(replica) < seen.get(replica)) return false;
    }
    return true;
  }

  // --- sending --------------------------------------------------------------------------------------------------------------

  #gossip(states: readonly KeyedState[]): void {
    const ticks = this.store.seen.get(this.replica);
    const parts = cut(states);
    const messages = parts.map((part, index) =>
      encodeMessage({
        kind: 'deltas',
        replica: this.replica,
        previousTicks: this.#flushedTicks,
        ticks,
        part: index,
        parts: parts.length,
        states: part,
      }),
    );
    this.#flushedTicks = ticks;
    for (const peer of this.peers.values()) {
      const link = this.#links.get(peer.name);
      if (link === undefined || link.queuedBytes() > QUEUE_BYTES_MAX) {
        peer.counters.deltasDropped += states.length;
        continue;
      }
      for (const message of messages) this.#send(peer, message);
      peer.counters.deltasSent += states.length;
    }
  }

  #send(peer: Peer, payload: Uint8Array): void {
    peer.counters.messagesSent++;
    peer.counters.bytesSent += payload.length;
    this.#links.get(peer.name)?.send(numbered(++peer.sentNumber, payload));
  }

  #tell(peer: Peer): void {
    if (this.store.seen.revision === peer.toldRevision) return;
    peer.toldRevision = this.store.seen.revision;
    this.#send(peer, encodeMessage({ kind: 'seen', replica: this.replica, seen: this.store.seen }));
  }

  #isTimeToAsk(peer: Peer): boolean {
    if (peer.asked !== undefined) return this.#nowMs - peer.asked.progressMs >= ROUND_PATIENCE_MS;
    if (this.#nowMs - peer.askedMs >= ROUND_INTERVAL_MS) return true;
    if (this.#nowMs - peer.checkedMs < OVERDUE_MS) return false;
    const isOverdue = peer.seenAtCheck?.entries().some((stamp) => !this.store.seen.covers(stamp)) ?? false;
    peer.checkedMs = this.#nowMs;
    peer.seenAtCheck = peer.seen?.copy();
    return isOverdue;
  }

  #ask(peer: Peer): void {
    const round = this.store.clock.next().ticks;
    peer.asked = { round, cycle: this.#departures.cycle, received: new Set(), progressMs: this.#nowMs };
    peer.askedMs = this.#nowMs;
    const { words } = this.store.digests;
    this.#send(peer, encodeMessage({ kind: 'digests', replica: this.replica, round, words }));
  }

  /** As many buckets of the answer as the link takes now. */
  #answer(peer: Peer): void {
    const { answer } = peer;
    const link = this.#links.get(peer.name);
    if (answer === undefined || link === undefined) return;
    const { asker, round, buckets } = answer;
    const base = { replica: this.replica, asker, round };
    let budgetBytes = MESSAGE_BYTES;
    while (answer.sent < buckets.length) {
      if (budgetBytes <= 0 || link.queuedBytes() > QUEUE_BYTES_MAX) return;
      const bucket = buckets[answer.sent++]!;
      const states = [...this.store.bucket(bucket)];
      const payload = encodeMessage({ kind: 'bucket', ...base, bucket, seen: this.store.seen, states });
      budgetBytes -= payload.length;
      this.#send(peer, payload);
    }
    peer.answer = undefined;
    const done: DoneMessage = { kind: 'done', ...base, buckets: buckets.length, seen: answer.seen };
    this.#send(peer, encodeMessage(done));
  }

  // --- receiving ------------------------------------------------------------------------------------------------------------

  /** Takes in the payload of one frame. Throws WireError, before anything is changed, if it is no sound message. */
  receive(name: string, payload: Uint8Array): void {
    const peer = this.peers.get(name)!;
    const { number, message } = decodeNumbered(payload);
    this.#refuseFuture(message);
    if (message.replica !== peer.replica) throw new WireError('a message of another process than the link’s');
    if (number <= peer.receivedNumber) return;
    peer.receivedNumber = number;
    peer.heardMs = this.#nowMs;
    peer.counters.bytesReceived += payload.length;
    switch (message.kind) {
      case 'seen':
        peer.seen ??= new VersionVector();
        peer.seen.merge(message.seen);
        return;
      case 'deltas':
        return this.#takeDeltas(peer, message);
      case 'digests':
        return this.#takeDigests(peer, message);
      case 'bucket':
        return this.#takeBucket(peer, message);
      case 'done':
        return this.#takeDone(peer, message);
    }
  }

  #refuseFuture(message: Message): void {
    let latest = 'seen' in message ? message.seen.latestTicks : 0;
    if (message.kind === 'deltas') latest = message.ticks;
    if ('states' in message)
      for (const [, state] of message.states) latest = Math.max(latest, latestOf(state).ticks);
    if (this.store.clock.aheadMs(latest) > CLOCK_AHEAD_MS_MAX)
      throw new WireError('a stamp more than an hour ahead of this node’s clock');
  }

  #takeDeltas(peer: Peer, message: DeltasMessage): void {
    for (const [key, delta] of message.states) this.#merge(peer, key, delta);
    if (peer.flush?.ticks !== message.ticks) peer.flush = { ticks: message.ticks, parts: new Set() };
    peer.flush.parts.add(message.part);
    const isWhole = peer.flush.parts.size === message.parts;
    if (isWhole && this.store.seen.get(message.replica) >= message.previousTicks) {
      this.store.seen.raise(message.replica, message.ticks);
      this.store.clock.observe(message.ticks);
    }
  }

  #merge(peer: Peer, key: string, delta: KeyState): void {
    const change = this.store.merge(key, delta);
    if (change === undefined) return;
    peer.counters.deltasApplied++;
    this.#events.changed(key, change);
  }

  #takeDigests(peer: Peer, message: DigestsMessage): void {
    const { digests, seen } = this.store;
    if (message.words.length !== digests.words.length)
      throw new WireError('digests of another number of buckets');
    // What waits belongs to what this node vouches for with `seen`: it is in the states already.
    const buckets = digests.differing(message.words);
    peer.answer = { asker: message.replica, round: message.round, buckets, seen: seen.copy(), sent: 0 };
    this.#answer(peer);
  }

  #takeBucket(peer: Peer, message: BucketMessage): void {
    if (message.bucket >= this.store.digests.bucketCount) throw new WireError('a bucket that is not there');
    for (const [key, state] of message.states) this.#merge(peer, key, state);
    this.store.reconcile(message.bucket, new Map(message.states), message.seen, (key, change) =>
      this.#events.changed(key, change),
    );
    peer.counters.bucketsRepaired++;
    const asked = this.#askedBy(peer, message);
    if (asked === undefined) return;
    asked.received.add(message.bucket);
    asked.progressMs = this.#nowMs;
  }

  #takeDone(peer: Peer, message: DoneMessage): void {
    const asked = this.#askedBy(peer, message);
    if (asked === undefined) return;
    peer.asked = undefined;
    if (asked.received.size !== message.buckets) return;
    peer.counters.roundsDone++;
    this.store.hasSeen(message.seen);
    this.store.seal(this.#departures.exchanged(peer.name, asked.cycle));
    if (this.#departures.isOver) this.#departures.begin(this.#strangers());
  }

  /** Replicas whose writes are here and that answer under no peer's name. */
  #strangers(): string[] {
    const present = new Set([this.replica, ...[...this.peers.values()].map(({ replica }) => replica)]);
    return this.store.mergedReplicas().filter((replica) => !present.has(replica));
  }

  #askedBy(peer: Peer, { asker, round }: BucketMessage | DoneMessage): Peer['asked'] {
    return asker === this.replica && peer.asked?.round === round ? peer.asked : undefined;
  }
}

/** Parts of about MESSAGE_BYTES each; a single state may be longer. */
function cut(states: readonly KeyedState[]): KeyedState[][] {
  const parts: KeyedState[][] = [];
  let part: KeyedState[] = [];
  let bytes = 0;
  for (const keyed of states) {
    const [key, state] = keyed;
    bytes += key.length + deltaBytes(state.whole);
    for (const [field, register] of state.fields) bytes += field.length + deltaBytes(register);
    part.push(keyed);
    if (bytes < MESSAGE_BYTES) continue;
    parts.push(part);
    part = [];
    bytes = 0;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}
