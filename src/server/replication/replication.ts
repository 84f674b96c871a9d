/**
 * Active-active replication of one shard, assembled: what clients change is captured, gossiped, merged on the other nodes and shown
 * to clients there. Every node takes writes; nodes agree once they have exchanged everything, and no write waits for another node.
 *
 *   client -> command -> keyspace -> ChangeCapture -> ReplicaStore -> DeltaOutbox -> PeerLinks -> peer
 *   peer -> PeerLinks -> ReplicationNode -> ReplicaStore -> StateApplier -> keyspace -> client
 *
 * Rules of merging, by what is written:
 *
 *   SET and every write of a whole string (APPEND, SETRANGE, GETSET, INCRBYFLOAT, ...)   last writer wins
 *   INCR, INCRBY, DECR, DECRBY, HINCRBY                                                  add up (PN counters), see `register.ts`
 *   fields of a hash                                                                     each on its own: last writer wins
 *   EXPIRE, PERSIST, HEXPIRE, ...                                                        absolute instants, last writer wins
 *   DEL, expiry, eviction, FLUSHALL, ...                                                 tombstones
 *   RENAME, COPY, MOVE, RESTORE, SWAPDB, values of other types                           whole keys, last writer wins
 *
 * What it is not: a way to elect anything, to read your writes on another node, or to keep what only a crashed node had. A process keeps
 * its states in memory alone; one that starts again gets everything from its peers.
 */
import type { CommandSpec } from '../commands/command.ts';
import type { KeyspaceFactory } from '../keyspace/keyspace.ts';
import type { ServerState } from '../serverState.ts';
import type { ShardObserver } from '../shardObserver.ts';
import { ChangeCapture } from './capture/changeCapture.ts';
import { ObservedStorage } from './capture/observedStorage.ts';
import { StateApplier } from './capture/stateApplier.ts';
import type { DeltaOutbox, Flush } from './deltaOutbox.ts';
import { HybridClock, TICKS_PER_MS } from './hybridClock.ts';
import type { Peer } from './peer.ts';
import { ReplicaStore } from './replicaStore.ts';
import { ReplicationNode } from './replicationNode.ts';

/** 8 KiB of digests a second and peer; at a million keys a difference costs the transfer of a thousand. */
const BUCKET_COUNT = 1024;

export class Replication implements ShardObserver {
  readonly node: ReplicationNode;
  readonly #capture: ChangeCapture;
  #applier: StateApplier | undefined;

  /** @param replica a name never used before: drawn anew at every start. */
  constructor(
    replica: string,
    peerNames: readonly string[],
    createOutbox: (flush: Flush) => DeltaOutbox,
    wallMs: () => number,
  ) {
    const store = new ReplicaStore(new HybridClock(replica, wallMs), BUCKET_COUNT);
    this.node = new ReplicationNode(store, peerNames, createOutbox, wallMs, {
      changed: (key, change) => {
        this.#capture.unheard(() => this.#applier?.apply(key, change));
        // What clients that have waited for it take away is this node's own write.
        this.#applier?.serveBlocked();
      },
    });
    this.#capture = new ChangeCapture(store, (key, delta) => this.node.wrote(key, delta));
  }

  commands(specs: readonly CommandSpec[]): readonly CommandSpec[] {
    return specs.map((spec) => this.#capture.observe(spec));
  }

  storage(storage: KeyspaceFactory): KeyspaceFactory {
    return new ObservedStorage(storage, this.#capture);
  }

  attach(server: ServerState): void {
    this.#capture.attach(server);
    this.#applier = new StateApplier(this.node.store, server);
  }

  infoLines(): string[] {
    const { node } = this;
    const peers = [...node.peers.values()];
    return [
      `peers:${peers.length}`,
      `peers_connected:${peers.filter(({ connected }) => connected).length}`,
      `peer_replica_id:${node.replica}`,
      `peer_keys:${node.store.keyCount}`,
      `peer_tombstones_collected:${node.store.tombstonesCollected}`,
      `peer_pending_keys:${node.outbox.pendingKeys}`,
      `peer_pending_bytes:${node.outbox.pendingBytes}`,
      ...peers.map((peer, index) => this.#peerLine(peer, index)),
    ];
  }

  #peerLine(peer: Peer, index: number): string {
    const { counters } = peer;
    const own = this.node.store.seen.get(this.node.replica);
    // How long ago the last write was made that the peer has acknowledged, measured to the last one made here.
    const acknowledged = peer.seen?.get(this.node.replica) ?? 0;
    const lagMs = own === 0 ? 0 : Math.floor((own - Math.min(acknowledged, own)) / TICKS_PER_MS);
    const fields = {
      address: peer.name,
      state: peer.connected ? 'online' : 'connecting',
      lag_ms: lagMs,
      queue_bytes: this.node.queuedBytes(peer.name),
      deltas_sent: counters.deltasSent,
      deltas_applied: counters.deltasApplied,
      deltas_dropped: counters.deltasDropped,
      messages_sent: counters.messagesSent,
      bytes_sent: counters.bytesSent,
      bytes_received: counters.bytesReceived,
      buckets_repaired: counters.bucketsRepaired,
      rounds: counters.roundsDone,
      faults: counters.faults,
    };
    const text = Object.entries(fields).map(([name, value]) => `${name}=${value}`);
    return `peer${index}:${text.join(',')}`;
  }
}
