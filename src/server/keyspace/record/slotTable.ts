/**
 * Numbered slots for heap objects and strings: a slot's number never changes while it is taken. Grows by chunks, so that no growth step copies
 * what is there, and free slots form a list inside the chunks themselves.
 */
const CHUNK_BITS = 12;
const CHUNK_SLOTS = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_SLOTS - 1;
const NO_FREE_SLOT = -1;
/** A pointer of V8's without compression. */
export const SLOT_BYTES = 8;

export class SlotTable<T extends object | string> {
  /** An object, or the number of the next free slot. */
  #chunks: (T | number)[][] = [];
  #freeSlot = NO_FREE_SLOT;
  /** Slots ever taken since the last clear: all taken slots are below. */
  slotsUsed = 0;

  /** The object in a taken slot. */
  get(slot: number): T {
    return this.#chunks[slot >>> CHUNK_BITS]![slot & CHUNK_MASK] as T;
  }

  /** The object in any slot below slotsUsed, or undefined if it is free. */
  peek(slot: number): T | undefined {
    const content = this.#chunks[slot >>> CHUNK_BITS]![slot & CHUNK_MASK];
    return typeof content === 'number' ? undefined : content;
  }

  set(slot: number, value: T): void {
    this.#chunks[slot >>> CHUNK_BITS]![slot & CHUNK_MASK] = value;
  }

  /** Reserves a slot; the caller must `set` it before anything else is called. */
  take(): number {
    const free = this.#freeSlot;
    if (free !== NO_FREE_SLOT) {
      this.#freeSlot = this.#chunks[free >>> CHUNK_BITS]![free & CHUNK_MASK] as number;
      return free;
    }
    const slot = this.slotsUsed++;
    if ((slot & CHUNK_MASK) === 0) this.#chunks.push([]);
    return slot;
  }

  release(slot: number): void {
    this.#chunks[slot >>> CHUNK_BITS]![slot & CHUNK_MASK] = this.#freeSlot;
    this.#freeSlot = slot;
  }

  clear(): void {
    this.#chunks = [];
    this.#freeSlot = NO_FREE_SLOT;
    this.slotsUsed = 0;
  }

  /** Bytes of the chunks' arrays, which grow as slots are taken. */
  memoryBytes(): number {
    return this.slotsUsed * SLOT_BYTES;
  }
}
