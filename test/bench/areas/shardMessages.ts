/**
 * One message from shard to shard: sent through the mailbox and taken out at the other end. Both ends are on one thread, so this is what
 * the two shards' threads pay, without the wake-up between them.
 */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { MessagePortMailbox } from '../../../src/ports/real/messagePortMailbox.ts';
import type { Benchmark } from '../benchmark.ts';

const MESSAGES = 32;

export const shardMessages: readonly Benchmark[] = [32, 1024].map((bytes) => ({
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
}));
