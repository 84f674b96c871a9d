/**
 * The folded multiplication with words read through a DataView, which V8 turns into one unaligned load each. The view belongs to one
 * buffer and is made anew for another. An aligned Int32Array is no candidate: keys begin at any byte.
 */
import type { Rng } from '../../../src/ports/rng.ts';
import type { KeyHash } from '../../../src/server/keyspace/hashing.ts';

const fold = (a: number, b: number): number => Math.imul(a, b) ^ ((a >>> 0) * (b >>> 0) * 2 ** -32);

export class DataViewFoldedMultiply implements KeyHash {
  readonly #secret: number;
  readonly #initial: number;
  #viewed: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(rng: Rng) {
    this.#secret = rng.uint32() | 0;
    this.#initial = rng.uint32() | 0;
  }

  hash(buffer: Uint8Array, start: number, end: number): number {
    const secret = this.#secret;
    const length = end - start;
    if (buffer !== this.#viewed) {
      this.#viewed = buffer;
      this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    }
    const view = this.#view;
    let hash = this.#initial ^ length;
    if (length >= 8) {
      const last = end - 8;
      for (let i = start; i < last; i += 8)
        hash = fold(view.getInt32(i, true) ^ secret, view.getInt32(i + 4, true) ^ hash);
      hash = fold(view.getInt32(last, true) ^ secret, view.getInt32(last + 4, true) ^ hash);
    } else if (length >= 4) {
      hash = fold(view.getInt32(start, true) ^ secret, view.getInt32(end - 4, true) ^ hash);
    } else if (length > 0) {
      const bytes = buffer[start]! | (buffer[start + (length >> 1)]! << 8) | (buffer[end - 1]! << 16);
      hash = fold(bytes ^ secret, hash);
    }
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
