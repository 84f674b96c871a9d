/**
 * Mailboxes over rings in shared memory (flag `spsc-mailbox`, candidate): a message is two copies of bytes, no serialisation and no
 * object, and a busy receiver is not woken again.
 *
 * A message is framed by its length and written into the ring to its receiver, in pieces where it is larger than the room there is; the
 * rest waits here, in order, until the receiver has made room. Each receiver has one bell, a cell in shared memory and a MessagePort: who
 * changes the cell from 0 to 1 posts to the port, everybody else knows that the receiver will come by. The receiver sets the cell
 * to 0 before it looks into its rings, so what is written after it has looked finds 0 and rings again: no message is left lying.
 *
 * Rejected: Atomics.waitAsync, whose promises are not served while the thread waits in io_uring; a MessagePort is.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Mailbox, MailCounters, MailReceiver } from '../mailbox.ts';
import { FrameAssembler } from './frameAssembler.ts';
import { SpscRing } from './spscRing.ts';

/** What is read of each ring before others get their turn: sockets, timers. */
const PASSES_MAX = 4;

/** What connects one shard with the others. */
export interface SpscLinks {
  shard: number;
  /** To each other shard, for the bell. */
  ports: readonly (MessagePort | undefined)[];
  /** One cell a shard, shared by all. */
  bells: Int32Array;
  /** By shard: memory of the rings from it and to it. */
  incoming: readonly (SharedArrayBuffer | undefined)[];
  outgoing: readonly (SharedArrayBuffer | undefined)[];
}

/** A message, or the rest of one, that has found no room. */
interface Waiting {
  readonly bytes: Uint8Array;
  at: number;
}

export class SpscMailbox implements Mailbox {
  readonly counters: MailCounters = { sentMessages: 0, sentBytes: 0, receivedMessages: 0, waits: 0 };
  readonly #links: SpscLinks;
  readonly #incoming: (SpscRing | undefined)[];
  readonly #outgoing: (SpscRing | undefined)[];
  readonly #assemblers: (FrameAssembler | undefined)[];
  readonly #waiting: Waiting[][];
  readonly #lengthBytes = new Uint8Array(4);
  /** To ring the own bell. */
  readonly #own = new MessageChannel();

  constructor(links: SpscLinks) {
    this.#links = links;
    const ring = (memory: SharedArrayBuffer | undefined): SpscRing | undefined =>
      memory && new SpscRing(memory);
    this.#incoming = links.incoming.map(ring);
    this.#outgoing = links.outgoing.map(ring);
    this.#assemblers = this.#incoming.map((each) => each && new FrameAssembler());
    this.#waiting = links.outgoing.map(() => []);
  }

  open(receiver: MailReceiver): void {
    const answerBell = (): void => this.#answerBell(receiver);
    for (const port of this.#links.ports) port?.on('message', answerBell);
    this.#own.port2.on('message', answerBell);
  }

  send(to: number, message: Uint8Array, length: number): void {
    this.counters.sentMessages++;
    this.counters.sentBytes += length;
    const header = this.#lengthBytes;
    for (let i = 0; i < 4; i++) header[i] = length >>> (8 * i);
    this.#write(to, header, 4);
    this.#write(to, message, length);
    this.#outgoing[to]!.publish();
    if (this.isCongested(to)) {
      this.counters.waits++;
      this.#flush(to);
    }
    this.#ring(to);
  }

  /** Into the ring, or behind what waits for it already. */
  #write(to: number, bytes: Uint8Array, length: number): void {
    const at = this.isCongested(to) ? 0 : this.#outgoing[to]!.write(bytes, 0, length);
    if (at === length) return;
    const rest = new Uint8Array(length - at);
    rest.set(bytes.subarray(at, length));
    this.#waiting[to]!.push({ bytes: rest, at: 0 });
  }

  /** What waits goes on as far as there is room. The wish for more is made known before the last look, so that none is missed. */
  #flush(to: number): void {
    const waiting = this.#waiting[to]!;
    const ring = this.#outgoing[to]!;
    if (waiting.length === 0) return;
    ring.waitForRoom();
    let done = 0;
    for (; done < waiting.length; done++) {
      const next = waiting[done]!;
      next.at += ring.write(next.bytes, next.at, next.bytes.length);
      if (next.at < next.bytes.length) break;
    }
    waiting.splice(0, done);
    ring.publish();
  }

  isCongested(to: number): boolean {
    return this.#waiting[to]!.length > 0;
  }

  #ring(shard: number): void {
    const { bells, ports } = this.#links;
    if (Atomics.exchange(bells, shard, 1) === 1) return;
    const port = shard === this.#links.shard ? this.#own.port1 : ports[shard]!;
    port.postMessage(0);
  }

  #answerBell(receiver: MailReceiver): void {
    const { bells, shard } = this.#links;
    Atomics.store(bells, shard, 0);
    for (let from = 0; from < this.#incoming.length; from++) {
      if (this.#incoming[from] !== undefined) this.#receive(from, receiver);
    }
    for (let to = 0; to < this.#waiting.length; to++) {
      if (this.#waiting[to]!.length === 0) continue;
      this.#flush(to);
      this.#ring(to);
    }
    receiver.onBatchEnd();
  }

  #receive(from: number, receiver: MailReceiver): void {
    const ring = this.#incoming[from]!;
    const assembler = this.#assemblers[from]!;
    for (let pass = 0; assembler.fill((buffer, at) => ring.read(buffer, at)) > 0; pass++) {
      if (ring.takeWaiting()) this.#ring(from);
      assembler.forEach((buffer, start, end) => {
        this.counters.receivedMessages++;
        receiver.onMail(from, buffer, start, end);
      });
      if (pass < PASSES_MAX) continue;
      this.#ring(this.#links.shard);
      return;
    }
  }

  close(): void {
    for (const port of this.#links.ports) port?.close();
    this.#own.port1.close();
  }
}
