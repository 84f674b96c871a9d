/**
 * Clients that wait for a key: BLPOP and its kin. A command that finds nothing is kept with its arguments; when one of its keys
 * has changed it runs again, in the order in which the clients came to wait for that key. Whatever then answers is its reply; what finds nothing
 * again waits on.
 *
 * A key is only noted while a command runs (`signal`), and those who wait are served after it (`serve`), so that a transaction or a script
 * is over before anybody sees what it did.
 */
import { toLatin1 } from '../../base/bytes.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import type { ValueTypeId } from '../keyspace/keyspace.ts';
import type { Client } from './client.ts';

/** What a command says that has to wait. */
export interface WaitFor {
  /** Indices of the keys among the arguments. */
  readonly keyIndices: readonly number[];
  readonly dbIndex: number;
  /** Only a key of this type is worth another try. */
  readonly type: ValueTypeId;
  /** Absolute ms, 0 for ever. */
  readonly deadlineMs: number;
  /** Also when the key goes, or becomes something else (XREADGROUP: its group is gone then). */
  readonly untilRemoved?: boolean;
}

export class BlockedClient {
  readonly client: Client;
  readonly entry: CommandEntry;
  readonly args: Arguments;
  readonly wait: WaitFor;
  /** By name: database and key. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
  /** Takes the reply to the client, when there is one. */
  deliver: (reply: Uint8Array) => void;

  constructor(client: Client, entry: CommandEntry, args: Arguments, wait: WaitFor) {
    this.client = client;
    this.entry = entry;
    this.args = args;
    this.wait = wait;
    this.keys = new Map(
      wait.keyIndices.map((i) => [nameOf(wait.dbIndex, args.view(i)), args.view(i)] as const),
    );
    this.deliver = (reply) => client.link.send(reply);
  }
}

const nameOf = (dbIndex: number, key: Uint8Array): string => `${dbIndex}:${toLatin1(key)}`;

/** CLIENT UNBLOCK: as if its time were up, or with an error. */
export type Dismissal = 'timeout' | 'error';

/** What is done for those who wait. */
export interface BlockedService {
  /** Whether this key of the client's is what it waits for. */
  isWorthwhile(blocked: BlockedClient, key: Uint8Array): boolean;
  /** Runs the command again; true if it has answered. */
  retry(blocked: BlockedClient): boolean;
  dismiss(blocked: BlockedClient, how: Dismissal): void;
}

export class BlockedClients {
  /** By database and key, in order of arrival. */
  readonly #waiting = new Map<string, Set<BlockedClient>>();
  readonly #all = new Set<BlockedClient>();
  #signalled = new Set<string>();
  #dismissed = new Map<BlockedClient, Dismissal>();
  /** Clients that may go on: what they had sent behind the command runs after the turn in which they were answered. */
  #released: Client[] = [];
  /** No deadline lies before this. */
  #earliestDeadlineMs = Number.POSITIVE_INFINITY;
  /** Called when the first comes and when the last has gone. */
  onChange: () => void = () => {};

  get count(): number {
    return this.#all.size;
  }

