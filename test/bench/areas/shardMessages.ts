/**
 * One message from shard to shard: sent through a MessagePort's mailbox or written into a ring, and taken out at the other end. Both ends are on one thread, so this is what
 * the two shards' threads pay, without the wake-up between them.
 */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { MessagePortMailbox } from '../../../src/ports/real/messagePortMailbox.ts';
import { ringMemory, SpscRing } from '../../../src/ports/real/spscRing.ts';
import type { Benchmark } from '../benchmark.ts';

const MESSAGES = 32;

const SIZES = [32, 1024];
const RING_BYTES = 256 * 1024;

const throughMessagePort = (bytes: number): Benchmark => ({
  name: `shard message, MessagePort, ${bytes} B`,
  prepare() {
    const { port1, port2 } = new MessageChannel();
    // An open port keeps a process from ending.
    port1.unref();
    port2.unref();
    const mailbox = new MessagePortMailbox([undefined, port1]);
    const message = new Uint8Array(bytes).fill(7);
    const run = (): number => {
      for (let i = 0; i < MESSAGES; i++) mailbox.send(1, message, bytes);
      let sum = 0;
      for (let i = 0; i < MESSAGES; i++) {
        const received = receiveMessageOnPort(port2)!.message as Uint8Array;
        sum += received.length + received[bytes - 1]!;
      }
      return sum;
    };
    return { operations: MESSAGES, run };
  },
});

/** Each message is published for itself, as a lone one would be; the ring never fills up. */
const throughRing = (bytes: number): Benchmark => ({
  name: `shard message, SPSC ring, ${bytes} B`,
  prepare() {
    const ring = new SpscRing(ringMemory(RING_BYTES));
    const message = new Uint8Array(bytes).fill(7);
    const received = new Uint8Array(MESSAGES * bytes);
    const run = (): number => {
      for (let i = 0; i < MESSAGES; i++) {
        ring.write(message, 0, bytes);
        ring.publish();
      }
      const length = ring.read(received, 0);
      return length + MESSAGES * received[length - 1]!;
    };
    return { operations: MESSAGES, run };
  },
});

export const shardMessages: readonly Benchmark[] = SIZES.flatMap((bytes) => [
  throughMessagePort(bytes),
  throughRing(bytes),
]);
