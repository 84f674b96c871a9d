/**
 * Mailboxes over MessagePorts (flag `spsc-mailbox`, baseline): one port for each other shard, one postMessage a message.
 *
 * What Node offers for the purpose: it wakes the receiver, keeps the order and holds what has not been read, in memory that is not
 * bounded. So there is no congestion to report; what bounds it are the limits of the connections.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Mailbox, MailCounters, MailReceiver } from '../mailbox.ts';

/** Above this moving memory to the other thread is cheaper than a second copy of it. */
const COPIED_BYTES_MAX = 64 * 1024;

export class MessagePortMailbox implements Mailbox {
  readonly counters: MailCounters = { sentMessages: 0, sentBytes: 0, receivedMessages: 0, waits: 0 };
  readonly #ports: readonly (MessagePort | undefined)[];
  #isEndScheduled = false;

  /** @param ports by shard; this shard's own place is empty */
  constructor(ports: readonly (MessagePort | undefined)[]) {
    this.#ports = ports;
  }

  open(receiver: MailReceiver): void {
    const endBatch = (): void => {
      this.#isEndScheduled = false;
      receiver.onBatchEnd();
    };
    this.#ports.forEach((port, from) => {
      port?.on('message', (message: Uint8Array) => {
        this.counters.receivedMessages++;
        // The batch is what one turn of the loop brings; immediates run when its events have been handled.
        if (!this.#isEndScheduled) {
          this.#isEndScheduled = true;
          setImmediate(endBatch);
        }
        receiver.onMail(from, message, 0, message.length);
      });
    });
  }

  send(to: number, message: Uint8Array, length: number): void {
    this.counters.sentMessages++;
    this.counters.sentBytes += length;
    // Memory of its own: a view would be sent with all that it is a view of.
    const copy = new Uint8Array(length);
    copy.set(message.subarray(0, length));
    this.#ports[to]!.postMessage(copy, length > COPIED_BYTES_MAX ? [copy.buffer] : []);
  }

  isCongested(): boolean {
    return false;
  }

  close(): void {
    for (const port of this.#ports) port?.close();
  }
}
