/** Consumer groups: how far a group has read, and which entries its consumers have been given and not acknowledged. */
import { IdMap } from './idMap.ts';
import type { StreamId } from './streamId.ts';

/** An entry that was delivered and not acknowledged. */
export interface Pending {
  readonly id: StreamId;
  consumer: Consumer;
  /** When it was delivered last, ms since the epoch. */
  deliveredMs: number;
  deliveries: number;
}

export class Consumer {
  readonly name: string;
  /** When it was heard of last, and when it was last given anything (-1 for never): ms since the epoch. */
  seenMs: number;
  activeMs: number;
  readonly pending = new IdMap<Pending>();

  constructor(name: string, seenMs: number, activeMs = -1) {
    this.name = name;
    this.seenMs = seenMs;
    this.activeMs = activeMs;
  }
}

/** How many entries a group has read is not known. */
export const READ_UNKNOWN = -1;

export class ConsumerGroup {
  lastId: StreamId;
  /** Entries read since the stream began, or READ_UNKNOWN. */
  entriesRead: number;
  readonly pending = new IdMap<Pending>();
  /** By name, latin1. */
  readonly consumers = new Map<string, Consumer>();

  constructor(lastId: StreamId, entriesRead: number) {
    this.lastId = lastId;
    this.entriesRead = entriesRead;
  }

  /** In the order of their names' bytes, as Redis lists them. */
  sortedConsumers(): Consumer[] {
    return [...this.consumers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** An entry is delivered, perhaps not for the first time. */
  deliver(id: StreamId, consumer: Consumer, nowMs: number): void {
    const known = this.pending.get(id);
    if (known === undefined) {
      const pending: Pending = { id, consumer, deliveredMs: nowMs, deliveries: 1 };
      this.pending.add(pending);
      consumer.pending.add(pending);
    } else {
      this.hand(known, consumer);
      known.deliveredMs = nowMs;
      known.deliveries = 1;
    }
    consumer.activeMs = nowMs;
  }

  /** A pending entry goes to another consumer. */
  hand(pending: Pending, consumer: Consumer): void {
    if (pending.consumer === consumer) return;
    pending.consumer.pending.remove(pending.id);
    pending.consumer = consumer;
    consumer.pending.add(pending);
  }

  /** True if the entry was pending. */
  acknowledge(id: StreamId): boolean {
    const pending = this.pending.remove(id);
    pending?.consumer.pending.remove(id);
    return pending !== undefined;
  }

  removeConsumer(consumer: Consumer): void {
    for (const { id } of consumer.pending) this.pending.remove(id);
    this.consumers.delete(consumer.name);
  }

  duplicate(): ConsumerGroup {
    const copy = new ConsumerGroup(this.lastId, this.entriesRead);
    for (const { activeMs, name, seenMs } of this.consumers.values())
      copy.consumers.set(name, new Consumer(name, seenMs, activeMs));
    for (const { consumer, deliveredMs, deliveries, id } of this.pending) {
      const owner = copy.consumers.get(consumer.name)!;
      const pending: Pending = { id, consumer: owner, deliveredMs, deliveries };
      copy.pending.add(pending);
      owner.pending.add(pending);
    }
    return copy;
  }
}
