/** Byte-string operations on Uint8Array ranges. A "latin1" string carries one byte per character. */

/** The bytes of a string of characters 0..255, one byte each. */
export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** One character a byte. */
export function toLatin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

/** Equal length and equal bytes. */
export function equalBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  const length = aEnd - aStart;
  if (length !== bEnd - bStart) return false;
  for (let i = 0; i < length; i++) if (a[aStart + i] !== b[bStart + i]) return false;
  return true;
}

/** As memcmp, shorter first on a tie: negative, zero, positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Copies [start, end) of `source` to `target` at `at`. A byte loop beats `set` below about 48 bytes (no view to create). */
export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  if (end - start <= 48) {
    for (let i = start, j = at; i < end; i++, j++) target[j] = source[i]!;
  } else {
    target.set(source.subarray(start, end), at);
  }
}

/** A copy that shares nothing: `slice` of a Buffer is a view, of a Uint8Array a copy, so neither is used where bytes must be kept. */
export function copyOf(source: Uint8Array, start = 0, end = source.length): Uint8Array {
  const copy = new Uint8Array(end - start);
  copyBytes(source, start, end, copy, 0);
  return copy;
}

const ON_HEAP_BYTES_MAX = 64;
/** Growth of a value that is built piece by piece: doubled up to this, then by this much at a time. */
const SPARE_BYTES_MAX = 1024 * 1024;

/**
 * `bytes` with another length, new bytes zero. `bytes` must be the only view of its memory, which is reused where it is large enough;
 * otherwise it moves to memory with spare room, so that appending piece by piece copies each byte about once.
 */
export function resizeBytes(bytes: Uint8Array, length: number): Uint8Array {
  // V8 keeps small arrays on the heap, and asking for their buffer moves them off it.
  if (bytes.length > ON_HEAP_BYTES_MAX && length <= bytes.buffer.byteLength - bytes.byteOffset) {
    const resized = new Uint8Array(bytes.buffer, bytes.byteOffset, length);
    if (length > bytes.length) resized.fill(0, bytes.length);
    return resized;
  }
  const spare = length > bytes.length ? Math.min(length, SPARE_BYTES_MAX) : 0;
  const resized = new Uint8Array(new ArrayBuffer(length + spare), 0, length);
  resized.set(bytes.length <= length ? bytes : bytes.subarray(0, length));
  return resized;
}
