/** Flag `spsc-mailbox`: what connects the shards, made by the main thread, and the mailbox that each shard's thread makes of it. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Mailbox } from '../ports/mailbox.ts';

/** One shard's share; plain data, ports and shared memory, so that it can cross to a worker. */
export interface MailLinks {
  /** To each other shard. */
  ports: (MessagePort | undefined)[];
  /** Undefined without the flag. */
  rings: RingLinks | undefined;
}

interface RingLinks {
  bells: Int32Array;
  incoming: (SharedArrayBuffer | undefined)[];
  outgoing: (SharedArrayBuffer | undefined)[];
}

/** Thousands of small messages; with many shards, whose rings are many, hundreds. */
const RING_BYTES = 256 * 1024;
const RING_BYTES_OF_MANY = 64 * 1024;
const MANY_SHARDS = 8;

/** Links between any two of the shards, by shard. */
export async function linkShards(flags: ReadonlySet<string>, shards: number): Promise<MailLinks[]> {
  const ports = connectAll(shards);
  if (!flags.has('spsc-mailbox')) return ports.map((own) => ({ ports: own, rings: undefined }));
  const { ringMemory } = await import('../ports/real/spscRing.ts');
  const ringBytes = shards > MANY_SHARDS ? RING_BYTES_OF_MANY : RING_BYTES;
  const rings = ports.map((own) => own.map((port) => port && ringMemory(ringBytes)));
  const bells = new Int32Array(new SharedArrayBuffer(shards * Int32Array.BYTES_PER_ELEMENT));
  return ports.map((own, shard) => ({
    ports: own,
    rings: { bells, outgoing: rings[shard]!, incoming: rings.map((row) => row[shard]) },
  }));
}

/** A channel between any two shards: `[i][j]` is shard i's end of its channel with j. */
function connectAll(shards: number): (MessagePort | undefined)[][] {
  const ports: (MessagePort | undefined)[][] = Array.from({ length: shards }, () =>
    new Array(shards).fill(undefined),
  );
  for (let i = 0; i < shards; i++) {
    for (let j = i + 1; j < shards; j++) {
      const { port1, port2 } = new MessageChannel();
      ports[i]![j] = port1;
      ports[j]![i] = port2;
    }
  }
  return ports;
}

/** On the shard's own thread. */
export async function loadMailbox(shard: number, { ports, rings }: MailLinks): Promise<Mailbox> {
  if (rings === undefined) {
    const { MessagePortMailbox } = await import('../ports/real/messagePortMailbox.ts');
    return new MessagePortMailbox(ports);
  }
  const { SpscMailbox } = await import('../ports/real/spscMailbox.ts');
  return new SpscMailbox({ shard, ports, ...rings });
}
