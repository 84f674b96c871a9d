/**
 * A stream of bytes from one thread to another through shared memory: single producer, single consumer, no locks.
 *
 * ```
 * offset       width  content
 *      0           4  head: bytes consumed so far, modulo 2^32; written by the consumer
 *     64           4  tail: bytes produced so far, modulo 2^32; written by the producer
 *    128           4  1 while the producer waits for room
 *    192    capacity  the bytes; byte n of the stream at n modulo capacity
 * ```
 *
 * Head and tail lie on cache lines of their own, so that neither thread's writes take the other's line away.
 *
 * Memory order: the producer writes bytes with plain stores and then `tail` with Atomics.store; the consumer reads `tail` with
 * Atomics.load before the bytes. Atomics are sequentially consistent, so what lies before the store happens before what follows the load:
 * the consumer never sees a tail without its bytes, and by the same argument on `head` the producer never overwrites bytes unread.
 *
 * Source: the single-producer queue of Lamport (1983), with positions that run on and wrap instead of a slot left empty.
 */
import { assert } from '../../base/assert.ts';

const HEAD = 0;
const TAIL = 16;
const WAITING = 32;
const HEADER_BYTES = 192;

export const ringMemory = (capacityBytes: number): SharedArrayBuffer =>
  new SharedArrayBuffer(HEADER_BYTES + capacityBytes);

export class SpscRing {
  readonly #cells: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #mask: number;
  /** Producer only: where the next byte goes, not yet published. */
  #produced: number;

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory, 0, HEADER_BYTES / 4);
    this.#bytes = new Uint8Array(memory, HEADER_BYTES);
    const capacity = this.#bytes.length;
    assert((capacity & (capacity - 1)) === 0, 'a ring holds a power of two of bytes');
    this.#mask = capacity - 1;
    this.#produced = Atomics.load(this.#cells, TAIL);
  }

  /** Producer. Copies as much of [start, end) as there is room for and returns how much; unseen until `publish`. */
  write(source: Uint8Array, start: number, end: number): number {
    const used = (this.#produced - Atomics.load(this.#cells, HEAD)) >>> 0;
    const length = Math.min(end - start, this.#bytes.length - used);
    const at = this.#produced & this.#mask;
    const untilWrap = Math.min(length, this.#bytes.length - at);
    this.#bytes.set(source.subarray(start, start + untilWrap), at);
    this.#bytes.set(source.subarray(start + untilWrap, start + length), 0);
    this.#produced = (this.#produced + length) | 0;
    return length;
  }

  /** Producer. Lets the consumer see what was written. */
  publish(): void {
    Atomics.store(this.#cells, TAIL, this.#produced);
  }

  /** Producer. To be called before the last try that finds no room: the consumer then says when there is some. */
  waitForRoom(): void {
    Atomics.store(this.#cells, WAITING, 1);
  }

  /** Consumer. Moves what is there into `target` from `at` on, as much as fits, and returns how much. */
  read(target: Uint8Array, at: number): number {
    const head = Atomics.load(this.#cells, HEAD);
    const length = Math.min((Atomics.load(this.#cells, TAIL) - head) >>> 0, target.length - at);
    const from = head & this.#mask;
    const untilWrap = Math.min(length, this.#bytes.length - from);
    target.set(this.#bytes.subarray(from, from + untilWrap), at);
    target.set(this.#bytes.subarray(0, length - untilWrap), at + untilWrap);
    Atomics.store(this.#cells, HEAD, (head + length) | 0);
    return length;
  }

  /** Consumer, after reading: true, once, if the producer waits for the room that there is now. */
  takeWaiting(): boolean {
    return Atomics.exchange(this.#cells, WAITING, 0) === 1;
  }
}
