/**
 * The replies of one connection while other shards owe some of them: what is answered early waits for what was asked first, so a
 * client reads its replies in the order of its requests, and a slow shard holds back nobody's execution, only the sending.
 *
 * Bounded: a connection whose queue is long or heavy is throttled (it reads no further requests) until half of it is gone.
 */

/** Requests under way for one connection: 1,024 cover a pipeline of usual depth, and are some 100 KB of small messages. */
const OWED_MAX = 1024;
/** Bytes of requests under way and of replies that wait behind them. */
const HELD_BYTES_MAX = 1024 * 1024;

/** The connection, as its queue sees it. */
export interface ReplySink {
  /** Writes replies; the bytes are the connection's from now on. */
  send(bytes: Uint8Array): void;
  /** Stops (true) or resumes (false) reading and executing. */
  setThrottled(throttled: boolean): void;
  /** Nothing is owed any more: what waited for that, the end of the connection perhaps, may go on. */
  settle(): void;
}

/** A reply's place in the queue. */
export class OwedReply {
  readonly queue: ReplyQueue;
  /** Of the request, while it is under way; of the reply, while it waits. */
  heldBytes = 0;
  /** False if CLIENT REPLY silenced it. */
  readonly isHeard: boolean;
  bytes: Uint8Array | undefined;

  constructor(queue: ReplyQueue, isHeard: boolean) {
    this.queue = queue;
    this.isHeard = isHeard;
  }

  /** Counts bytes of requests that are under way for this reply. */
  hold(bytes: number): void {
    this.heldBytes += bytes;
    this.queue.heldBytes += bytes;
  }

  answer(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.queue.heldBytes += bytes.length - this.heldBytes;
    this.heldBytes = bytes.length;
  }
}

export class ReplyQueue {
  #owed: OwedReply[] = [];
  #head = 0;
  heldBytes = 0;
  readonly sink: ReplySink;

  constructor(sink: ReplySink) {
    this.sink = sink;
  }

  get length(): number {
    return this.#owed.length - this.#head;
  }

  get isFull(): boolean {
    return this.length >= OWED_MAX || this.heldBytes >= HELD_BYTES_MAX;
  }

  /** Low enough to go on after having been full. */
  get isRelieved(): boolean {
    return this.length <= OWED_MAX / 2 && this.heldBytes <= HELD_BYTES_MAX / 2;
  }

  /** A place for a reply to come. */
  owe(isHeard: boolean): OwedReply {
    const owed = new OwedReply(this, isHeard);
    this.#owed.push(owed);
    return owed;
  }

  /** The replies at the front that are there, as one piece; undefined if there is nothing to send. */
  takeAnswered(): Uint8Array | undefined {
    const ready: Uint8Array[] = [];
    let head = this.#head;
    for (; head < this.#owed.length && this.#owed[head]!.bytes !== undefined; head++) {
      const owed = this.#owed[head]!;
      this.heldBytes -= owed.heldBytes;
      if (owed.isHeard && owed.heldBytes > 0) ready.push(owed.bytes!);
    }
    this.#head = head;
    if (head === this.#owed.length) {
      this.#owed = [];
      this.#head = 0;
    } else if (head > OWED_MAX) {
      this.#owed = this.#owed.slice(head);
      this.#head = 0;
    }
    if (ready.length === 0) return undefined;
    return ready.length === 1 ? ready[0] : Buffer.concat(ready);
  }
}
