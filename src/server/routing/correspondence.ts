/**
 * A shard's post with the others: requests go out with a ticket, replies come back to the connection that holds it, and requests of the
 * others are run and answered.
 *
 * Order. Mail between two shards keeps its order and a shard runs it in that order, so whatever one client asks of one key takes effect
 * in the order of asking. Between keys on different shards no order is promised, only that of the replies (`replyQueue.ts`).
 * Replies that arrive together are sent together, one write a connection.
 */
import { copyOf, fromLatin1 } from '../../base/bytes.ts';
import type { Mailbox, MailReceiver } from '../../ports/mailbox.ts';
import type { Client } from '../clients/client.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { ServerState } from '../serverState.ts';
import type { Combine } from './combine/keyReplies.ts';
import type { ForeignRequests } from './foreignRequests.ts';
import {
  CANCELLED,
  DISMISSAL,
  FAILED,
  MailWriter,
  mailFacts,
  mailKind,
  mailTicket,
  NO_TOUCH,
  PART,
  REPLY_AT,
  REQUEST,
  RESP3,
  TIMED_OUT,
  USER,
} from './mail.ts';
import type { OwedReply, ReplyQueue } from './replyQueue.ts';
import { allIndices } from './split.ts';

/** Who waits for a reply: an owed reply itself, or one part of it. */
interface Awaiting {
  /** Undefined where nobody listens. */
  readonly queue: ReplyQueue | undefined;
  answer(bytes: Uint8Array): void;
}

/** The replies of a split request's parts, until all are there. */
export class PartialReplies {
  readonly #owed: OwedReply;
  readonly #combine: Combine;
  readonly #replies: Uint8Array[];
  #missing: number;

  constructor(owed: OwedReply, combine: Combine, partCount: number) {
    this.#owed = owed;
    this.#combine = combine;
    this.#replies = new Array(partCount);
    this.#missing = partCount;
  }

