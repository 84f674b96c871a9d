/**
 * A list: nodes of packed entries, as many in each as `list-max-listpack-size` allows. A list of one node that is small enough is packed
 * (`listpack`): it stands under its key as bytes, and an object of this class only holds it while a command looks at it.
 *
 * The packed form is the number of entries (2 bytes, little-endian) and the entries.
 *
 * Nodes stand in an array: what is far from both ends of a list is found in steps of a node. An element larger than a node has one to
 * itself. Invariants: no node is empty; `length` is the sum of the nodes' counts.
 *
 * Rejected: linked nodes (an array is walked faster and holds less; moving its references costs a copy of 8 bytes a node, once in
 * hundreds of pushes).
 */
import type { Reply } from '../../../commands/reply.ts';
import { type KeyspaceFactory, ValueType } from '../../keyspace.ts';
import { arrayBytes } from '../../record/heapBytes.ts';
import { ChargedCollection } from '../chargedCollection.ts';
import { Listpack, type Probe } from '../listpack.ts';
import type { Packable } from '../packable.ts';
import { exceedsNode, fitsHalfNode, fitsNode, needsOwnNode, takesOneMore } from './listLimits.ts';

/** This object and its array of nodes, measured as the slope of the heap. */
const OBJECT_BYTES = 160;
/** A node's object and its place in the array. */
const NODE_BYTES = 48;
export const COUNT_BYTES = 2;
/** A packed list has at most as many entries as its count can say. */
const PACKED_ENTRIES_MAX = 65535;

/** A place in a list. */
interface Place {
  readonly node: number;
  /** Entry within the node, from 0 on. */
  readonly entry: number;
}

export class ListValue extends ChargedCollection implements Packable {
  readonly type = ValueType.list;
  #nodes: Listpack[] = [];
  length = 0;
  #isPacked = true;
  #nodeBytes = 0;
  /** `list-max-listpack-size` at the moment it left the packed form: its nodes keep to that, as Redis's do. */
  #fill = 0;

  constructor(storage: KeyspaceFactory) {
    super(storage);
  }

  /** Makes it the packed list whose entries are the first `used` bytes of `node`, which becomes its own. */
  load(node: Listpack): void {
    this.#nodes = node.count === 0 ? [] : [node];
    this.length = node.count;
    this.#isPacked = true;
    this.#nodeBytes = 0;
  }

  encoding(): 'listpack' | 'quicklist' {
    return this.#isPacked ? 'listpack' : 'quicklist';
  }

  memoryBytes(): number {
    return OBJECT_BYTES + this.#nodeBytes;
  }

  duplicate(): ListValue {
    const copy = new ListValue(this.storage);
    copy.length = this.length;
    copy.#isPacked = this.#isPacked;
    copy.#fill = this.#fill;
    copy.#nodes = this.#nodes.map((node) => node.duplicate());
    copy.#countBytes();
    return copy;
  }

