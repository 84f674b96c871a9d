/**
 * A stream: nodes of packed entries in the order of their ids, and the consumer groups that read it.
 *
 * Ids only grow, so nodes are only added behind the last; an id is found by binary search over the nodes and a walk within one.
 */
import { type KeyspaceFactory, ValueType } from '../../keyspace.ts';
import { arrayBytes } from '../../record/heapBytes.ts';
import { ChargedCollection } from '../chargedCollection.ts';
import type { Probe } from '../listpack.ts';
import { type ConsumerGroup, READ_UNKNOWN } from './consumerGroup.ts';
import {
  addParts,
  compareIds,
  ID_MAX,
  ID_MIN,
  isZeroId,
  nextId,
  PART_MAX,
  type StreamId,
} from './streamId.ts';
import { type NodeEntry, StreamNode } from './streamNode.ts';

/** This object, its arrays and maps; a node's objects; a group's, and a pending entry's: measured as the slope of the heap. */
const OBJECT_BYTES = 320;
const NODE_BYTES = 120;
const GROUP_BYTES = 400;
const PENDING_BYTES = 160;
/** Redis's bound of a node, whatever is configured. */
const NODE_BYTES_MAX = 1 << 30;

export interface StreamLimits {
  /** stream-node-max-bytes, 0 for no limit */
  readonly nodeBytesMax: number;
  /** stream-node-max-entries, 0 for no limit */
  readonly nodeEntriesMax: number;
}

/** What XADD and XTRIM cut off. */
export interface Trim {
  readonly by: 'length' | 'id';
  readonly length: number;
  readonly id: StreamId;
  /** Only whole nodes. */
  readonly isApproximate: boolean;
  /** Entries at most, 0 for no limit. */
  readonly limit: number;
}

export class StreamValue extends ChargedCollection {
  readonly type = ValueType.stream;
  #nodes: StreamNode[] = [];
  #nodeBytes = 0;
  length = 0;
  lastId: StreamId = ID_MIN;
  firstId: StreamId = ID_MIN;
  maxDeletedId: StreamId = ID_MIN;
  entriesAdded = 0;
  /** By name, latin1. */
  readonly groups = new Map<string, ConsumerGroup>();

  constructor(storage: KeyspaceFactory) {
    super(storage);
  }

  encoding(): 'stream' {
    return 'stream';
  }

  memoryBytes(): number {
    let bytes = OBJECT_BYTES + this.#nodeBytes;
    for (const group of this.groups.values()) bytes += GROUP_BYTES + group.pending.size * PENDING_BYTES;
    return bytes;
  }

