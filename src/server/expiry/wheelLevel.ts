/** One level of a timing wheel: 256 lists of handles, and a bit for each that says whether it holds any. */
import { NO_NODE, NODE_HANDLES, type TokenNodes } from './tokenNodes.ts';

export const LEVEL_SLOTS = 256;
/** No slot. */
export const NO_SLOT = -1;

export class WheelLevel {
  readonly #nodes: TokenNodes;
  /** First node of each list, and the handles in it; 0 handles: an empty list. */
  readonly #first = new Uint32Array(LEVEL_SLOTS);
  readonly #filled = new Uint8Array(LEVEL_SLOTS);
  readonly #occupied = new Uint32Array(LEVEL_SLOTS / 32);

  constructor(nodes: TokenNodes) {
    this.#nodes = nodes;
  }

  static readonly memoryBytes = LEVEL_SLOTS * 5 + LEVEL_SLOTS / 8;

  isEmpty(slot: number): boolean {
    return this.#filled[slot] === 0;
  }

  push(slot: number, handle: number): void {
    let filled = this.#filled[slot]!;
    if (filled === 0 || filled === NODE_HANDLES) {
      this.#first[slot] = this.#nodes.take(filled === 0 ? NO_NODE : this.#first[slot]!);
      this.#occupied[slot >>> 5]! |= 1 << (slot & 31);
      filled = 0;
    }
    this.#nodes.setHandle(this.#first[slot]!, filled, handle);
    this.#filled[slot] = filled + 1;
  }

  /** The slot must not be empty. */
  pop(slot: number): number {
    const node = this.#first[slot]!;
    const filled = this.#filled[slot]! - 1;
    const handle = this.#nodes.handle(node, filled);
    this.#filled[slot] = filled;
    if (filled > 0) return handle;
    const next = this.#nodes.next(node);
    this.#nodes.release(node);
    this.#first[slot] = next;
    if (next !== NO_NODE) this.#filled[slot] = NODE_HANDLES;
    else this.#occupied[slot >>> 5]! &= ~(1 << (slot & 31));
    return handle;
  }

  /** The first slot from `slot` on that holds anything, or NO_SLOT. */
  firstOccupied(slot: number): number {
    for (let word = slot >>> 5; word < LEVEL_SLOTS / 32; word++) {
      let bits = this.#occupied[word]!;
      if (word === slot >>> 5) bits &= -1 << (slot & 31);
      // The lowest bit that is set.
      if (bits !== 0) return word * 32 + (31 - Math.clz32(bits & -bits));
    }
    return NO_SLOT;
  }
}
