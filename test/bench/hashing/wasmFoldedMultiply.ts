/**
 * The folded multiplication in WebAssembly, where a 64-bit product is one exact instruction. The key is copied into the module's
 * memory first and the function called across the boundary: both are part of what it costs, since keys arrive in Node's buffers.
 *
 * SIMD was left out: 128-bit lanes have no 64-bit widening product that would shorten the chain of a single key.
 */
import type { Rng } from '../../../src/ports/rng.ts';
import type { KeyHash } from '../../../src/server/keyspace/hashing.ts';

/** The part of the WebAssembly interface used here: it belongs to the types of browsers, which this project does without. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
  ) => {
    exports: { m: { buffer: ArrayBuffer }; f: (length: number, secret: number, hash: number) => number };
  };
};

/** Below, a loop copies faster than `set` of a view. */
const LOOP_COPY_BYTES_MAX = 64;
const STEP_BYTES = 8;

/**
 * (func (param $length i32) (param $secret i32) (param $hash i32) (result i32) (local $i i32) (local $product i64)
 *   loop  product = u64(load(i) ^ secret) * u64(load(i + 4) ^ hash);  hash = low(product) ^ high(product)
 *         i += 8;  if (i < length) continue  end  hash)
 */
const FUNCTION_BODY = [
  // Locals: one i32, one i64. loop (no result).
  [2, 1, 0x7f, 1, 0x7e, 0x03, 0x40],
  // i64.extend_i32_u(i32.load(i) ^ secret)
  [0x20, 3, 0x28, 2, 0, 0x20, 1, 0x73, 0xad],
  // i64.extend_i32_u(i32.load offset=4 (i) ^ hash)
  [0x20, 3, 0x28, 2, 4, 0x20, 2, 0x73, 0xad],
  // i64.mul, tee product, i32.wrap
  [0x7e, 0x22, 4, 0xa7],
  // i32.wrap(product >>> 32), xor, set hash
  [0x20, 4, 0x42, 32, 0x88, 0xa7, 0x73, 0x21, 2],
  // tee i = i + 8, br_if (i < length), end; hash; end
  [0x20, 3, 0x41, STEP_BYTES, 0x6a, 0x22, 3, 0x20, 0, 0x49, 0x0d, 0, 0x0b, 0x20, 2, 0x0b],
].flat();

const section = (id: number, ...content: number[]): number[] => [id, content.length, ...content];

/** One memory of 16 pages (1 MiB), exported as `m`; the function, exported as `f`. */
const MODULE_BYTES = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, 1, 0x60, 3, 0x7f, 0x7f, 0x7f, 1, 0x7f),
  ...section(3, 1, 0),
  ...section(5, 1, 0, 16),
  ...section(7, 2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0),
  ...section(10, 1, FUNCTION_BODY.length, ...FUNCTION_BODY),
]);

export class WasmFoldedMultiply implements KeyHash {
  readonly #secret: number;
  readonly #initial: number;
  readonly #memory: Uint8Array;
  readonly #fold: (length: number, secret: number, hash: number) => number;

  constructor(rng: Rng) {
    this.#secret = rng.uint32() | 0;
    this.#initial = rng.uint32() | 0;
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(MODULE_BYTES));
    this.#memory = new Uint8Array(exports.m.buffer);
    this.#fold = exports.f;
  }

  hash(buffer: Uint8Array, start: number, end: number): number {
    const memory = this.#memory;
    const length = end - start;
    if (length <= LOOP_COPY_BYTES_MAX) for (let i = 0; i < length; i++) memory[i] = buffer[start + i]!;
    else memory.set(buffer.subarray(start, end));
    for (let i = length; i < length + STEP_BYTES; i++) memory[i] = 0;
    let hash = this.#fold(length, this.#secret, this.#initial ^ length);
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }
}
