/**
 * Who may do what, for a shard: its users, the sessions that are theirs, and the log of what was refused. All shards have the same
 * users; each looks after its own sessions.
 *
 * A session whose user may do everything is not checked at all: `Client.isRestricted` says whether there is anything to check, and is
 * kept in step here whenever a session or a user changes.
 */
import { toLatin1 } from '../../base/bytes.ts';
import type { Client } from '../clients/client.ts';
import type { ClientRegistry } from '../clients/registry.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import { clientLine } from '../commands/connection/client/clientLine.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { AccessLog, type Refusal, type RefusalContext, type RefusalReason } from './accessLog.ts';
import { type Denial, denialOf, denialText } from './denial.ts';
import { channelsLeft, isSubscribedBeyond } from './revokedChannels.ts';
import type { User } from './user.ts';
import type { Users } from './users.ts';

/** A command as it is judged; what it is to be told if it may not run. */
export interface Judgement extends Denial {
  /** Without the code NOPERM. */
  readonly text: string;
}

export interface AccessParts {
  readonly users: Users;
  readonly clients: ClientRegistry;
  readonly configuration: Configuration;
  readonly shard: { readonly index: number; readonly count: number };
  /** Whose command runs now. */
  current(): Client;
  /** Milliseconds since the epoch. */
  nowMs(): number;
}

export class AccessControl {
  readonly users: Users;
  readonly log: AccessLog;
  /** Since the start, for INFO. */
  readonly refusals: Record<RefusalReason, number> = { auth: 0, command: 0, key: 0, channel: 0 };
  readonly #parts: AccessParts;

  constructor(parts: AccessParts) {
    this.#parts = parts;
    this.users = parts.users;
    this.log = new AccessLog(parts.shard.index, parts.shard.count);
    const { configuration } = parts;
    this.users.setDefaultPassword(configuration.text('requirepass'));
    configuration.onChange('requirepass', () => {
      this.users.setDefaultPassword(configuration.text('requirepass'));
      parts.clients.reviewAll();
    });
  }

  /**
   * Whether the client's user may run the command; a refusal is counted and logged. Who asks has looked at `isRestricted` first if it
   * matters how long this takes, and has checked the number of arguments.
   * @param context where the command was: inside a script `lua`.
   */
  refuse(
    client: Client,
    entry: CommandEntry,
    args: Arguments,
    context: RefusalContext,
  ): Judgement | undefined {
    const denial = denialOf(client.user, entry, args);
    if (denial === undefined) return undefined;
    const object = denial.reason === 'command' ? entry.fullName : toLatin1(args.view(denial.index));
    this.#note(client, { reason: denial.reason, context, object, userName: client.user.name });
    return { ...denial, text: denialText(client.user, entry, denial) };
  }

  /** As `refuse`, without a trace. */
  permits(client: Client, entry: CommandEntry, args: Arguments): boolean {
    return denialOf(client.user, entry, args) === undefined;
  }

  #note(client: Client, refusal: Refusal): void {
    this.refusals[refusal.reason]++;
    const { clients, configuration } = this.#parts;
    const nowMs = this.#parts.nowMs();
    this.log.add(refusal, clientLine(client, clients, nowMs), nowMs, configuration.number('acllog-max-len'));
  }

  /** AUTH and HELLO; false if the pair is wrong. @param command the name by which it was called. */
  login(client: Client, name: string, password: Uint8Array, command: string): boolean {
    const user = this.users.get(name);
    if (user?.accepts(password)) {
      client.user = user;
      client.hasLoggedIn = true;
      this.#parts.clients.review(client);
      return true;
    }
    const context = client.transaction === undefined ? 'toplevel' : 'multi';
    this.#note(client, { reason: 'auth', context, object: command, userName: name });
    return false;
  }

  /** ACL SETUSER; the reason if it is refused. */
  setUser(name: string, words: readonly string[]): string | undefined {
    const made = this.users.changed(name, words);
    if (typeof made === 'string') return made;
    this.#endSubscriptions(made);
    this.users.put(made);
    this.#changed();
    return undefined;
  }

  /** Before a user changes: those who listen where they no longer may. */
  #endSubscriptions(after: User): void {
    const before = this.users.get(after.name);
    const left = before === undefined ? undefined : channelsLeft(before, after);
    if (left === undefined) return;
    for (const client of this.#sessionsOf(before!)) if (isSubscribedBeyond(client, left)) this.#end(client);
  }

  /** ACL DELUSER of one; true if there was such a user, whose connections end. */
  deleteUser(name: string): boolean {
    const user = this.users.get(name);
    if (user === undefined || !this.users.delete(name)) return false;
    for (const client of this.#sessionsOf(user)) this.#end(client);
    this.#changed();
    return true;
  }

  /** ACL LOAD: the users of a file's text take the place of all others; the reasons if there is a mistake in it. */
  replaceUsers(text: string, path: string): string | undefined {
    const users = this.users.parse(text, path);
    if (typeof users === 'string') return users;
    for (const before of this.users.all()) {
      const after = users.get(before.name);
      if (after !== undefined) this.#endSubscriptions(after);
      else this.deleteUser(before.name);
    }
    this.users.replaceAll(users);
    this.#changed();
    return undefined;
  }

  #changed(): void {
    this.#parts.clients.reviewAll();
    // The control plane asks again whom it may let in.
    this.#parts.configuration.changes++;
  }

  #sessionsOf(user: User): Client[] {
    return [...this.#parts.clients.all()].filter((client) => client.user === user);
  }

  /** The connection closes; until then it is nobody's. */
  #end(client: Client): void {
    this.#parts.clients.toDefaultUser(client);
    client.hasLoggedIn = false;
    this.#parts.clients.review(client);
    if (client === this.#parts.current()) client.link.closeAfterReply();
    else client.link.closeNow();
  }
}
