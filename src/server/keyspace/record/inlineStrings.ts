/**
 * Flag `sso-strings`, candidate: values of up to 23 bytes in packed cells of 24, longer ones as byte arrays of their own.
 *
 *     cell   offset 0      1 .. 23
 *            length        the bytes, what is behind them undefined
 *     free   0 .. 3  the number of the next free cell + 1, or 0 (native byte order)
 *
 * A byte array costs V8 more than 200 bytes in several objects, whatever it holds; a cell is 24 bytes and none. A value that grows
 * beyond a cell moves to the heap, one that shrinks to 23 bytes or fewer moves back. Keys need nothing of the kind: the key of a
 * Map is a JavaScript string, which V8 keeps in one piece with its bytes (16 bytes and the text).
 *
 * Rejected: cells inside the entries themselves (each long value and each collection would waste one).
 *
 * Invariant: a number stands for a value of at most INLINE_BYTES_MAX bytes, an array for a longer one.
 */
import { copyBytes, copyOf, resizeBytes } from '../../../base/bytes.ts';
import type { GrowthTimer } from '../growthTimer.ts';
import { ChunkedRows, ROW_CHUNK_BITS, ROW_CHUNK_MASK } from './chunkedRows.ts';
import { heapStringBytes } from './heapStrings.ts';
import type { ReservedAccount } from './reservedAccount.ts';
import type { StoredString } from './storedValue.ts';
import type { StringStore } from './stringStore.ts';

export const INLINE_BYTES_MAX = 23;
const CELL_BYTES = 24;
const CELL_WORDS = CELL_BYTES / 4;

export class InlineStrings implements StringStore {
  readonly #cells: ChunkedRows;
  readonly #bytes: Uint8Array[];
  readonly #words: Uint32Array[];
  /** Number + 1 of the first free cell, 0 if none is. */
  #freeCell = 0;
  /** Cells ever taken since the last clear. */
  #cellsUsed = 0;

  constructor(account: ReservedAccount, growth: GrowthTimer) {
    this.#cells = new ChunkedRows(CELL_BYTES, account, growth);
    this.#bytes = this.#cells.bytes;
    this.#words = this.#cells.words;
  }

  store(bytes: Uint8Array, start: number, end: number): StoredString {
    if (end - start > INLINE_BYTES_MAX) return copyOf(bytes, start, end);
    const cell = this.#take();
    this.#fill(cell, bytes, start, end);
    return cell;
  }

  replace(old: StoredString, bytes: Uint8Array, start: number, end: number): StoredString {
    if (typeof old === 'number' && end - start <= INLINE_BYTES_MAX) {
      this.#fill(old, bytes, start, end);
      return old;
    }
    const stored = this.store(bytes, start, end);
    this.release(old);
    return stored;
  }

  resize(old: StoredString, length: number): StoredString {
    if (typeof old !== 'number') {
      if (length > INLINE_BYTES_MAX) return resizeBytes(old, length);
      return this.store(old, 0, length);
    }
    const chunk = this.#bytes[old >>> ROW_CHUNK_BITS]!;
    const at = (old & ROW_CHUNK_MASK) * CELL_BYTES;
    const oldLength = chunk[at]!;
    if (length <= INLINE_BYTES_MAX) {
      if (length > oldLength) chunk.fill(0, at + 1 + oldLength, at + 1 + length);
      chunk[at] = length;
      return old;
    }
    const moved = resizeBytes(copyOf(chunk, at + 1, at + 1 + oldLength), length);
    this.release(old);
    return moved;
  }

  release(string: StoredString): void {
    if (typeof string !== 'number') return;
    this.#words[string >>> ROW_CHUNK_BITS]![(string & ROW_CHUNK_MASK) * CELL_WORDS] = this.#freeCell;
    this.#freeCell = string + 1;
  }

  length(string: StoredString): number {
    if (typeof string !== 'number') return string.length;
    return this.#bytes[string >>> ROW_CHUNK_BITS]![(string & ROW_CHUNK_MASK) * CELL_BYTES]!;
  }

  copy(string: StoredString, from: number, to: number, target: Uint8Array, at: number): void {
    if (typeof string !== 'number') return copyBytes(string, from, to, target, at);
    const first = (string & ROW_CHUNK_MASK) * CELL_BYTES + 1;
    copyBytes(this.#bytes[string >>> ROW_CHUNK_BITS]!, first + from, first + to, target, at);
  }

  write(string: StoredString, at: number, bytes: Uint8Array, start: number, end: number): void {
    if (typeof string !== 'number') return copyBytes(bytes, start, end, string, at);
    const first = (string & ROW_CHUNK_MASK) * CELL_BYTES + 1;
    copyBytes(bytes, start, end, this.#bytes[string >>> ROW_CHUNK_BITS]!, first + at);
  }

  view(string: StoredString): Uint8Array {
    if (typeof string !== 'number') return string;
    const chunk = this.#bytes[string >>> ROW_CHUNK_BITS]!;
    const at = (string & ROW_CHUNK_MASK) * CELL_BYTES;
    return chunk.subarray(at + 1, at + 1 + chunk[at]!);
  }

  memoryBytes(string: StoredString): number {
    return typeof string === 'number' ? CELL_BYTES : heapStringBytes(string);
  }

  clear(): void {
    this.#cells.clear();
    this.#freeCell = 0;
    this.#cellsUsed = 0;
  }

  #fill(cell: number, bytes: Uint8Array, start: number, end: number): void {
    const chunk = this.#bytes[cell >>> ROW_CHUNK_BITS]!;
    const at = (cell & ROW_CHUNK_MASK) * CELL_BYTES;
    chunk[at] = end - start;
    copyBytes(bytes, start, end, chunk, at + 1);
  }

  #take(): number {
    if (this.#freeCell !== 0) {
      const cell = this.#freeCell - 1;
      this.#freeCell = this.#words[cell >>> ROW_CHUNK_BITS]![(cell & ROW_CHUNK_MASK) * CELL_WORDS]!;
      return cell;
    }
    const cell = this.#cellsUsed++;
    this.#cells.ensure(cell);
    return cell;
  }
}
