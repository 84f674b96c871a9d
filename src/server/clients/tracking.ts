/**
 * Client-side caching: which clients may hold which keys, and the messages that tell them to forget. Two ways, as in Redis: keys that a
 * client has read are remembered in a table until they change once (`remember`, `invalidate`); a client in broadcast mode hears of every change to keys
 * of its prefixes, gathered over a turn (`broadcast`).
 *
 * Keys are known by name alone, whatever their database, and a client that has left stays in the table until its keys change: both as in Redis.
 * What a client's own command invalidates is told behind that command's reply, or behind the whole of its transaction (`settle`).
 */
import { fromLatin1, toLatin1 } from '../../base/bytes.ts';
import type { Client } from './client.ts';
import { push } from './push.ts';
import type { ClientRegistry } from './registry.ts';
import { type TrackingMode, TrackingSession } from './trackingSession.ts';

/** CLIENT TRACKING ON. */
export interface TrackingOptions {
  readonly mode: TrackingMode;
  readonly skipsOwn: boolean;
  readonly redirectId: number;
  /** Latin1; none means all keys. */
  readonly prefixes: readonly string[];
}

/** Who listens to a prefix, and which of its keys have changed in this turn: by whom, undefined if by the server itself. */
interface Broadcast {
  readonly clients: Set<Client>;
  keys: Map<string, Client | undefined>;
}

/** Keys forgotten at once to get below `keysMax`; times how often that was not enough. Redis's effort. */
const KEYS_FORGOTTEN_AT_ONCE = 100;

const INVALIDATE = fromLatin1('>2\r\n$10\r\ninvalidate\r\n');
const INVALIDATE_MESSAGE = fromLatin1('*3\r\n$7\r\nmessage\r\n$20\r\n__redis__:invalidate\r\n');
const NIL = { 2: fromLatin1('$-1\r\n'), 3: fromLatin1('_\r\n') };

const keyList = (keys: readonly string[]): Uint8Array =>
  fromLatin1(`*${keys.length}\r\n${keys.map((key) => `$${key.length}\r\n${key}\r\n`).join('')}`);

export class Tracking {
  /** Clients that track. */
  readonly clients = new Set<Client>();
  /** tracking-table-max-keys, 0 for no limit. */
  keysMax = 0;
  /** Pairs of key and client remembered. */
  itemCount = 0;
  /** Whether `broadcast` has something to tell. */
  isDue = false;
  /** Called when the first comes and when the last has gone. */
  onChange: () => void = () => {};
  /** By key, the ids of those who have read it. */
  readonly #readers = new Map<string, Set<number>>();
  readonly #broadcasts = new Map<string, Broadcast>();
  readonly #registry: ClientRegistry;
  readonly #current: () => Client;
  #shortfalls = 0;

  /** @param current who is running a command now. */
  constructor(registry: ClientRegistry, current: () => Client) {
    this.#registry = registry;
    this.#current = current;
  }

  /** Keys remembered. */
  get keyCount(): number {
    return this.#readers.size;
  }

  /** Prefixes listened to. */
  get prefixCount(): number {
    return this.#broadcasts.size;
  }

  /** Begins, or changes the options; the caller has checked that these go together. */
  start(client: Client, options: TrackingOptions): void {
    client.tracking ??= new TrackingSession();
    const session = client.tracking;
    session.mode = options.mode;
    session.skipsOwn = options.skipsOwn;
    session.redirectId = options.redirectId;
    session.isRedirectBroken = false;
    if (options.mode === 'bcast') {
      const prefixes = options.prefixes.length === 0 ? [''] : options.prefixes;
      for (const prefix of prefixes) this.#listen(client, session, prefix);
    }
    this.clients.add(client);
    this.onChange();
  }

