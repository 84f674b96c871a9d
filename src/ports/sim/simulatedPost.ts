/**
 * Mailboxes of several shards in one thread. Mail arrives when the test delivers it, in an order that only the seed decides: each pair
 * of shards keeps its order, different pairs overtake each other at will, and a pair whose queue is full counts as congested.
 */
import type { Prng } from '../../base/prng.ts';
import type { Mailbox, MailCounters, MailReceiver } from '../mailbox.ts';

const BATCH_MESSAGES_MAX = 8;

class SimulatedMailbox implements Mailbox {
  readonly counters: MailCounters = { sentMessages: 0, sentBytes: 0, receivedMessages: 0, waits: 0 };
  receiver: MailReceiver | undefined;
  /** By destination. */
  readonly outgoing: Uint8Array[][];
  readonly #capacityMessages: number;

  constructor(shardCount: number, capacityMessages: number) {
    this.outgoing = Array.from({ length: shardCount }, () => []);
    this.#capacityMessages = capacityMessages;
  }

  open(receiver: MailReceiver): void {
    this.receiver = receiver;
  }

  send(to: number, message: Uint8Array, length: number): void {
    this.counters.sentMessages++;
    this.counters.sentBytes += length;
    if (this.isCongested(to)) this.counters.waits++;
    this.outgoing[to]!.push(Uint8Array.from(message.subarray(0, length)));
  }

  isCongested(to: number): boolean {
    return this.outgoing[to]!.length >= this.#capacityMessages;
  }

  close(): void {
    this.receiver = undefined;
  }
}

export class SimulatedPost {
  readonly mailboxes: readonly Mailbox[];
  readonly #boxes: SimulatedMailbox[];
  readonly #prng: Prng;

  /** @param capacityMessages per pair of shards, before it counts as congested. */
  constructor(shardCount: number, prng: Prng, capacityMessages = 64) {
    this.#prng = prng;
    this.#boxes = Array.from(
      { length: shardCount },
      () => new SimulatedMailbox(shardCount, capacityMessages),
    );
    this.mailboxes = this.#boxes;
  }

  /** A few messages of one pair, drawn at random. False if there was no mail at all. */
  deliverSome(): boolean {
    const waiting: [number, number][] = [];
    this.#boxes.forEach((box, from) => {
      box.outgoing.forEach((queue, to) => {
        if (queue.length > 0) waiting.push([from, to]);
      });
    });
    if (waiting.length === 0) return false;
    const [from, to] = waiting[this.#prng.below(waiting.length)]!;
    const [sender, target] = [this.#boxes[from]!, this.#boxes[to]!];
    const wasCongested = sender.isCongested(to);
    const batch = sender.outgoing[to]!.splice(0, 1 + this.#prng.below(BATCH_MESSAGES_MAX));
    for (const message of batch) {
      target.counters.receivedMessages++;
      target.receiver?.onMail(from, message, 0, message.length);
      // The bytes are the receiver's during the call only.
      message.fill(0xee);
    }
    target.receiver?.onBatchEnd();
    if (wasCongested && !sender.isCongested(to)) sender.receiver?.onBatchEnd();
    return true;
  }

  /** Until nobody has anything more to say. */
  deliverAll(): void {
    while (this.deliverSome());
  }
}
