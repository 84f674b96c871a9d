/**
 * HyperLogLogs in Redis's own representation, which is a string like any other:
 *
 *     HYLL, encoding (0 dense, 1 sparse), 3 zeros, the last estimate (8 bytes little-endian; highest bit: it is out of date), registers
 *     dense   16,384 registers of 6 bits, the low bits first
 *     sparse  00xxxxxx           1 to 64 registers that are 0
 *             01xxxxxx xxxxxxxx  1 to 16,384 registers that are 0
 *             1vvvvvxx           1 to 4 registers of value 1 to 32
 *
 * Sparse ones are changed step by step as Redis changes them, so that two servers with the same history hold the same bytes.
 *
 * Estimate: Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), algorithm 6.
 */
import { hash, murmurHash } from './murmurHash.ts';

export const REGISTERS = 16384;
const INDEX_BITS = 14;
const COUNT_BITS = 64 - INDEX_BITS;
const HEADER_BYTES = 16;
const DENSE_BYTES = HEADER_BYTES + (REGISTERS * 6) / 8;
const ENCODING_AT = 4;
const ESTIMATE_AT = 8;
const STALE_AT = 15;
const DENSE = 0;
const SPARSE = 1;
const MAGIC = [72, 89, 76, 76];
const ZERO_MAX = 64;
const VALUE_MAX = 32;
const VALUE_RUN_MAX = 4;
/** Opcodes looked at for a merge after a change. */
const MERGE_SCAN = 5;
const ALPHA = 0.7213475204444817;

/** The bytes are not what they claim to be. */
export class CorruptHyperLogLog extends Error {
  override name = 'CorruptHyperLogLog';
}

export const isDense = (bytes: Uint8Array): boolean => bytes[ENCODING_AT] === DENSE;

export function isHyperLogLog(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) return false;
  const encoding = bytes[ENCODING_AT]!;
  return encoding === SPARSE || (encoding === DENSE && bytes.length === DENSE_BYTES);
}

/** All registers 0, sparse. */
export function emptyHyperLogLog(): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 2);
  bytes.set(MAGIC);
  bytes[ENCODING_AT] = SPARSE;
  writeZeros(bytes, HEADER_BYTES, REGISTERS);
  return bytes;
}

/** The estimate that the header keeps no longer holds. */
export function markStale(bytes: Uint8Array): void {
  bytes[STALE_AT]! |= 0x80;
}

/** A run of zeros; its bytes. */
function writeZeros(bytes: Uint8Array, at: number, length: number): number {
  if (length <= ZERO_MAX) {
    bytes[at] = length - 1;
    return 1;
  }
  bytes[at] = 0x40 | ((length - 1) >> 8);
  bytes[at + 1] = length - 1;
  return 2;
}

const valueOpcode = (value: number, length: number): number => 0x80 | ((value - 1) << 2) | (length - 1);
const isValue = (opcode: number): boolean => (opcode & 0x80) !== 0;
const isLongZero = (opcode: number): boolean => (opcode & 0xc0) === 0x40;
const valueIn = (opcode: number): number => ((opcode >> 2) & 31) + 1;

function runAt(bytes: Uint8Array, at: number): { length: number; value: number; size: number } {
  const opcode = bytes[at]!;
  if (isValue(opcode)) return { length: (opcode & 3) + 1, value: valueIn(opcode), size: 1 };
  if (!isLongZero(opcode)) return { length: (opcode & 63) + 1, value: 0, size: 1 };
  return { length: (((opcode & 63) << 8) | (bytes[at + 1] ?? 0)) + 1, value: 0, size: 2 };
}

/** Every run of a sparse one, sound or not. */
export function* writtenRuns(
  bytes: Uint8Array,
): IterableIterator<{ length: number; value: number; size: number }> {
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const run = runAt(bytes, at);
    yield run;
    at += run.size;
  }
}

/**
 * Every run of a sparse one. Throws CorruptHyperLogLog if they are not 16,384 registers in all. `toleratesTail`: a run of values that would be
 * too much ends it, and what follows is not looked at; Redis merges so, and counts otherwise.
 */
