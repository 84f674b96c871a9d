/**
 * A shard's post with the others: requests go out with a ticket, replies come back to the connection that holds it, and requests of the
 * others are run and answered.
 *
 * Order. Mail between two shards keeps its order and a shard runs it in that order, so whatever one client asks of one key takes effect
 * in the order of asking. Between keys on different shards no order is promised, only that of the replies (`replyQueue.ts`).
 * Replies that arrive together are sent together, one write a connection.
 */
import { copyOf } from '../../base/bytes.ts';
import type { Mailbox, MailReceiver } from '../../ports/mailbox.ts';
import type { Client } from '../clients/client.ts';
import type { Arguments } from '../commands/arguments.ts';
import type { ServerState } from '../serverState.ts';
import type { Combine } from './combine/keyReplies.ts';
import type { ForeignRequests } from './foreignRequests.ts';
import { MailWriter, mailKind, mailTicket, NO_TOUCH, PART, REPLY_AT, REQUEST, RESP3 } from './mail.ts';
import type { OwedReply, ReplyQueue } from './replyQueue.ts';

/** Who waits for a reply: an owed reply itself, or one part of it. */
interface Awaiting {
  readonly queue: ReplyQueue;
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
  ): number {
    const ticket = this.#nextTicket;
    this.#nextTicket = (ticket + 1) >>> 0;
    this.#awaiting.set(ticket, awaiting);
    const writer = this.#writer;
    const facts =
      (client.protocol === 3 ? RESP3 : 0) |
      (client.noTouch ? NO_TOUCH : 0) |
      (indices === undefined ? 0 : PART);
    writer.beginRequest(ticket, facts, client.dbIndex, indices?.length ?? args.count);
    if (indices === undefined) {
      for (let i = 0; i < args.count; i++) writer.argument(args.buffer, args.starts[i]!, args.ends[i]!);
    } else {
      for (const i of indices) writer.argument(args.buffer, args.starts[i]!, args.ends[i]!);
    }
    this.#mailbox.send(shard, writer.bytes, writer.length);
    return writer.length;
  }

  /** Stops a connection that has much under way, or whose shard's mailbox is full; called after each request sent. */
  throttle(queue: ReplyQueue, shard: number): void {
    if (!queue.isFull && !this.#mailbox.isCongested(shard)) return;
    this.#throttled.add(queue);
    queue.sink.setThrottled(true);
  }

  onMail(from: number, buffer: Uint8Array, start: number, end: number): void {
    const ticket = mailTicket(buffer, start);
    if (mailKind(buffer, start) === REQUEST) {
      this.#server.context.nowMs = this.#server.clock.nowMs();
      this.#writer.reply(ticket, this.#foreign.run(buffer, start));
      this.#foreign.answered();
      this.#mailbox.send(from, this.#writer.bytes, this.#writer.length);
      return;
    }
    const awaiting = this.#awaiting.get(ticket)!;
    this.#awaiting.delete(ticket);
    awaiting.answer(copyOf(buffer, start + REPLY_AT, end));
    this.#answered.add(awaiting.queue);
  }

  onBatchEnd(): void {
    for (const queue of this.#answered) this.deliver(queue);
    this.#answered.clear();
    if (this.#throttled.size > 0) this.#relieve();
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