  #listen(client: Client, session: TrackingSession, prefix: string): void {
    session.prefixes.add(prefix);
    const broadcast = this.#broadcasts.get(prefix);
    if (broadcast !== undefined) broadcast.clients.add(client);
    else this.#broadcasts.set(prefix, { clients: new Set([client]), keys: new Map() });
  }

  /** CLIENT TRACKING OFF, RESET, the end of the connection. */
  stop(client: Client): void {
    const session = client.tracking;
    if (session === undefined) return;
    for (const prefix of session.prefixes) {
      const { clients } = this.#broadcasts.get(prefix)!;
      clients.delete(client);
      if (clients.size === 0) this.#broadcasts.delete(prefix);
    }
    client.tracking = undefined;
    this.clients.delete(client);
    // Nobody is told of changes from here on, so what is remembered would grow old.
    if (this.clients.size === 0) this.#forgetAll();
    this.onChange();
  }

  /** A client has read keys (latin1). */
  remember(client: Client, keys: readonly string[]): void {
    for (const key of keys) {
      const readers = this.#readers.get(key);
      if (readers?.has(client.id)) continue;
      if (readers === undefined) this.#readers.set(key, new Set([client.id]));
      else readers.add(client.id);
      this.itemCount++;
    }
    this.limit();
  }

  /** A key has changed, come or gone. @param isByClient by the command that runs; otherwise by the server itself. */
  invalidate(key: Uint8Array, isByClient: boolean): void {
    const name = toLatin1(key);
    for (const [prefix, { keys }] of this.#broadcasts) {
      if (!name.startsWith(prefix)) continue;
      keys.set(name, isByClient ? this.#current() : undefined);
      this.isDue = true;
    }
    this.#forget(name);
  }

  /** Has all readers of a key forget it. */
  #forget(name: string): void {
    const readers = this.#readers.get(name);
    if (readers === undefined) return;
    this.#readers.delete(name);
    this.itemCount -= readers.size;
    const current = this.#current();
    for (const id of readers) {
      const client = this.#registry.get(id);
      const session = client?.tracking;
      if (client === undefined || session === undefined || session.mode === 'bcast') continue;
      if (client !== current) this.#tell(client, session, keyList([name]));
      else if (!session.skipsOwn) session.pending.push(name);
    }
  }

  /** FLUSHALL and FLUSHDB: all that anybody holds may be wrong, in whatever database. */
  invalidateAll(): void {
    const current = this.#current();
    for (const client of this.clients) {
      if (client === current) client.tracking!.pending.push(undefined);
      else this.#tell(client, client.tracking!, NIL[client.protocol]);
    }
    this.#forgetAll();
  }

  #forgetAll(): void {
    this.#readers.clear();
    this.itemCount = 0;
  }

  /** A client's command is over: tells it what that has invalidated. */
  settle(client: Client): void {
    const session = client.tracking;
    if (session === undefined || session.pending.length === 0) return;
    const { pending } = session;
    session.pending = [];
    for (const name of pending)
      this.#tell(client, session, name === undefined ? NIL[client.protocol] : keyList([name]));
  }

  /** At the end of a turn: tells those who listen to prefixes what has changed in it. */
  broadcast(): void {
    if (!this.isDue) return;
    this.isDue = false;
    for (const prefix of [...this.#broadcasts.keys()].sort()) {
      const broadcast = this.#broadcasts.get(prefix)!;
      const { clients, keys } = broadcast;
      if (keys.size === 0) continue;
      broadcast.keys = new Map();
      const names = [...keys.keys()].sort();
      const all = keyList(names);
      for (const client of clients) {
        const session = client.tracking!;
        const foreign = session.skipsOwn ? names.filter((name) => keys.get(name) !== client) : names;
        if (foreign.length === 0) continue;
        const list = foreign.length === names.length ? all : keyList(foreign);
        // The turn is over: nobody's reply is still to come.
        this.#tell(client, session, list, true);
      }
    }
  }

  /** Forgets the keys remembered longest while there are too many: some at a time, more the longer that has not sufficed. */
  limit(): void {
    if (this.keysMax === 0) return;
    let left = KEYS_FORGOTTEN_AT_ONCE * (this.#shortfalls + 1);
    for (const name of this.#readers.keys()) {
      if (this.#readers.size <= this.keysMax || left === 0) break;
      this.#forget(name);
      left--;
    }
    this.#shortfalls = this.#readers.size > this.keysMax ? this.#shortfalls + 1 : 0;
  }

  #tell(client: Client, session: TrackingSession, payload: Uint8Array, isTurnOver = false): void {
    const { redirectId } = session;
    const target = redirectId === 0 ? client : this.#registry.get(redirectId);
    if (target === undefined || (target !== client && target.closing)) {
      session.isRedirectBroken = true;
      if (client.protocol === 3)
        this.#send(
          client,
          fromLatin1(`>2\r\n$21\r\ntracking-redir-broken\r\n:${redirectId}\r\n`),
          isTurnOver,
        );
    } else if (target.protocol === 3) {
      this.#send(target, Buffer.concat([INVALIDATE, payload]), isTurnOver);
    } else if (redirectId !== 0 && target.subscriptions !== undefined) {
      // RESP2 has no pushes, but a client that is subscribed to anything expects messages.
      this.#send(target, Buffer.concat([INVALIDATE_MESSAGE, payload]), isTurnOver);
    }
  }

  #send(target: Client, bytes: Uint8Array, isTurnOver: boolean): void {
    if (isTurnOver) target.link.send(bytes);
    else push(target, this.#current(), bytes);
  }
}
