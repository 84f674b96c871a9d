/**
 * Who is subscribed to what, and the delivery of messages. Three kinds of subscription, as in Redis: to a channel, to all channels
 * that a glob matches, and to a shard channel, whose names are apart from the others'.
 *
 * Of the shards of a server each knows the subscribers that are connected to it; a message is taken to all of them.
 */
import { fromLatin1, toLatin1 } from '../../base/bytes.ts';
import { globMatch } from '../../base/glob.ts';
import type { Client } from '../clients/client.ts';
import { push } from '../clients/push.ts';

export type SubscriptionKind = 'channel' | 'pattern' | 'shard';

/** What one client is subscribed to. Names are latin1. */
export class Subscriptions {
  readonly channel = new Set<string>();
  readonly pattern = new Set<string>();
  readonly shard = new Set<string>();

  /** What (P)SUBSCRIBE and (P)UNSUBSCRIBE answer as the number left; shard channels are counted apart. */
  countFor(kind: SubscriptionKind): number {
    return kind === 'shard' ? this.shard.size : this.channel.size + this.pattern.size;
  }

  get total(): number {
    return this.channel.size + this.pattern.size + this.shard.size;
  }
}

export class Channels {
  readonly #subscribers: Record<SubscriptionKind, Map<string, Set<Client>>> = {
    channel: new Map(),
    pattern: new Map(),
    shard: new Map(),
  };
  /** Patterns as bytes, for matching. */
  readonly #patterns = new Map<string, Uint8Array>();
  /** Clients with any subscription. */
  clientCount = 0;
  /** Who is running a command now: a message to them waits behind its reply. */
  readonly #current: () => Client;
  /** Takes a message that only this shard knows of to the others; nothing with one shard. */
  forward: (kind: 'channel' | 'shard', channel: Uint8Array, message: Uint8Array) => void = () => {};

  constructor(current: () => Client) {
    this.#current = current;
  }

  /** True if it is new. */
  subscribe(client: Client, kind: SubscriptionKind, name: string): boolean {
    if (client.subscriptions === undefined) {
      client.subscriptions = new Subscriptions();
      this.clientCount++;
    }
    const own = client.subscriptions[kind];
    if (own.has(name)) return false;
    own.add(name);
    const clients = this.#subscribers[kind].get(name);
    if (clients === undefined) this.#subscribers[kind].set(name, new Set([client]));
    else clients.add(client);
    if (kind === 'pattern') this.#patterns.set(name, fromLatin1(name));
    return true;
  }

  /** True if there was such a subscription. */
  unsubscribe(client: Client, kind: SubscriptionKind, name: string): boolean {
    const { subscriptions } = client;
    if (subscriptions === undefined || !subscriptions[kind].delete(name)) return false;
    const clients = this.#subscribers[kind].get(name)!;
    clients.delete(client);
    if (clients.size === 0) {
      this.#subscribers[kind].delete(name);
      if (kind === 'pattern') this.#patterns.delete(name);
    }
    if (subscriptions.total === 0) {
      client.subscriptions = undefined;
      this.clientCount--;
    }
    return true;
  }

  /** The connection has ended, or starts anew. */
  forget(client: Client): void {
    for (const kind of ['channel', 'pattern', 'shard'] as const)
      for (const name of [...(client.subscriptions?.[kind] ?? [])]) this.unsubscribe(client, kind, name);
  }

  /** Delivers to the subscribers of this shard; how many deliveries that were. */
  publish(kind: 'channel' | 'shard', channel: Uint8Array, message: Uint8Array): number {
    const name = toLatin1(channel);
    let delivered = 0;
    const clients = this.#subscribers[kind].get(name);
    if (clients !== undefined) {
      const word = kind === 'shard' ? 'smessage' : 'message';
      delivered += this.#deliver(clients, [fromLatin1(word), channel, message]);
    }
    if (kind === 'shard') return delivered;
    for (const [pattern, bytes] of this.#patterns) {
      if (!globMatch(bytes, 0, bytes.length, channel, 0, channel.length, false)) continue;
      const matched = this.#subscribers.pattern.get(pattern)!;
      delivered += this.#deliver(matched, [fromLatin1('pmessage'), bytes, channel, message]);
    }
    return delivered;
  }

  /** A message that the server itself has to tell, on all shards. */
  publishEverywhere(channel: Uint8Array, message: Uint8Array): void {
    this.publish('channel', channel, message);
    this.forward('channel', channel, message);
  }

  /** RESP2 and RESP3 differ in one byte; each form is made at most once. */
  #deliver(clients: ReadonlySet<Client>, parts: readonly Uint8Array[]): number {
    const forms: (Uint8Array | undefined)[] = [];
    for (const client of clients) {
      forms[client.protocol] ??= pushBytes(client.protocol, parts);
      push(client, this.#current(), forms[client.protocol]!);
    }
    return clients.size;
  }

  /** Names with subscribers on this shard, all or those that match. */
  names(kind: SubscriptionKind, glob?: Uint8Array): string[] {
    const names = [...this.#subscribers[kind].keys()];
    if (glob === undefined) return names;
    return names.filter((name) => {
      const bytes = fromLatin1(name);
      return globMatch(glob, 0, glob.length, bytes, 0, bytes.length, false);
    });
  }

  subscriberCount(kind: SubscriptionKind, name: string): number {
    return this.#subscribers[kind].get(name)?.size ?? 0;
  }

  /** Different names with subscribers on this shard. */
  nameCount(kind: SubscriptionKind): number {
    return this.#subscribers[kind].size;
  }
}

const CR_LF = fromLatin1('\r\n');

function pushBytes(protocol: 2 | 3, parts: readonly Uint8Array[]): Uint8Array {
  const pieces: Uint8Array[] = [fromLatin1(`${protocol === 3 ? '>' : '*'}${parts.length}\r\n`)];
  for (const part of parts) pieces.push(fromLatin1(`$${part.length}\r\n`), part, CR_LF);
  return Buffer.concat(pieces);
}
