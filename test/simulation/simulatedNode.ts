/**
 * One node of a simulated run: the server's own replication node over simulated links, with a wall clock that may be wrong and a
 * shelf of snapshots to start again from.
 */
import { BatchedDeltas } from '../../src/server/replication/batchedDeltas.ts';
import { HybridClock } from '../../src/server/replication/hybridClock.ts';
import { ImmediateDeltas } from '../../src/server/replication/immediateDeltas.ts';
import { ReplicaStore } from '../../src/server/replication/replicaStore.ts';
import { QUEUE_BYTES_MAX, ReplicationNode } from '../../src/server/replication/replicationNode.ts';
import { encodeSnapshot, restoreSnapshot } from '../../src/server/replication/snapshot.ts';
import { encodeFrame, FrameDecoder } from '../../src/server/replication/wire/frames.ts';
import { WireError } from '../../src/server/replication/wire/wireBytes.ts';
import type { SimulatedNetwork } from './simulatedNetwork.ts';

const EPOCH_MS = 1_700_000_000_000;
const BUCKETS = 8;

export class SimulatedNode {
  readonly index: number;
  node: ReplicationNode;
  readonly snapshots: Uint8Array[] = [];
  /** What this node's wall clock is off by. */
  skewMs = 0;
  readonly #peerCount: number;
  readonly #network: SimulatedNetwork;
  readonly #batches: boolean;
  #nowMs = 0;
  #starts = 0;

  constructor(index: number, nodeCount: number, network: SimulatedNetwork, batches: boolean) {
    this.index = index;
    this.#peerCount = nodeCount;
    this.#network = network;
    this.#batches = batches;
    this.node = this.#start(undefined);
  }

  wallMs(): number {
    return EPOCH_MS + this.#nowMs + this.skewMs;
  }

  advanceTo(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  takeSnapshot(): void {
    this.snapshots.push(encodeSnapshot(this.node.store));
  }

  /** The process dies and another starts from `snapshot`, or from nothing. */
  restart(snapshot: Uint8Array | undefined): void {
    this.node = this.#start(snapshot);
  }

  /** A frame arrives. False if it was damaged, which must end the link. */
  receive(from: number, frame: Uint8Array): boolean {
    try {
      const decoder = new FrameDecoder();
      let payloads = 0;
      decoder.push(frame, frame.length, (payload) => {
        payloads++;
        this.node.receive(String(from), payload);
      });
      // A damaged length may promise more than comes: on a real link the next frame shows it.
      if (payloads === 1) return true;
      throw new WireError('a frame cut short');
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.node.fault(String(from));
      return false;
    }
  }

  /** The handshake with `peer` is done. */
  linkUp(peer: SimulatedNode): void {
    const direction = `${this.index}>${peer.index}`;
    this.node.linkUp(String(peer.index), peer.node.replica, {
      send: (payload) => this.#network.send(this.index, peer.index, encodeFrame(payload), this.#nowMs),
      queuedBytes: () => (this.#network.congested.has(direction) ? QUEUE_BYTES_MAX + 1 : 0),
    });
  }

  #start(snapshot: Uint8Array | undefined): ReplicationNode {
    // A new name at every start, as the server draws one.
    const clock = new HybridClock(`n${this.index}-${this.#starts++}`, () => this.wallMs());
    const store = new ReplicaStore(clock, BUCKETS);
    if (snapshot !== undefined) restoreSnapshot(store, snapshot);
    const peers = Array.from({ length: this.#peerCount }, (_, peer) => String(peer));
    return new ReplicationNode(
      store,
      peers.filter((peer) => peer !== String(this.index)),
      (flush) => (this.#batches ? new BatchedDeltas(flush) : new ImmediateDeltas(flush)),
      () => this.wallMs(),
      { changed() {} },
    );
  }
}
