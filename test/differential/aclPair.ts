/**
 * Two servers that are told the same, over several connections each, and whose replies are held against each other: ours and a Redis.
 * What no two servers can agree on (times, addresses, random passwords) is left out before.
 */
import { encodeRequest } from '../../src/server/commands/commandHarness.ts';
import { type ReplyTree, readTree, treeText } from './replyTree.ts';
import { RespConnection } from './respConnection.ts';

/** Whose connection: the administrator stays the default user; the others log in as they like, `three` speaks RESP3. */
export type Role = 'admin' | 'two' | 'three';
export type Step = readonly [Role, ...string[]];

const ROLES: readonly Role[] = ['admin', 'two', 'three'];
/** Of a client's line, what does not depend on sockets and memory. */
const CLIENT_FIELDS = /\b(name|flags|db|sub|psub|ssub|multi|cmd|user|resp)=\S*/g;
const CLOSED = 'the connection is closed';

/** Messages of others come between: in which order is nobody's business here. */
async function nextReply(connection: RespConnection): Promise<ReplyTree> {
  for (;;) {
    const tree = readTree((await connection.receive(1))[0]!);
    if (!/^[ps]?message$/.test(tree.items?.[0]?.text ?? '')) return tree;
  }
}

class Side {
  readonly #port: number;
  readonly #connections = new Map<Role, RespConnection>();

  constructor(port: number) {
    this.#port = port;
  }

  async connect(role: Role): Promise<void> {
    this.#connections.get(role)?.close();
    this.#connections.set(role, await RespConnection.open(this.#port));
    if (role === 'three') await this.ask(role, ['HELLO', '3']);
  }

  /** The reply, and those that follow the first of several subscriptions. */
  async ask(role: Role, words: readonly string[]): Promise<ReplyTree | undefined> {
    const connection = this.#connections.get(role)!;
    try {
      connection.send(encodeRequest(words));
      const first = await nextReply(connection);
      const isConfirmation = /^[ps]?(un)?subscribe$/.test(first.items?.[0]?.text ?? '');
      if (!isConfirmation || words.length <= 2) return first;
      const items = [first];
      while (items.length < words.length - 1) items.push(await nextReply(connection));
      return { type: '*', text: '', items };
    } catch (problem) {
      if (connection.closed || /closed|EPIPE|ECONNRESET/.test((problem as Error).message)) return undefined;
      throw new Error(`${role} asked ${JSON.stringify(words)} on port ${this.#port}`, { cause: problem });
    }
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }
}

export class AclPair {
  readonly #ours: Side;
  readonly #theirs: Side;
  /** What was said so far, for the one who reads of a difference. */
  readonly trail: string[] = [];

  constructor(oursPort: number, theirsPort: number) {
    this.#ours = new Side(oursPort);
    this.#theirs = new Side(theirsPort);
  }

  /** New connections for all, and nobody but the default user. */
  async begin(): Promise<void> {
    this.trail.length = 0;
    for (const role of ROLES) await this.#connect(role);
    const users = readNames((await this.#theirs.ask('admin', ['ACL', 'USERS']))!).filter(
      (name) => name !== 'default',
    );
    if (users.length > 0) await this.#both('admin', ['ACL', 'DELUSER', ...users]);
    await this.#both('admin', ['ACL', 'LOG', 'RESET']);
    await this.#both('admin', ['FLUSHALL']);
  }

  async #connect(role: Role): Promise<void> {
    await Promise.all([this.#ours.connect(role), this.#theirs.connect(role)]);
  }

  #both(role: Role, words: readonly string[]): Promise<(ReplyTree | undefined)[]> {
    return Promise.all([this.#ours.ask(role, words), this.#theirs.ask(role, words)]);
  }

  /** One command on both; undefined if they agree, or what each said. */
  async step([role, ...words]: Step): Promise<{ ours: string; theirs: string } | undefined> {
    const [a, b] = await this.#both(role, words);
    const [ours, theirs] = [comparable(words, a), comparable(words, b)];
    this.trail.push(`${role}: ${JSON.stringify(words)} -> ${theirs}`);
    // Connections that a command ends do so behind its reply: one more, and they have.
    if (words[0]!.toUpperCase() === 'ACL') await this.#both('admin', ['PING']);
    if (a === undefined || b === undefined) await this.#connect(role);
    return ours === theirs ? undefined : { ours, theirs };
  }

  close(): void {
    this.#ours.close();
    this.#theirs.close();
  }
}

const readNames = (tree: ReplyTree): string[] => tree.items!.map(({ text }) => text);

function comparable(words: readonly string[], tree: ReplyTree | undefined): string {
  if (tree === undefined) return CLOSED;
  const name = words.slice(0, 2).join(' ').toUpperCase();
  if (name === 'ACL LOG') return treeText(withoutTimes(tree));
  if (name === 'ACL GENPASS' && tree.type === '$') return `a password of ${tree.text.length} digits`;
  if (words[0]!.toUpperCase() === 'HELLO' && tree.items !== undefined) return 'the server introduces itself';
  return treeText(tree);
}

function withoutTimes(tree: ReplyTree): ReplyTree {
  const items = tree.items?.map((item, i) => {
    const before = tree.items![i - 1]?.text ?? '';
    if (/^(age-seconds|timestamp-)/.test(before)) return { ...item, text: '' };
    if (before === 'client-info') return { ...item, text: (item.text.match(CLIENT_FIELDS) ?? []).join(' ') };
    return withoutTimes(item);
  });
  return { ...tree, items };
}
