/**
 * Memory for lists of 32-bit handles: unrolled linked lists (Shao, Reppy and Appel 1994) in nodes of one cache line.
 *
 *   node (16 words)    | next | handle 0 | handle 1 | ... | handle 14 |
 *   block              1,024 nodes; never moved, so that growth copies nothing
 *
 * All nodes of a list are full but its first, so a handle costs 64 / 15 = 4.27 bytes. The lists themselves are the caller's: this hands out nodes.
 */
const NODE_WORD_BITS = 4;
/** Handles in a node. */
export const NODE_HANDLES = (1 << NODE_WORD_BITS) - 1;
const BLOCK_NODE_BITS = 10;
const BLOCK_NODES = 1 << BLOCK_NODE_BITS;
const BLOCK_NODE_MASK = BLOCK_NODES - 1;
const BLOCK_BYTES = (BLOCK_NODES << NODE_WORD_BITS) * 4;
/** No node: the end of a list. Node numbers begin at 1. */
export const NO_NODE = 0;

export class TokenNodes {
  readonly #blocks: Uint32Array[] = [];
  #free = NO_NODE;
  #handedOut = 0;
  #live = 0;

  /** A node whose next is `next`, its handles undefined. */
  take(next: number): number {
    let node = this.#free;
    if (node !== NO_NODE) {
      this.#free = this.next(node);
    } else {
      if ((this.#handedOut & BLOCK_NODE_MASK) === 0) this.#blocks.push(new Uint32Array(BLOCK_BYTES / 4));
      node = ++this.#handedOut;
    }
    this.#live++;
    this.#block(node)[firstWord(node)] = next;
    return node;
  }

  /** Takes a node back. With the last one all blocks go. */
  release(node: number): void {
    if (--this.#live === 0) {
      this.#blocks.length = 0;
      this.#free = NO_NODE;
      this.#handedOut = 0;
      return;
    }
    this.#block(node)[firstWord(node)] = this.#free;
    this.#free = node;
  }

  next(node: number): number {
    return this.#block(node)[firstWord(node)]!;
  }

  handle(node: number, at: number): number {
    return this.#block(node)[firstWord(node) + 1 + at]!;
  }

  setHandle(node: number, at: number, handle: number): void {
    this.#block(node)[firstWord(node) + 1 + at] = handle;
  }

  /** Bytes of the blocks. */
  memoryBytes(): number {
    return this.#blocks.length * BLOCK_BYTES;
  }

  #block(node: number): Uint32Array {
    return this.#blocks[(node - 1) >>> BLOCK_NODE_BITS]!;
  }
}

const firstWord = (node: number): number => ((node - 1) & BLOCK_NODE_MASK) << NODE_WORD_BITS;