  duplicate(): StreamValue {
    const copy = new StreamValue(this.storage);
    for (const { entries, id } of this.#nodes) copy.addNode(new StreamNode(id, entries.duplicate()));
    copy.length = this.length;
    copy.lastId = this.lastId;
    copy.firstId = this.firstId;
    copy.maxDeletedId = this.maxDeletedId;
    copy.entriesAdded = this.entriesAdded;
    for (const [name, group] of this.groups) copy.groups.set(name, group.duplicate());
    return copy;
  }

  /** For serialisation, and what XINFO calls the radix tree's keys. */
  nodes(): readonly StreamNode[] {
    return this.#nodes;
  }

  addNode(node: StreamNode): void {
    this.#nodes.push(node);
    this.#nodeBytes += nodeBytes(node);
  }

  /** Groups in the order of their names' bytes, as Redis lists them. */
  sortedGroups(): [string, ConsumerGroup][] {
    return [...this.groups].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** The id that an entry gets at this time without one given; undefined if there is none left. */
  idAt(nowMs: number): StreamId | undefined {
    return this.lastId.ms < nowMs ? { ms: nowMs, seq: 0 } : nextId(this.lastId);
  }

  /** The id with this time and the next number in it; undefined if there is none left. */
  idWithin(ms: StreamId['ms']): StreamId | undefined {
    if (this.lastId.ms !== ms) return { ms, seq: 0 };
    return this.lastId.seq === PART_MAX ? undefined : { ms, seq: addParts(this.lastId.seq, 1) };
  }

  /**
   * Adds an entry behind the last; its id must be above that of the last.
   * @param elements fields and values by turns
   */
  append(id: StreamId, elements: readonly Probe[], { nodeBytesMax, nodeEntriesMax }: StreamLimits): void {
    let bytes = 0;
    for (const { end, start } of elements) bytes += end - start;
    const bytesMax = nodeBytesMax === 0 ? NODE_BYTES_MAX : Math.min(nodeBytesMax, NODE_BYTES_MAX);
    let node = this.#nodes.at(-1);
    const isFull =
      node !== undefined &&
      (node.entries.framedBytes + bytes >= bytesMax ||
        (nodeEntriesMax !== 0 && node.live + node.deleted >= nodeEntriesMax));
    if (node === undefined || isFull) {
      if (node !== undefined) this.#change(node, () => node!.entries.trim());
      node = StreamNode.begin(id, elements);
      this.addNode(node);
    }
    const last = node;
    this.#change(last, () => last.append(id, elements));
    this.length++;
    this.entriesAdded++;
    this.lastId = id;
    if (this.length === 1) this.firstId = id;
  }

  #change(node: StreamNode, change: () => void): void {
    const before = nodeBytes(node);
    change();
    this.#nodeBytes += nodeBytes(node) - before;
  }

  /** The last node whose id is not above, or the first. */
  #nodeFor(id: StreamId): number {
    let low = 0;
    let high = this.#nodes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (compareIds(this.#nodes[middle]!.id, id) <= 0) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }

  /** The entries in [from, to] in order, or backwards, until the visitor answers false. Nothing may change meanwhile. */
  visit(
    from: StreamId,
    to: StreamId,
    backwards: boolean,
    visitor: (node: StreamNode, entry: NodeEntry) => boolean,
  ): void {
    const nodes = this.#nodes;
    const step = backwards ? -1 : 1;
    for (let i = this.#nodeFor(backwards ? to : from); i >= 0 && i < nodes.length; i += step) {
      const node = nodes[i]!;
      for (const entry of backwards ? node.backwards() : node.forwards()) {
        if (compareIds(entry.id, from) < 0) {
          if (backwards) return;
          continue;
        }
        if (compareIds(entry.id, to) > 0) {
          if (!backwards) return;
          continue;
        }
        if (!entry.isDeleted && !visitor(node, entry)) return;
      }
    }
  }

  /** The entry with this id. */
  find(id: StreamId): { node: StreamNode; entry: NodeEntry } | undefined {
    let found: { node: StreamNode; entry: NodeEntry } | undefined;
    this.visit(id, id, false, (node, entry) => {
      found = { node, entry };
      return false;
    });
    return found;
  }

  /** The id of the first or last entry that is there, zeros if there is none. */
  edgeId(last: boolean): StreamId {
    let id = ID_MIN;
    this.visit(ID_MIN, ID_MAX, last, (_, entry) => {
      id = entry.id;
      return false;
    });
    return id;
  }

  /** XDEL: removes the entries with these ids; how many were there. */
  remove(ids: readonly StreamId[]): number {
    let removed = 0;
    for (const id of ids) {
      const found = this.find(id);
      if (found === undefined) continue;
      const { entry, node } = found;
      if (node.live === 1) this.#dropNodes(this.#nodes.indexOf(node), 1);
      else this.#change(node, () => node.markDeleted(entry));
      this.length--;
      removed++;
      if (compareIds(id, this.maxDeletedId) > 0) this.maxDeletedId = id;
    }
    if (removed > 0) this.firstId = this.edgeId(false);
    return removed;
  }

  #dropNodes(first: number, count: number): void {
    for (const node of this.#nodes.splice(first, count)) this.#nodeBytes -= nodeBytes(node);
  }

  /** Cuts off the oldest entries; how many. */
  trim({ by, id, isApproximate, length, limit }: Trim): number {
    let removed = 0;
    let whole = 0;
    for (const node of this.#nodes) {
      if (by === 'length' && this.length <= length) break;
      const { live } = node;
      if (limit !== 0 && removed + live > limit) break;
      const goesWhole = by === 'length' ? this.length - live >= length : compareIds(node.lastId(), id) < 0;
      if (goesWhole) {
        this.length -= live;
        removed += live;
        whole++;
        continue;
      }
      if (!isApproximate)
        removed += this.#trimNode(node, (entry) =>
          by === 'length' ? this.length > length : compareIds(entry.id, id) < 0,
        );
      break;
    }
    this.#dropNodes(0, whole);
    if (this.length === 0) this.firstId = ID_MIN;
    else if (removed > 0) this.firstId = this.edgeId(false);
    return removed;
  }

  #trimNode(node: StreamNode, goes: (entry: NodeEntry) => boolean): number {
    let removed = 0;
    while (true) {
      let first: NodeEntry | undefined;
      for (const entry of node.forwards()) {
        if (entry.isDeleted) continue;
        first = entry;
        break;
      }
      if (first === undefined || !goes(first)) return removed;
      const entry = first;
      this.#change(node, () => node.markDeleted(entry));
      this.length--;
      removed++;
    }
  }

  /** Whether an entry of this id or above may have been deleted out of the middle. */
  hasTombstonesFrom(id: StreamId): boolean {
    if (this.length === 0 || isZeroId(this.maxDeletedId)) return false;
    if (compareIds(this.firstId, this.maxDeletedId) > 0) return false;
    return compareIds(id, this.maxDeletedId) <= 0;
  }

  /** How many entries were ever added up to this id, or READ_UNKNOWN if that cannot be told. */
  addedUpTo(id: StreamId): number {
    if (this.entriesAdded === 0) return 0;
    const order = compareIds(id, this.lastId);
    if ((this.length === 0 && order < 1) || order === 0) return this.entriesAdded;
    if (order > 0) return READ_UNKNOWN;
    if (!isZeroId(this.maxDeletedId) && compareIds(this.maxDeletedId, this.firstId) >= 0) return READ_UNKNOWN;
    const toFirst = compareIds(id, this.firstId);
    if (toFirst > 0) return READ_UNKNOWN;
    return this.entriesAdded - this.length + (toFirst === 0 ? 1 : 0);
  }

  /** How many entries a group has yet to read, undefined if that cannot be told. */
  lagOf({ entriesRead, lastId }: ConsumerGroup): number | undefined {
    if (this.entriesAdded === 0) return 0;
    const read =
      entriesRead !== READ_UNKNOWN && !this.hasTombstonesFrom(lastId) ? entriesRead : this.addedUpTo(lastId);
    return read === READ_UNKNOWN ? undefined : this.entriesAdded - read;
  }

  /** As DEBUG DIGEST sees it. */
  forEachDigestPart(visitor: (part: Uint8Array) => void): void {
    this.visit(ID_MIN, ID_MAX, false, (node, entry) => {
      visitor(Buffer.from(`${entry.id.ms}.${entry.id.seq}`, 'latin1'));
      for (const at of node.elements(entry)) visitor(node.entries.view(at));
      return true;
    });
  }
}

const nodeBytes = ({ entries }: StreamNode): number => NODE_BYTES + arrayBytes(entries.bytes.length);
