import { Client, type ClientLink } from './client.ts';

/** Every connected client by id, and what concerns all of them: pauses and totals. */
export class ClientRegistry {
  readonly #clients = new Map<number, Client>();
  #nextId = 1;
  /** CLIENT PAUSE: until when (ms since epoch, 0 = not paused) and whether only writes wait. */
  pausedUntilMs = 0;
  pauseWritesOnly = false;
  connectionsTotal = 0;
  connectionsRejected = 0;

  get size(): number {
    return this.#clients.size;
  }

  add(link: ClientLink, authenticated: boolean, nowMs: number): Client {
    const client = new Client(this.#nextId++, link, authenticated, nowMs);
    this.#clients.set(client.id, client);
    this.connectionsTotal++;
    return client;
  }

  /** A client that is in no list: stands in where the server itself acts. */
  outsider(link: ClientLink, nowMs: number): Client {
    return new Client(0, link, true, nowMs);
  }

  remove(client: Client): void {
    this.#clients.delete(client.id);
  }

  get(id: number): Client | undefined {
    return this.#clients.get(id);
  }

  /** In the order of their ids. */
  all(): IterableIterator<Client> {
    return this.#clients.values();
  }
}
