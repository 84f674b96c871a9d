/**
 * The order of a large sorted set: a B+ tree of scores and ids, by score and where scores are equal by member, that knows how many entries stand
 * below each branch. So place to entry and entry to place are both O(log n).
 *
 * Members are not in here: an id leads to the bytes of one (`MemberSource`), which are looked at only where scores are equal.
 *
 * Invariants: no leaf is empty unless it is the root; a branch's `counts` are its children's sizes.
 *
 * Rejected: a skip list (a node of 1.33 references, a span each and a reference back takes three times the bytes of an entry here, and
 * each step is a line of memory).
 */
import { compareBytes } from '../../../../base/bytes.ts';

/** The bytes of the member that an id stands for; good until the next change. */
export type MemberSource = (id: number) => Uint8Array;

const LEAF_MAX = 128;
const BRANCH_MAX = 64;

interface Leaf {
  readonly scores: number[];
  readonly ids: number[];
}

interface Branch {
  readonly children: Node[];
  readonly counts: number[];
}

type Node = Leaf | Branch;

const isLeaf = (node: Node): node is Leaf => 'scores' in node;

function sizeOf(node: Node): number {
  if (isLeaf(node)) return node.scores.length;
  let size = 0;
  for (const count of node.counts) size += count;
  return size;
}

/** The leaf with the first entry of all below. */
function leftmost(node: Node): Leaf {
  let at = node;
  while (!isLeaf(at)) at = at.children[0]!;
  return at;
}

/** True for entries that stand before a point of the order. */
export type IsBefore = (score: number, id: number) => boolean;

export class ScoreTree {
  #root: Node = { scores: [], ids: [] };
  #leaves = 1;
  readonly #memberOf: MemberSource;
  size = 0;

  constructor(memberOf: MemberSource) {
    this.#memberOf = memberOf;
  }

  /** An entry is 16 bytes and leaves are two thirds full; a leaf is two arrays and an object. */
  memoryBytes(): number {
    return this.size * 24 + this.#leaves * 150;
  }

  /** Entries before a point: IsBefore must hold for a first part of the order, and for none after. */
  countWhile(isBefore: IsBefore): number {
    let passed = 0;
    let node = this.#root;
    while (!isLeaf(node)) {
      const { children, counts } = node;
      const child = childFor(node, isBefore);
      for (let i = 0; i < child; i++) passed += counts[i]!;
      node = children[child]!;
    }
    return passed + placeIn(node, isBefore);
  }