function* sparseRuns(
  bytes: Uint8Array,
  toleratesTail = false,
): IterableIterator<{ length: number; value: number; size: number }> {
  let registers = 0;
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const run = runAt(bytes, at);
    if (toleratesTail && run.value > 0 && registers + run.length > REGISTERS) break;
    registers += run.length;
    if (registers > REGISTERS || at + run.size > bytes.length) throw new CorruptHyperLogLog();
    yield run;
    at += run.size;
  }
  if (registers !== REGISTERS) throw new CorruptHyperLogLog();
}

export function denseRegister(bytes: Uint8Array, index: number): number {
  const bit = index * 6;
  const at = HEADER_BYTES + (bit >> 3);
  return ((bytes[at]! | ((bytes[at + 1] ?? 0) << 8)) >> (bit & 7)) & 63;
}

function setDenseRegister(bytes: Uint8Array, index: number, value: number): void {
  const bit = index * 6;
  const at = HEADER_BYTES + (bit >> 3);
  const shift = bit & 7;
  const pair = ((bytes[at]! | ((bytes[at + 1] ?? 0) << 8)) & ~(63 << shift)) | (value << shift);
  bytes[at] = pair;
  if (at + 1 < bytes.length) bytes[at + 1] = pair >> 8;
}

/** Throws CorruptHyperLogLog. */
export function toDense(bytes: Uint8Array): Uint8Array {
  if (isDense(bytes)) return bytes;
  const dense = new Uint8Array(DENSE_BYTES);
  dense.set(bytes.subarray(0, HEADER_BYTES));
  dense[ENCODING_AT] = DENSE;
  let index = 0;
  for (const { length, value } of sparseRuns(bytes, true)) {
    if (value > 0) for (let i = 0; i < length; i++) setDenseRegister(dense, index + i, value);
    index += length;
  }
  return dense;
}

/** Raises `registers` (16,384 of them) to what is in `bytes`. Throws CorruptHyperLogLog. */
export function mergeRegisters(registers: Uint8Array, bytes: Uint8Array, toleratesTail = true): void {
  if (isDense(bytes)) {
    for (let i = 0; i < REGISTERS; i++) registers[i] = Math.max(registers[i]!, denseRegister(bytes, i));
    return;
  }
  let index = 0;
  for (const { length, value } of sparseRuns(bytes, toleratesTail)) {
    for (let i = index; i < index + length; i++) if (value > registers[i]!) registers[i] = value;
    index += length;
  }
}

/** The register of an element and the value that it asks for. */
function placeOf(element: Uint8Array, start: number, end: number): { index: number; value: number } {
  murmurHash(element, start, end);
  const { high, low } = hash;
  const index = low & (REGISTERS - 1);
  // The 50 bits above: 18 of the lower half, 32 of the upper.
  const lowBits = low >>> INDEX_BITS;
  if (lowBits !== 0) return { index, value: 32 - Math.clz32(lowBits & -lowBits) };
  if (high !== 0) return { index, value: 18 + 32 - Math.clz32(high & -high) };
  return { index, value: COUNT_BITS + 1 };
}

/** The changed bytes, or undefined if the element changes nothing. `bytes` may be changed in place. Throws CorruptHyperLogLog. */
export function withElement(
  bytes: Uint8Array,
  element: Uint8Array,
  start: number,
  end: number,
  sparseBytesMax: number,
): Uint8Array | undefined {
  const { index, value } = placeOf(element, start, end);
  return withRegister(bytes, index, value, sparseBytesMax);
}

/** As withElement, for a register raised to a value. */
export function withRegister(
  bytes: Uint8Array,
  index: number,
  value: number,
  sparseBytesMax: number,
): Uint8Array | undefined {
  if (isDense(bytes)) {
    if (denseRegister(bytes, index) >= value) return undefined;
    setDenseRegister(bytes, index, value);
    markStale(bytes);
    return bytes;
  }
  if (value > VALUE_MAX) return withRegister(toDense(bytes), index, value, sparseBytesMax);
  return withSparseRegister(bytes, index, value, sparseBytesMax);
}