  /** Clients with a time limit. */
  get timedCount(): number {
    let count = 0;
    for (const { wait } of this.#all) if (wait.deadlineMs !== 0) count++;
    return count;
  }

  /** Different keys waited for, all or those whose removal is waited for too. */
  keyCount(untilRemoved: boolean): number {
    if (!untilRemoved) return this.#waiting.size;
    let count = 0;
    for (const waiting of this.#waiting.values())
      if ([...waiting].some(({ wait }) => wait.untilRemoved === true)) count++;
    return count;
  }

  /** Whether `serve` has something to do. */
  get isDue(): boolean {
    return this.#signalled.size > 0 || this.#dismissed.size > 0;
  }

  add(blocked: BlockedClient): void {
    const { client, keys, wait } = blocked;
    client.blocked = blocked;
    this.#all.add(blocked);
    for (const name of keys.keys()) {
      const waiting = this.#waiting.get(name);
      if (waiting === undefined) this.#waiting.set(name, new Set([blocked]));
      else waiting.add(blocked);
    }
    if (wait.deadlineMs !== 0) this.#earliestDeadlineMs = Math.min(this.#earliestDeadlineMs, wait.deadlineMs);
    this.onChange();
  }

  /** Takes a client out whatever it waited for: it was answered, or has gone. */
  remove(blocked: BlockedClient): void {
    if (!this.#all.delete(blocked)) return;
    blocked.client.blocked = undefined;
    for (const name of blocked.keys.keys()) {
      const waiting = this.#waiting.get(name)!;
      waiting.delete(blocked);
      if (waiting.size === 0) this.#waiting.delete(name);
    }
    this.#released.push(blocked.client);
    this.onChange();
  }

  /** Lets a client go on that waited for another shard. */
  release(client: Client): void {
    this.#released.push(client);
  }

  /** A key has changed. */
  signal(dbIndex: number, key: Uint8Array): void {
    const name = nameOf(dbIndex, key);
    if (this.#waiting.has(name)) this.#signalled.add(name);
  }

  /** All keys of a database may have. */
  signalDatabase(dbIndex: number): void {
    for (const name of this.#waiting.keys()) if (name.startsWith(`${dbIndex}:`)) this.#signalled.add(name);
  }

  /** Ends a client's waiting, after the command that asks for it; false if that was asked for already. */
  dismiss(blocked: BlockedClient, how: Dismissal): boolean {
    if (this.#dismissed.has(blocked)) return false;
    this.#dismissed.set(blocked, how);
    return true;
  }

  /** Serves those who wait for the keys signalled, until nothing more is signalled. */
  serve(service: BlockedService): void {
    for (const [blocked, how] of this.#dismissed) this.#dismiss(blocked, how, service);
    this.#dismissed.clear();
    while (this.#signalled.size > 0) {
      const names = this.#signalled;
      this.#signalled = new Set();
      for (const name of names) {
        for (const blocked of [...(this.#waiting.get(name) ?? [])]) {
          // Served for another key, or gone, since the list was made.
          if (!this.#all.has(blocked) || !service.isWorthwhile(blocked, blocked.keys.get(name)!)) continue;
          if (service.retry(blocked)) this.remove(blocked);
        }
      }
    }
  }

  /** Dismisses those whose time is up. */
  expire(nowMs: number, service: BlockedService): void {
    for (const blocked of this.#overdue(nowMs)) this.#dismiss(blocked, 'timeout', service);
  }

  #dismiss(blocked: BlockedClient, how: Dismissal, service: BlockedService): void {
    if (!this.#all.has(blocked)) return;
    this.remove(blocked);
    service.dismiss(blocked, how);
  }

  /** When the next one has waited long enough, infinite if nobody has a limit; 0 if someone may go on. */
  nextMs(): number {
    return this.#released.length > 0 ? 0 : this.#earliestDeadlineMs;
  }

  #overdue(nowMs: number): BlockedClient[] {
    if (nowMs < this.#earliestDeadlineMs) return [];
    const overdue: BlockedClient[] = [];
    let earliest = Number.POSITIVE_INFINITY;
    for (const blocked of this.#all) {
      const { deadlineMs } = blocked.wait;
      if (deadlineMs === 0) continue;
      if (deadlineMs <= nowMs) overdue.push(blocked);
      else if (deadlineMs < earliest) earliest = deadlineMs;
    }
    this.#earliestDeadlineMs = earliest;
    // In the order of their deadlines, as a clock would have told them.
    return overdue.sort((a, b) => a.wait.deadlineMs - b.wait.deadlineMs);
  }

  /** Lets those who were answered go on with what they had sent behind. To be called when no request is running. */
  resume(): void {
    while (this.#released.length > 0) {
      const released = this.#released;
      this.#released = [];
      for (const client of released) if (!client.closing) client.link.resume();
    }
  }
}
