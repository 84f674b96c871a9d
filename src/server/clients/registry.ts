import type { ShardPosition } from '../routing/slots.ts';
import { Client, type ClientLink } from './client.ts';

/** Every connected client by id, and what concerns all of them: pauses and totals. */
export class ClientRegistry {
  readonly #clients = new Map<number, Client>();
  #nextId: number;
  readonly #idStep: number;
  readonly #openEverywhere: Int32Array | undefined;
  /** CLIENT PAUSE: until when (ms since epoch, 0 = not paused) and whether only writes wait. */
  pausedUntilMs = 0;
  pauseWritesOnly = false;
  /** Those whose requests wait for its end. */
  readonly held = new Set<Client>();
  connectionsTotal = 0;
  connectionsRejected = 0;

  /**
   * @param shard its index and the number of shards decide which ids are given here: no two shards give the same
   * @param openEverywhere one cell that all shards share, for the number of their connections; undefined with one shard
   */
  constructor(shard: ShardPosition, openEverywhere: Int32Array | undefined) {
    this.#nextId = shard.index + 1;
    this.#idStep = shard.count;
    this.#openEverywhere = openEverywhere;
  }

  /** Connections of this shard. */
  get size(): number {
    return this.#clients.size;
  }

  /** Connections of all shards. */
  get sizeEverywhere(): number {
    return this.#openEverywhere === undefined ? this.#clients.size : Atomics.load(this.#openEverywhere, 0);
  }

  /** CLIENT PAUSE is in force. */
  isPausedAt(nowMs: number): boolean {
    return this.pausedUntilMs > nowMs;
  }

  add(link: ClientLink, authenticated: boolean, nowMs: number): Client {
    const client = new Client(this.#nextId, link, authenticated, nowMs);
    this.#nextId += this.#idStep;
    this.#clients.set(client.id, client);
    if (this.#openEverywhere !== undefined) Atomics.add(this.#openEverywhere, 0, 1);
    this.connectionsTotal++;
    return client;
  }

  /** A client that is in no list: stands in where the server itself acts. */
  outsider(link: ClientLink, nowMs: number): Client {
    return new Client(0, link, true, nowMs);
  }

  remove(client: Client): void {
    const wasOpen = this.#clients.delete(client.id);
    this.held.delete(client);
    if (wasOpen && this.#openEverywhere !== undefined) Atomics.sub(this.#openEverywhere, 0, 1);
  }

  get(id: number): Client | undefined {
    return this.#clients.get(id);
  }

  /** In the order of their ids. */
  all(): IterableIterator<Client> {
    return this.#clients.values();
  }
}