  /** Who waits for part `index`. */
  part(index: number): Awaiting {
    return { queue: this.#owed.queue, answer: (bytes) => this.answer(index, bytes) };
  }

  answer(index: number, bytes: Uint8Array): void {
    this.#replies[index] = bytes;
    this.#missing--;
    if (this.#missing === 0) this.#owed.answer(this.#combine(this.#replies));
  }
}

const NOTHING = new Uint8Array(0);
const SILENCE: Awaiting = { queue: undefined, answer() {} };

export class Correspondence implements MailReceiver {
  readonly #server: ServerState;
  readonly #mailbox: Mailbox;
  readonly #foreign: ForeignRequests;
  readonly #writer = new MailWriter();
  readonly #awaiting = new Map<number, Awaiting>();
  readonly #shardCount: number;
  #nextTicket = 0;
  /** Connections that got replies in this batch; connections that read no further for now. */
  readonly #answered = new Set<ReplyQueue>();
  readonly #throttled = new Set<ReplyQueue>();
  /** Clients of others whose requests wait for a key here, by shard and ticket. */
  readonly #waiting = new Map<string, Client>();

  constructor(server: ServerState, mailbox: Mailbox, foreign: ForeignRequests) {
    this.#server = server;
    this.#mailbox = mailbox;
    this.#foreign = foreign;
    this.#shardCount = server.shard.count;
    mailbox.open(this);
  }

  /** Sends the arguments at `indices` (all without them) to a shard; returns the bytes sent. */
  ask(
    shard: number,
    client: Client,
    args: Arguments,
    awaiting: Awaiting,
    indices?: readonly number[],
    moreFacts = 0,
  ): number {
    const ticket = this.#nextTicket;
    this.#nextTicket = (ticket + 1) >>> 0;
    this.#awaiting.set(ticket, awaiting);
    const writer = this.#writer;
    // A part of a request that was split was allowed as a whole, and may be in words of the server's own.
    const namesUser = indices === undefined && (client.isRestricted || (moreFacts & USER) !== 0);
    const facts =
      (client.protocol === 3 ? RESP3 : 0) |
      (client.noTouch ? NO_TOUCH : 0) |
      (indices === undefined ? 0 : PART) |
      (namesUser ? USER : 0) |
      moreFacts;
    const count = (indices?.length ?? args.count) + (namesUser ? 1 : 0);
    writer.beginRequest(ticket, facts, client.dbIndex, count);
    if (indices === undefined) {
      for (let i = 0; i < args.count; i++) writer.argument(args.buffer, args.starts[i]!, args.ends[i]!);
    } else {
      for (const i of indices) writer.argument(args.buffer, args.starts[i]!, args.ends[i]!);
    }
    if (namesUser) this.#nameUser(client);
    this.#mailbox.send(shard, writer.bytes, writer.length);
    return writer.length;
  }

  #nameUser({ user }: Client): void {
    const name = fromLatin1(user.name);
    this.#writer.argument(name, 0, name.length);
  }

  /** Stops a connection that has much under way, or whose shard's mailbox is full; called after each request sent. */
  throttle(queue: ReplyQueue, shard: number): void {
    if (!queue.isFull && !this.#mailbox.isCongested(shard)) return;
    this.#throttled.add(queue);
    queue.sink.setThrottled(true);
  }

  onMail(from: number, buffer: Uint8Array, start: number, end: number): void {
    const ticket = mailTicket(buffer, start);
    switch (mailKind(buffer, start)) {
      case REQUEST:
        this.#server.context.nowMs = this.#server.clock.nowMs();
        return this.#runForeign(from, ticket, buffer, start);
      case DISMISSAL:
        return this.#dismiss(from, ticket, mailFacts(buffer, start));
    }
    const awaiting = this.#awaiting.get(ticket)!;
    this.#awaiting.delete(ticket);
    awaiting.answer(copyOf(buffer, start + REPLY_AT, end));
    if (awaiting.queue !== undefined) this.#answered.add(awaiting.queue);
  }

  #runForeign(from: number, ticket: number, buffer: Uint8Array, start: number): void {
    const name = `${from} ${ticket}`;
    const reply = this.#foreign.run(buffer, start, String(from), (bytes) => {
      this.#waiting.delete(name);
      this.#reply(from, ticket, bytes);
    });
    if (reply === undefined) {
      this.#waiting.set(name, this.#server.context.client);
      return;
    }
    this.#reply(from, ticket, reply);
    this.#foreign.answered();
  }

  #reply(to: number, ticket: number, reply: Uint8Array): void {
    this.#writer.reply(ticket, reply);
    this.#mailbox.send(to, this.#writer.bytes, this.#writer.length);
  }

  /** The request may have been answered meanwhile: then the reply is on its way. */
  #dismiss(from: number, ticket: number, how: number): void {
    const name = `${from} ${ticket}`;
    const blocked = this.#waiting.get(name)?.blocked;
    if (blocked === undefined) return;
    const { blocked: all } = this.#server;
    if (how !== CANCELLED) {
      all.dismiss(blocked, how === TIMED_OUT ? 'timeout' : 'error');
      return;
    }
    this.#waiting.delete(name);
    all.remove(blocked);
    // Nobody listens, but the ticket is still held.
    this.#reply(from, ticket, NOTHING);
  }

  /** Sends a request that may have to wait for a key there; the client runs nothing else until it is answered. */
  askAndWait(shard: number, client: Client, args: Arguments, owed: OwedReply): number {
    const ticket = this.#nextTicket;
    const dismiss = (how: number): void => {
      this.#writer.dismissal(ticket, how);
      this.#mailbox.send(shard, this.#writer.bytes, this.#writer.length);
    };
    client.remoteWait = {
      cancel: () => {
        // An answer may be on its way.
        this.#awaiting.set(ticket, SILENCE);
        dismiss(CANCELLED);
      },
      dismiss: (how) => dismiss(how === 'timeout' ? TIMED_OUT : FAILED),
    };
    const awaiting: Awaiting = {
      queue: owed.queue,
      answer: (bytes) => {
        client.remoteWait = undefined;
        this.#server.blocked.release(client);
        owed.answer(bytes);
      },
    };
    // Who may do everything now may have lost that when the key comes.
    return this.ask(shard, client, args, awaiting, undefined, USER);
  }

  /** Sends a request of the server's own, whose reply nobody waits for: whether the client's user might make it is not asked. */
  tell(shard: number, client: Client, args: Arguments, moreFacts = 0): void {
    this.ask(shard, client, args, SILENCE, allIndices(args), moreFacts);
  }

  onBatchEnd(): void {
    for (const queue of this.#answered) this.deliver(queue);
    this.#answered.clear();
    if (this.#server.blocked.isDue) this.#server.serveBlocked();
    if (this.#throttled.size > 0) this.#relieve();
    this.#server.blocked.resume();
  }

  /** Sends what is answered at the front of a connection's queue. */
  deliver(queue: ReplyQueue): void {
    const bytes = queue.takeAnswered();
    if (bytes !== undefined) queue.sink.send(bytes);
    if (queue.length === 0) queue.sink.settle();
  }

  #relieve(): void {
    for (let shard = 0; shard < this.#shardCount; shard++) if (this.#mailbox.isCongested(shard)) return;
    // Whoever goes on may be throttled again at once.
    const waiting = [...this.#throttled].filter((queue) => queue.isRelieved);
    this.#server.context.nowMs = this.#server.clock.nowMs();
    for (const queue of waiting) {
      this.#throttled.delete(queue);
      queue.sink.setThrottled(false);
    }
  }
}
