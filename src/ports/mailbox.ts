/**
 * Post between shards: bytes from one to another, in order for each pair, nothing lost. Shards share no data; this is all
 * they have of each other.
 *
 * A mailbox belongs to one shard and is used by that shard's thread alone. Sending never blocks and never fails: what finds no room
 * waits in the sender's memory, `isCongested` says so, and whoever makes work then stops making it until `onBatchEnd`. So what waits
 * is bounded by the senders' manners, and two full mailboxes cannot wait for each other.
 */

/** All calls come from the event loop, never from inside `send`. */
export interface MailReceiver {
  /** One message, bytes [start, end) of `buffer`, which belong to the receiver during the call only. */
  onMail(from: number, buffer: Uint8Array, start: number, end: number): void;
  /** Nothing more has arrived for now, or there is room again for what waited: a good moment to answer and to go on. */
  onBatchEnd(): void;
}

/** Totals since the start, for INFO. */
export interface MailCounters {
  sentMessages: number;
  sentBytes: number;
  receivedMessages: number;
  /** How often a message found no room and had to wait. */
  waits: number;
}

export interface Mailbox {
  readonly counters: Readonly<MailCounters>;
  /** Called once, before anything is sent; mail that came earlier is delivered from then on. */
  open(receiver: MailReceiver): void;
  /** Bytes [0, length) of `message` are copied: the memory is the caller's again at once. */
  send(to: number, message: Uint8Array, length: number): void;
  /** True while mail to that shard waits for room. */
  isCongested(to: number): boolean;
  close(): void;
}
