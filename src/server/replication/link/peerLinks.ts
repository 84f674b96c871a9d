/**
 * The connections of a node to its peers. Every node dials every other, so between two nodes there are two connections, each used
 * in one direction. A connection that breaks, or whose bytes break a rule, is dialled again; the first thing said on the new one
 * is a question for what differs.
 */
import type { Dialer } from '../../../ports/dialer.ts';
import type { Log } from '../../../ports/log.ts';
import type { Socket, SocketEvents } from '../../../ports/net.ts';
import type { Rng } from '../../../ports/rng.ts';
import type { ReplicationNode } from '../replicationNode.ts';
import { WireError } from '../wire/wireBytes.ts';
import { createGreeting, type Prover } from './handshake.ts';
import { IncomingLink } from './incomingLink.ts';
import { OutgoingLink } from './outgoingLink.ts';

const REDIAL_MS = 250;
/** Each time a peer answers with something wrong (another secret, say), twice as long until the next try, up to this. */
const REDIAL_MS_MAX = 16_000;
/** Who has not proved by then that it knows the secret is turned away. */
const PROOF_PATIENCE_MS = 5000;

export interface PeerAddress {
  /** As configured, `host:port`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

export class PeerLinks {
  readonly #node: ReplicationNode;
  readonly #prover: Prover;
  readonly #dialer: Dialer;
  readonly #rng: Rng;
  readonly #log: Log;
  readonly #peers: readonly PeerAddress[];
  readonly #dialledMs = new Map<string, number>();
  /** From the dial to the close. */
  readonly #outgoing = new Map<string, OutgoingLink | undefined>();
  /** With the time of their arrival. */
  readonly #incoming = new Map<IncomingLink, number>();
  readonly #redialMs = new Map<string, number>();
  #nowMs = 0;
  #isStopped = false;

  constructor(
    node: ReplicationNode,
    peers: readonly PeerAddress[],
    prover: Prover,
    dialer: Dialer,
    rng: Rng,
    log: Log,
  ) {
    this.#node = node;
    this.#peers = peers;
    this.#prover = prover;
    this.#dialer = dialer;
    this.#rng = rng;
    this.#log = log;
  }

  /** @param nowMs monotonic. */
  tick(nowMs: number): void {
    this.#nowMs = nowMs;
    for (const [link, sinceMs] of this.#incoming)
      if (link.replica === '' && nowMs - sinceMs >= PROOF_PATIENCE_MS) link.close();
    for (const peer of this.#peers) {
      if (this.#outgoing.has(peer.name)) continue;
      const dialledMs = this.#dialledMs.get(peer.name) ?? Number.NEGATIVE_INFINITY;
      if (nowMs - dialledMs < (this.#redialMs.get(peer.name) ?? REDIAL_MS)) continue;
      this.#dialledMs.set(peer.name, nowMs);
      this.#dial(peer);
    }
  }

  accept(socket: Socket): SocketEvents {
    const link = new IncomingLink(socket, this.#greeting(), this.#prover, {
      payload: (replica, payload) => {
        const name = this.#nameOf(replica);
        // The peer's successor has been met meanwhile.
        if (name === undefined) throw new WireError('a message of a process that is no peer any more');
        this.#node.receive(name, payload);
      },
      isPeer: (replica) => this.#nameOf(replica) !== undefined,
      fault: (replica, reason) => this.#fault(this.#nameOf(replica), socket.remoteAddress, reason),
      closed: (closed) => void this.#incoming.delete(closed),
    });
    this.#incoming.set(link, this.#nowMs);
    return link;
  }

  stop(): void {
    this.#isStopped = true;
    for (const link of this.#incoming.keys()) link.close();
    for (const link of this.#outgoing.values()) link?.close();
  }

  #dial(peer: PeerAddress): void {
    const { name } = peer;
    this.#outgoing.set(name, undefined);
    const open = (socket: Socket): SocketEvents => {
      const link: OutgoingLink = new OutgoingLink(socket, this.#greeting(), this.#prover, {
        open: (replica) => this.#opened(name, replica, link),
        closed: () => this.#closed(name),
        fault: (reason) => {
          this.#redialMs.set(name, Math.min(2 * (this.#redialMs.get(name) ?? REDIAL_MS), REDIAL_MS_MAX));
          this.#fault(name, name, reason);
        },
      });
      this.#outgoing.set(name, link);
      if (this.#isStopped) link.close();
      return link;
    };
    this.#dialer.dial(peer.host, peer.port, open, () => void this.#outgoing.delete(name));
  }

  #opened(name: string, replica: string, link: OutgoingLink): void {
    this.#redialMs.delete(name);
    this.#log.write('notice', `Replication: linked with peer ${name}.`);
    this.#node.linkUp(name, replica, link);
    for (const incoming of this.#incoming.keys()) if (incoming.replica === replica) incoming.resume();
  }

  #closed(name: string): void {
    this.#outgoing.delete(name);
    if (!this.#node.peers.get(name)!.connected) return;
    this.#node.linkDown(name);
    if (!this.#isStopped) this.#log.write('notice', `Replication: lost the link with peer ${name}.`);
  }

  #fault(name: string | undefined, where: string, reason: string): void {
    if (name !== undefined) this.#node.fault(name);
    this.#log.write('warning', `Replication: closed the link with ${name ?? where}: it sent ${reason}.`);
  }

  #greeting(): ReturnType<typeof createGreeting> {
    return createGreeting(this.#node.replica, this.#node.store.digests.bucketCount, this.#rng);
  }

  #nameOf(replica: string): string | undefined {
    if (replica === '') return undefined;
    return this.#peers.find(({ name }) => this.#node.peers.get(name)!.replica === replica)?.name;
  }
}