function withSparseRegister(
  bytes: Uint8Array,
  index: number,
  value: number,
  sparseBytesMax: number,
): Uint8Array | undefined {
  let at = HEADER_BYTES;
  let previous = -1;
  let first = 0;
  let run = { length: 0, value: 0, size: 0 };
  for (; at < bytes.length; at += run.size) {
    run = runAt(bytes, at);
    if (index < first + run.length) break;
    first += run.length;
    previous = at;
  }
  if (at >= bytes.length) throw new CorruptHyperLogLog();
  if (run.value >= value) return undefined;
  const pieces = new Uint8Array(5);
  let used = 0;
  const put = (length: number, old: number): void => {
    if (length === 0) return;
    if (old === 0) used += writeZeros(pieces, used, length);
    else pieces[used++] = valueOpcode(old, length);
  };
  put(index - first, run.value);
  pieces[used++] = valueOpcode(value, 1);
  put(first + run.length - 1 - index, run.value);
  const growth = used - run.size;
  if (growth > 0 && bytes.length + growth > sparseBytesMax)
    return withRegister(toDense(bytes), index, value, sparseBytesMax);
  const changed = new Uint8Array(bytes.length + growth);
  changed.set(bytes.subarray(0, at));
  changed.set(pieces.subarray(0, used), at);
  changed.set(bytes.subarray(at + run.size), at + used);
  markStale(changed);
  return merged(changed, previous < 0 ? HEADER_BYTES : previous);
}

/** Joins neighbouring runs of one value among the next few opcodes. */
function merged(bytes: Uint8Array, from: number): Uint8Array {
  let end = bytes.length;
  let at = from;
  for (let scan = MERGE_SCAN; at < end && scan > 0; scan--) {
    const opcode = bytes[at]!;
    if (!isValue(opcode)) {
      at += isLongZero(opcode) ? 2 : 1;
      continue;
    }
    const next = at + 1 < end ? bytes[at + 1]! : 0;
    const length = (opcode & 3) + 1 + (next & 3) + 1;
    if (isValue(next) && valueIn(next) === valueIn(opcode) && length <= VALUE_RUN_MAX) {
      bytes[at + 1] = valueOpcode(valueIn(opcode), length);
      bytes.copyWithin(at, at + 1, end);
      end--;
      continue;
    }
    at++;
  }
  return bytes.slice(0, end);
}

/** The estimate kept with it, undefined if that is out of date. */
export function keptEstimate(bytes: Uint8Array): bigint | undefined {
  if ((bytes[STALE_AT]! & 0x80) !== 0) return undefined;
  return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(ESTIMATE_AT, true);
}

/** The header's part that keeps an estimate, from byte `ESTIMATE_AT` on. */
export function estimateBytes(estimate: number): { readonly at: number; readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(estimate), true);
  return { at: ESTIMATE_AT, bytes };
}

/** How many different elements made these registers (16,384 of them). */
export function estimateOf(registers: Uint8Array): number {
  const counts = new Array<number>(COUNT_BITS + 2).fill(0);
  for (const value of registers) counts[value]!++;
  let z = REGISTERS * tau((REGISTERS - counts[COUNT_BITS + 1]!) / REGISTERS);
  for (let value = COUNT_BITS; value >= 1; value--) z = (z + counts[value]!) * 0.5;
  z += REGISTERS * sigma(counts[0]! / REGISTERS);
  return Math.round((ALPHA * REGISTERS * REGISTERS) / z);
}

function sigma(start: number): number {
  if (start === 1) return Infinity;
  let x = start;
  let y = 1;
  let z = x;
  for (let before = Number.NaN; before !== z; ) {
    x *= x;
    before = z;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(start: number): number {
  if (start === 0 || start === 1) return 0;
  let x = start;
  let y = 1;
  let z = 1 - x;
  for (let before = Number.NaN; before !== z; ) {
    x = Math.sqrt(x);
    before = z;
    y *= 0.5;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