  /** How many entries stand before this one, whether it is there or not. */
  rankOf(score: number, member: Uint8Array): number {
    return this.countWhile(this.#before(score, member));
  }

  #before(score: number, member: Uint8Array): IsBefore {
    return (other, id) => other < score || (other === score && compareBytes(this.#memberOf(id), member) < 0);
  }

  /** Adds an entry that is not there yet. */
  insert(score: number, member: Uint8Array, id: number): void {
    const sibling = this.#insert(this.#root, score, id, this.#before(score, member));
    this.size++;
    if (sibling === undefined) return;
    const old = this.#root;
    this.#root = { children: [old, sibling], counts: [sizeOf(old), sizeOf(sibling)] };
  }

  /** A new right sibling if the node had to be split. */
  #insert(node: Node, score: number, id: number, isBefore: IsBefore): Node | undefined {
    if (isLeaf(node)) {
      const place = placeIn(node, isBefore);
      node.scores.splice(place, 0, score);
      node.ids.splice(place, 0, id);
      if (node.scores.length <= LEAF_MAX) return undefined;
      // Ascending insertions leave full leaves behind.
      const keep = place === node.scores.length - 1 ? LEAF_MAX : node.scores.length >>> 1;
      this.#leaves++;
      return { scores: node.scores.splice(keep), ids: node.ids.splice(keep) };
    }
    const { children, counts } = node;
    const index = childFor(node, isBefore);
    const sibling = this.#insert(children[index]!, score, id, isBefore);
    counts[index]!++;
    if (sibling === undefined) return undefined;
    const moved = sizeOf(sibling);
    counts[index]! -= moved;
    children.splice(index + 1, 0, sibling);
    counts.splice(index + 1, 0, moved);
    if (children.length <= BRANCH_MAX) return undefined;
    const keep = index + 1 === children.length - 1 ? BRANCH_MAX : children.length >>> 1;
    return { children: children.splice(keep), counts: counts.splice(keep) };
  }

  /** Removes the entry at this place. */
  removeAt(rank: number): void {
    this.#removeAt(this.#root, rank);
    this.size--;
    if (this.size === 0) {
      this.#root = { scores: [], ids: [] };
      this.#leaves = 1;
      return;
    }
    while (!isLeaf(this.#root) && this.#root.children.length === 1) this.#root = this.#root.children[0]!;
  }

  #removeAt(node: Node, rank: number): void {
    if (isLeaf(node)) {
      node.scores.splice(rank, 1);
      node.ids.splice(rank, 1);
      return;
    }
    const { children, counts } = node;
    let rest = rank;
    let index = 0;
    while (rest >= counts[index]!) rest -= counts[index++]!;
    this.#removeAt(children[index]!, rest);
    counts[index]!--;
    if (counts[index] === 0) {
      // Nothing is left below: the last leaf there goes, and every branch that led only to it.
      if (isLeaf(children[index]!)) this.#leaves--;
      children.splice(index, 1);
      counts.splice(index, 1);
    } else {
      this.#mergeSparse(node, index);
    }
  }

  /** A child that has become sparse joins its neighbour where both have room in half a node. */
  #mergeSparse({ children, counts }: Branch, index: number): void {
    const child = children[index]!;
    if (children.length === 1) return;
    const width = isLeaf(child) ? child.scores.length : child.children.length;
    const most = isLeaf(child) ? LEAF_MAX : BRANCH_MAX;
    if (width > most / 4) return;
    const left = index > 0 ? index - 1 : index;
    const [a, b] = [children[left]!, children[left + 1]!];
    if (isLeaf(a) && isLeaf(b)) {
      if (a.scores.length + b.scores.length > most / 2) return;
      a.scores.push(...b.scores);
      a.ids.push(...b.ids);
      this.#leaves--;
    } else if (!isLeaf(a) && !isLeaf(b)) {
      if (a.children.length + b.children.length > most) return;
      a.children.push(...b.children);
      a.counts.push(...b.counts);
    }
    counts[left]! += counts[left + 1]!;
    children.splice(left + 1, 1);
    counts.splice(left + 1, 1);
  }

  /** `count` entries from this place on, towards the end or (`backwards`) the beginning, until the visitor answers false. */
  visit(
    rank: number,
    count: number,
    backwards: boolean,
    visitor: (score: number, id: number) => boolean,
  ): void {
    let left = count;
    let at = rank;
    while (left > 0) {
      const { leaf, place } = this.#leafAt(at);
      const { ids, scores } = leaf;
      for (let i = place; left > 0 && i >= 0 && i < scores.length; i += backwards ? -1 : 1) {
        if (!visitor(scores[i]!, ids[i]!)) return;
        at += backwards ? -1 : 1;
        left--;
      }
    }
  }

  #leafAt(rank: number): { leaf: Leaf; place: number } {
    let node = this.#root;
    let rest = rank;
    while (!isLeaf(node)) {
      const { children, counts } = node;
      let index = 0;
      while (rest >= counts[index]!) rest -= counts[index++]!;
      node = children[index]!;
    }
    return { leaf: node, place: rest };
  }
}

function placeIn({ ids, scores }: Leaf, isBefore: IsBefore): number {
  let low = 0;
  let high = scores.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(scores[middle]!, ids[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last child whose first entry is before a point: the point is in it or right behind it. */
function childFor({ children }: Branch, isBefore: IsBefore): number {
  let child = 0;
  let high = children.length - 1;
  while (child < high) {
    const middle = (child + high + 1) >>> 1;
    const first = leftmost(children[middle]!);
    if (isBefore(first.scores[0]!, first.ids[0]!)) child = middle;
    else high = middle - 1;
  }
  return child;
}
