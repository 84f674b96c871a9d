import type { Users } from '../access/users.ts';
import type { ShardPosition } from '../routing/slots.ts';
import { Client, type ClientLink } from './client.ts';

/** Every connected client by id, and what concerns all of them: pauses and totals. */
export class ClientRegistry {
  readonly #clients = new Map<number, Client>();
  #nextId: number;
  readonly #idStep: number;
  readonly #openEverywhere: Int32Array | undefined;
  readonly #users: Pick<Users, 'defaultUser' | 'everybody'>;
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
   * @param users whose new connections are, and whose what the server does by itself
   */
  constructor(
    shard: ShardPosition,
    openEverywhere: Int32Array | undefined,
    users: Pick<Users, 'defaultUser' | 'everybody'>,
  ) {
    this.#nextId = shard.index + 1;
    this.#idStep = shard.count;
    this.#openEverywhere = openEverywhere;
    this.#users = users;
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

  add(link: ClientLink, nowMs: number): Client {
    const client = new Client(this.#nextId, link, this.#users.defaultUser, nowMs);
    this.toDefaultUser(client);
    this.#nextId += this.#idStep;
    this.#clients.set(client.id, client);
    if (this.#openEverywhere !== undefined) Atomics.add(this.#openEverywhere, 0, 1);
    this.connectionsTotal++;
    return client;
  }

  /** A client that is in no list and may do everything: stands in where the server itself acts. */
  outsider(link: ClientLink, nowMs: number): Client {
    return new Client(0, link, this.#users.everybody, nowMs);
  }

  /** As when it came: the default user's, who may have to log in. */
  toDefaultUser(client: Client): void {
    client.user = this.#users.defaultUser;
    client.hasLoggedIn = client.user.isOpen;
    this.review(client);
  }

  /** To be called when the client's user, or what that user may do, has changed. */
  review(client: Client): void {
    client.authenticated = client.hasLoggedIn || this.#users.defaultUser.isOpen;
    client.isRestricted = !client.authenticated || !client.user.isUnrestricted;
  }

  reviewAll(): void {
    for (const client of this.#clients.values()) this.review(client);
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
