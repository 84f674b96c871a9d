/** One suite for all mailboxes: everything arrives, whole, once and in the order of each pair, however large and however full. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Prng } from '../base/prng.ts';
import type { Mailbox } from './mailbox.ts';
import { MessagePortMailbox } from './real/messagePortMailbox.ts';
import { SpscMailbox } from './real/spscMailbox.ts';
import { ringMemory } from './real/spscRing.ts';
import { SimulatedPost } from './sim/simulatedPost.ts';

const SHARDS = 3;
const RING_BYTES = 1024;

/** Mailboxes of SHARDS shards, and what lets their mail move. */
interface PostOffice {
  mailboxes: readonly Mailbox[];
  /** Lets some mail arrive. */
  turn: () => Promise<void> | void;
}

function channels(): (MessagePort | undefined)[][] {
  const ports: (MessagePort | undefined)[][] = Array.from({ length: SHARDS }, () =>
    new Array(SHARDS).fill(undefined),
  );
  for (let i = 0; i < SHARDS; i++) {
    for (let j = i + 1; j < SHARDS; j++) {
      const { port1, port2 } = new MessageChannel();
      ports[i]![j] = port1;
      ports[j]![i] = port2;
    }
  }
  return ports;
}

const nodeTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const OFFICES: [string, (seed: number) => PostOffice][] = [
  [
    'simulated post',
    (seed) => {
      const post = new SimulatedPost(SHARDS, new Prng(seed), 4);
      return { mailboxes: post.mailboxes, turn: () => void post.deliverSome() };
    },
  ],
  [
    'message ports',
    () => ({ mailboxes: channels().map((ports) => new MessagePortMailbox(ports)), turn: nodeTurn }),
  ],
  [
    'rings',
    () => {
      const ports = channels();
      const rings = ports.map((row) => row.map((port) => port && ringMemory(RING_BYTES)));
      const bells = new Int32Array(new SharedArrayBuffer(4 * SHARDS));
      const mailboxes = ports.map(
        (own, shard) =>
          new SpscMailbox({
            shard,
            ports: own,
            bells,
            outgoing: rings[shard]!,
            incoming: rings.map((row) => row[shard]),
          }),
      );
      return { mailboxes, turn: nodeTurn };
    },
  ],
];

/** Bytes that tell where they stand and which message they are of. */
const messageBytes = (number: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => number * 31 + i * 7);

const letters = fc.array(
  fc.record({
    from: fc.nat(SHARDS - 1),
    hop: fc.integer({ min: 1, max: SHARDS - 1 }),
    length: fc.oneof(fc.nat(60), fc.nat(RING_BYTES * 4)),
    turnAfter: fc.boolean(),
  }),
  { maxLength: 60 },
);

describe.each(OFFICES)('%s', (_, create) => {
  it('deliver every message whole, once, in the order of its pair', async () => {
    await fc.assert(
      fc.asyncProperty(letters, fc.nat(), async (sent, seed) => {
        const { mailboxes, turn } = create(seed);
        const arrived = new Map<string, Uint8Array[]>();
        let missing = sent.length;
        mailboxes.forEach((mailbox, to) => {
          mailbox.open({
            onMail(from, buffer, start, end) {
              const pair = `${from}-${to}`;
              arrived.set(pair, [...(arrived.get(pair) ?? []), Uint8Array.from(buffer.subarray(start, end))]);
              missing--;
            },
            onBatchEnd() {},
          });
        });
        const expected = new Map<string, Uint8Array[]>();
        for (const [number, { from, hop, length, turnAfter }] of sent.entries()) {
          const to = (from + hop) % SHARDS;
          const bytes = messageBytes(number, length);
          const pair = `${from}-${to}`;
          expected.set(pair, [...(expected.get(pair) ?? []), bytes]);
          // The sender's memory is its own again once `send` returns.
          const lent = new Uint8Array(length + 5);
          lent.set(bytes);
          mailboxes[from]!.send(to, lent, length);
          lent.fill(0xee);
          if (turnAfter) await turn();
        }
        for (let turns = 0; missing > 0 && turns < 10_000; turns++) await turn();
        expect(arrived).toEqual(expected);
        expect(mailboxes.every((box) => [0, 1, 2].every((to) => !box.isCongested(to)))).toBe(true);
        for (const mailbox of mailboxes) mailbox.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe('rings', () => {
  it('say that they are full, and that there is room again', async () => {
    const { mailboxes, turn } = OFFICES[2]![1](1);
    let received = 0;
    let relieved = 0;
    mailboxes[0]!.open({ onMail() {}, onBatchEnd: () => void relieved++ });
    for (let i = 0; i < 10; i++) mailboxes[0]!.send(1, new Uint8Array(200), 200);
    expect(mailboxes[0]!.isCongested(1)).toBe(true);
    expect(mailboxes[0]!.isCongested(2)).toBe(false);
    expect(mailboxes[0]!.counters.waits).toBeGreaterThan(0);
    mailboxes[1]!.open({ onMail: () => void received++, onBatchEnd() {} });
    for (let turns = 0; received < 10 && turns < 1000; turns++) await turn();
    expect(received).toBe(10);
    for (let turns = 0; mailboxes[0]!.isCongested(1) && turns < 1000; turns++) await turn();
    expect(relieved).toBeGreaterThan(0);
    for (const mailbox of mailboxes) mailbox.close();
  });
});