  /** Bytes of the packed form. */
  get packedLength(): number {
    return COUNT_BYTES + (this.#nodes[0]?.used ?? 0);
  }

  writePacked(target: Uint8Array): void {
    target[0] = this.length;
    target[1] = this.length >> 8;
    const node = this.#nodes[0];
    if (node !== undefined) target.set(node.bytes.subarray(0, node.used), COUNT_BYTES);
  }

  get isPacked(): boolean {
    return this.#isPacked;
  }

  /** An object of its own with what this one holds, which is not to be used any more. */
  moved(): ListValue {
    const list = new ListValue(this.storage);
    list.#nodes = this.#nodes;
    list.length = this.length;
    list.#isPacked = this.#isPacked;
    list.#fill = this.#fill;
    list.#nodeBytes = this.#nodeBytes;
    this.#nodes = [];
    this.length = 0;
    return list;
  }

  /** For serialisation. */
  nodes(): readonly Listpack[] {
    return this.#nodes;
  }

  /** Takes over a node, at the end. */
  appendNode(node: Listpack, fill: number): void {
    if (node.count === 0) return;
    this.#fill = fill;
    node.trim();
    this.#nodes.push(node);
    this.length += node.count;
    this.#isPacked = false;
    this.#nodeBytes += nodeBytes(node);
  }

  #countBytes(): void {
    this.#nodeBytes = 0;
    for (const node of this.#nodes) this.#nodeBytes += nodeBytes(node);
  }

  // --- the form -------------------------------------------------------------------------------------------------------------

  /** To be called before `count` elements with `bytes` characters in all come: they may be too many for the packed form. */
  prepare(bytes: number, count: number, fill: number): void {
    if (!this.#isPacked) return;
    const node = this.#nodes[0];
    const framed = node?.framedBytes ?? new Listpack().framedBytes;
    if (exceedsNode(fill, framed + bytes, this.length + count) || this.length + count > PACKED_ENTRIES_MAX)
      this.#unpack(fill);
  }

  #unpack(fill: number): void {
    this.#isPacked = false;
    this.#fill = fill;
    // What came from a scratch buffer gets memory of its own.
    this.#nodes = this.#nodes.map((node) => node.duplicate());
    this.#countBytes();
  }

  /** To be called after elements went: what is small enough now is packed. */
  shrink(fill: number): void {
    this.#pack(fitsHalfNode, fill);
  }

  /** To be called when a list was built whole. */
  settleForm(fill: number): void {
    if (!this.#isPacked) this.#pack(fitsNode, fill);
    else if (exceedsNode(fill, this.#nodes[0]?.framedBytes ?? 0, this.length)) this.#unpack(fill);
  }

  #pack(fits: (fill: number, bytes: number, entries: number) => boolean, fill: number): void {
    const node = this.#nodes[0];
    if (this.#isPacked || this.#nodes.length !== 1 || node === undefined || this.length > PACKED_ENTRIES_MAX)
      return;
    if (isPlain(node, this.#fill) || !fits(fill, node.framedBytes, this.length)) return;
    this.#isPacked = true;
    this.#nodeBytes = 0;
  }

  // --- the ends -------------------------------------------------------------------------------------------------------------

  pushHead(element: Probe): void {
    const first = this.#nodes[0];
    if (first !== undefined && this.#takes(first, element)) this.#insert(first, 0, element);
    else this.#addNode(0, element);
    this.length++;
  }

  pushTail(element: Probe): void {
    const last = this.#nodes.at(-1);
    if (last !== undefined && this.#takes(last, element)) this.#insert(last, last.used, element);
    else this.#addNode(this.#nodes.length, element);
    this.length++;
  }

  #takes(node: Listpack, element: Probe): boolean {
    return (
      this.#isPacked ||
      (!isPlain(node, this.#fill) &&
        takesOneMore(this.#fill, node.framedBytes, node.count, element.end - element.start))
    );
  }

  #insert(node: Listpack, at: number, element: Probe): void {
    const before = nodeBytes(node);
    node.insert(at, element);
    this.#nodeBytes += nodeBytes(node) - before;
  }

  #addNode(index: number, element: Probe): void {
    // The neighbour is full, or the last that anybody pushed to: room for more would stay empty.
    const neighbour = this.#nodes[index === 0 ? 0 : index - 1];
    if (neighbour !== undefined) {
      this.#nodeBytes -= nodeBytes(neighbour);
      neighbour.trim();
      this.#nodeBytes += nodeBytes(neighbour);
    }
    const node = new Listpack();
    node.append(element);
    this.#nodes.splice(index, 0, node);
    this.#nodeBytes += nodeBytes(node);
  }

  /** The first or last element, which goes; the list is not empty. */
  pop(fromHead: boolean): Uint8Array {
    const index = fromHead ? 0 : this.#nodes.length - 1;
    const node = this.#nodes[index]!;
    const at = fromHead ? 0 : node.last();
    const element = node.text(at);
    node.remove(at);
    this.length--;
    this.#dropIfEmpty(index);
    return element;
  }

  #dropIfEmpty(index: number): boolean {
    const node = this.#nodes[index]!;
    if (node.count > 0) return false;
    this.#nodes.splice(index, 1);
    if (!this.#isPacked) this.#nodeBytes -= nodeBytes(node);
    return true;
  }

  // --- anywhere -------------------------------------------------------------------------------------------------------------

  #place(index: number): Place {
    const nodes = this.#nodes;
    if (index * 2 <= this.length) {
      let rest = index;
      let node = 0;
      while (rest >= nodes[node]!.count) rest -= nodes[node++]!.count;
      return { node, entry: rest };
    }
    let rest = this.length - 1 - index;
    let node = nodes.length - 1;
    while (rest >= nodes[node]!.count) rest -= nodes[node--]!.count;
    return { node, entry: nodes[node]!.count - 1 - rest };
  }

  /** The element at index, in [0, length). */
  at(index: number): Uint8Array {
    const { node, entry } = this.#place(index);
    const listpack = this.#nodes[node]!;
    return listpack.text(listpack.nth(entry));
  }

  replyAt(reply: Reply, index: number): void {
    const { node, entry } = this.#place(index);
    const listpack = this.#nodes[node]!;
    listpack.reply(reply, listpack.nth(entry));
  }

  /** `count` elements from `index` on, towards the end or (`backwards`) the beginning. The list must not change meanwhile. */
  visit(
    index: number,
    count: number,
    backwards: boolean,
    visitor: (node: Listpack, at: number) => void,
  ): void {
    if (count <= 0) return;
    let { node, entry } = this.#place(index);
    let listpack = this.#nodes[node]!;
    let at = listpack.nth(entry);
    for (let left = count; ; ) {
      visitor(listpack, at);
      if (--left === 0) return;
      at = backwards ? listpack.previous(at) : listpack.next(at);
      if (at >= 0) continue;
      node += backwards ? -1 : 1;
      listpack = this.#nodes[node]!;
      at = backwards ? listpack.last() : 0;
    }
  }

  /** As DEBUG DIGEST and SORT see it. */
  get elementCount(): number {
    return this.length;
  }

  readonly ordered = true;

  /** The elements at [from, to) as bytes of their own; counted from the end, and in that order, if `backwards`. */
  elements(from: number, to: number, backwards: boolean): Uint8Array[] {
    const elements: Uint8Array[] = [];
    this.visit(backwards ? this.length - 1 - from : from, to - from, backwards, (node, at) => {
      elements.push(node.text(at));
    });
    return elements;
  }

  set(index: number, element: Probe): void {
    const place = this.#place(index);
    const node = this.#nodes[place.node]!;
    const at = node.nth(place.entry);
    if (
      !this.#isPacked &&
      (isPlain(node, this.#fill) || needsOwnNode(this.#fill, element.end - element.start))
    ) {
      this.#removeAt(place.node, at);
      this.#insertAt(index, element);
      return;
    }
    const before = nodeBytes(node);
    node.replace(at, element);
    this.#nodeBytes += nodeBytes(node) - before;
  }

  #removeAt(index: number, at: number): boolean {
    this.#nodes[index]!.remove(at);
    this.length--;
    return this.#dropIfEmpty(index);
  }

  /** Makes `element` the one at `index`, in [0, length]. */
  #insertAt(index: number, element: Probe): void {
    if (index === 0) return this.pushHead(element);
    if (index === this.length) return this.pushTail(element);
    const { node: number, entry } = this.#place(index);
    const node = this.#nodes[number]!;
    const before = entry === 0 ? this.#nodes[number - 1] : undefined;
    if (this.#takes(node, element)) {
      this.#insert(node, node.nth(entry), element);
    } else if (before !== undefined) {
      if (this.#takes(before, element)) this.#insert(before, before.used, element);
      else this.#addNode(number, element);
    } else {
      const bytesBefore = nodeBytes(node);
      const tail = node.split(node.nth(entry), node.count - entry);
      node.trim();
      this.#nodes.splice(number + 1, 0, tail);
      this.#nodeBytes += nodeBytes(node) + nodeBytes(tail) - bytesBefore;
      if (this.#takes(node, element)) this.#insert(node, node.used, element);
      else this.#addNode(number + 1, element);
    }
    this.length++;
  }

  /** Puts `element` beside the first one equal to `pivot`; false if there is none. */
  insertBeside(pivot: Probe, element: Probe, after: boolean): boolean {
    const index = this.#indexOf(pivot);
    if (index < 0) return false;
    this.#insertAt(after ? index + 1 : index, element);
    return true;
  }

  #indexOf(probe: Probe): number {
    let passed = 0;
    for (const node of this.#nodes) {
      for (let at = node.first(), entry = 0; at >= 0; at = node.next(at), entry++)
        if (node.equals(at, probe)) return passed + entry;
      passed += node.count;
    }
    return -1;
  }

  /** Removes up to `countMax` elements equal to `probe`, from the head on or (`backwards`) the tail; how many. */
  removeEqual(probe: Probe, countMax: number, backwards: boolean): number {
    let removed = 0;
    for (let i = backwards ? this.#nodes.length - 1 : 0; removed < countMax; ) {
      const node = this.#nodes[i];
      if (node === undefined) break;
      removed += node.removeEqual(probe, countMax - removed, backwards);
      const isGone = this.#dropIfEmpty(i);
      if (backwards) i--;
      else if (!isGone) i++;
    }
    this.length -= removed;
    return removed;
  }

  /** Removes `count` elements from `index` on. */
  removeRange(index: number, count: number): void {
    if (count <= 0) return;
    const place = this.#place(index);
    this.length -= count;
    let left = count;
    let { node: number, entry } = place;
    while (left > 0) {
      const node = this.#nodes[number]!;
      const here = Math.min(left, node.count - entry);
      if (here < node.count) {
        node.removePlaces(entry, here);
        left -= here;
        entry = 0;
        number++;
        continue;
      }
      // Nodes that go whole go without a look at their entries.
      let gone = 0;
      while (left > 0 && this.#nodes[number + gone]!.count <= left) {
        const whole = this.#nodes[number + gone++]!;
        left -= whole.count;
        if (!this.#isPacked) this.#nodeBytes -= nodeBytes(whole);
      }
      this.#nodes.splice(number, gone);
    }
  }

  /** Indices of elements equal to `probe`, from `index` on in the given direction, at most `comparisonsMax` looked at. */
  positions(
    probe: Probe,
    backwards: boolean,
    comparisonsMax: number,
    found: (index: number) => boolean,
  ): void {
    let index = backwards ? this.length - 1 : 0;
    let compared = 0;
    const nodes = this.#nodes;
    for (let i = backwards ? nodes.length - 1 : 0; i >= 0 && i < nodes.length; i += backwards ? -1 : 1) {
      const node = nodes[i]!;
      for (
        let at = backwards ? node.last() : node.first();
        at >= 0;
        at = backwards ? node.previous(at) : node.next(at)
      ) {
        if (compared++ === comparisonsMax) return;
        if (node.equals(at, probe) && !found(index)) return;
        index += backwards ? -1 : 1;
      }
    }
  }
}

const nodeBytes = (node: Listpack): number => NODE_BYTES + arrayBytes(node.bytes.length);

/** Whether the node is that of one element too large to share. */
const isPlain = (node: Listpack, fill: number): boolean =>
  node.count === 1 && node.isString(0) && needsOwnNode(fill, node.stringEnd(0) - node.stringStart(0));

/** A list from its packed form, which becomes its own. */
export function unpackList(bytes: Uint8Array, storage: KeyspaceFactory): ListValue {
  const list = new ListValue(storage);
  list.load(new Listpack(bytes.slice(COUNT_BYTES), bytes.length - COUNT_BYTES, bytes[0]! | (bytes[1]! << 8)));
  return list;
}
