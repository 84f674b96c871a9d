/**
 * Runs requests that arrived at other shards and whose keys live here. The client is far away; a visitor stands in for it, with the
 * facts of the session that came with the request. Everything else about a session stays where its connection is.
 */
import { fromLatin1, toLatin1 } from '../../base/bytes.ts';
import type { Client } from '../clients/client.ts';
import { NO_LINK } from '../clients/noLink.ts';
import { Transaction } from '../clients/transaction.ts';
import { Arguments } from '../commands/arguments.ts';
import type { Watch } from '../events/watchedKeys.ts';
import { StorageFullError } from '../keyspace/record/slabStore.ts';
import type { RespEncoder } from '../protocol/respEncoder.ts';
import type { ServerState } from '../serverState.ts';
import type { Dispatcher } from './dispatcher.ts';
import {
  BUNDLE,
  mailDatabase,
  mailFacts,
  NO_TOUCH,
  PART,
  RESP3,
  readMailArguments,
  SESSION,
  USER,
} from './mail.ts';

/** What a unix socket's peer has: the request was allowed where it came from, and is not judged again by its address. */
const VISITOR_ADDRESS = 'shard:0';
const EXEC = fromLatin1('EXEC');

export class ForeignRequests {
  readonly #server: ServerState;
  readonly #encoder: RespEncoder;
  readonly #dispatcher: Dispatcher;
  readonly #visitor: Client;
  readonly #args = new Arguments();
  /** What clients of other shards watch here, by shard and client. */
  readonly #watches = new Map<string, Watch>();

  constructor(server: ServerState, encoder: RespEncoder, dispatcher: Dispatcher) {
    this.#server = server;
    this.#encoder = encoder;
    this.#dispatcher = dispatcher;
    this.#visitor = server.clients.outsider({ ...NO_LINK, address: VISITOR_ADDRESS }, server.clock.nowMs());
  }

  /**
   * The reply to the request in bytes [start, ...) of `buffer`; it lies in the encoder's memory until `answered`. Undefined if the request
   * waits for a key: `answerLater` takes the reply then.
   */
  run(
    buffer: Uint8Array,
    start: number,
    sender: string,
    answerLater: (reply: Uint8Array) => void,
  ): Uint8Array | undefined {
    const facts = mailFacts(buffer, start);
    readMailArguments(buffer, start, this.#args);
    const userName = (facts & USER) === 0 ? undefined : this.#takeLast();
    const session = (facts & SESSION) === 0 ? undefined : `${sender} ${this.#takeLast()}`;
    const visitor = this.#visitorFor(answerLater);
    visitor.protocol = (facts & RESP3) === 0 ? 2 : 3;
    visitor.noTouch = (facts & NO_TOUCH) !== 0;
    visitor.dbIndex = mailDatabase(buffer, start);
    this.#becomeUser(visitor, userName);
    if (session !== undefined) visitor.watch = this.#watches.get(session);
    if ((facts & BUNDLE) !== 0) this.#unbundle(visitor);
    if ((facts & PART) === 0) this.#execute(visitor);
    else uncounted(this.#server, this.#dispatcher, this.#args, () => this.#execute(visitor));
    this.#args.trim();
    if (session !== undefined) this.#keepWatch(session, visitor);
    if (visitor.blocked !== undefined) return undefined;
    if (this.#server.blocked.isDue) this.#server.serveBlocked();
    const length = this.#encoder.unsentBytes();
    return this.#encoder.take().subarray(0, length);
  }

  /** Who was deleted meanwhile may do nothing. */
  #becomeUser(visitor: Client, name: string | undefined): void {
    const { users } = this.#server.access;
    visitor.user = name === undefined ? users.everybody : (users.get(name) ?? users.nobody(name));
    visitor.isRestricted = !visitor.user.isUnrestricted;
  }

  /** A client that may have to wait is one of its own. */
  #visitorFor(answerLater: (reply: Uint8Array) => void): Client {
    if (this.#dispatcher.find(this.#args)?.mayBlock !== true) return this.#visitor;
    const link = { ...NO_LINK, address: VISITOR_ADDRESS, send: answerLater };
    return this.#server.clients.outsider(link, this.#server.clock.nowMs());
  }

  /** A name behind the command's arguments. */
  #takeLast(): string {
    this.#args.count--;
    return toLatin1(this.#args.view(this.#args.count));
  }

  #keepWatch(session: string, visitor: Client): void {
    if (visitor.watch === undefined) this.#watches.delete(session);
    else this.#watches.set(session, visitor.watch);
    visitor.watch = undefined;
  }

  /** Turns the arguments into a transaction to be executed. */
  #unbundle(visitor: Client): void {
    const args = this.#args;
    const transaction = new Transaction();
    for (let i = 0; i < args.count; ) {
      const length = args.integer(i);
      const command = new Arguments(length);
      command.buffer = args.buffer;
      for (let k = 1; k <= length; k++) command.push(args.starts[i + k]!, args.ends[i + k]!);
      transaction.queue(this.#dispatcher.find(command)!, command.detached());
      i += length + 1;
    }
    visitor.transaction = transaction;
    args.count = 0;
    args.buffer = EXEC;
    args.push(0, EXEC.length);
  }

  answered(): void {
    this.#encoder.taken(true);
  }

  #execute(visitor: Client): void {
    const encoder = this.#encoder;
    const { probe } = this.#server;
    probe.batchBegins();
    encoder.beginReply();
    try {
      this.#dispatcher.dispatch(visitor, this.#args);
    } catch (error) {
      // As at home, memory that could not be had is the request's misfortune; every other exception is a bug and ends the server.
      if (!(error instanceof RangeError || error instanceof StorageFullError)) throw error;
      this.#server.log.write(
        'warning',
        `A request from another shard found no memory: ${error.stack ?? error.message}`,
      );
      encoder.endReply(false);
      encoder.beginReply();
      encoder.error('OOM not enough memory to run this command');
    }
    encoder.endReply(true);
    probe.batchEnds(visitor.id, 0);
  }
}

/** Runs one part of a command that was split: the whole is counted once, where it came from. */
export function uncounted(
  { stats }: ServerState,
  dispatcher: Dispatcher,
  args: Arguments,
  run: () => void,
): void {
  const number = dispatcher.find(args)!.number;
  const calls = stats.callsByCommand[number]!;
  run();
  stats.callsByCommand[number] = calls;
}
