/**
 * Ziplists and zipmaps: how Redis before 7.0 and before 2.6 packed small collections. Read only, from old dumps.
 *
 * Ziplist: total bytes (4)  offset of the last entry (4)  entries (2, 65535 = count them)  entry...  0xff, little-endian;
 *   entry = length of the one before (1 byte, or 0xfe and 4), encoding (00LLLLLL, 01LLLLLL +1 and 10...... +4 big-endian are
 *   strings; 0xc0 +2, 0xd0 +4, 0xe0 +8, 0xf0 +3, 0xfe +1 integers; 0xf1..0xfd the integers 0..12), data.
 * Zipmap: fields (1, 254 = count them)  ( length field length free value unused )...  0xff;
 *   length = 1 byte below 254, or 0xfe and 4 little-endian.
 */
import { fromLatin1 } from '../../../base/bytes.ts';

const ZIPLIST_HEADER_BYTES = 10;
const COUNT_UNKNOWN = 65535;
const END = 0xff;
const BIG = 0xfe;

interface Entry {
  readonly text: Uint8Array;
  /** Where the next one begins. */
  readonly end: number;
}

const INTEGER_BYTES = new Map([
  [0xc0, 2],
  [0xd0, 4],
  [0xe0, 8],
  [0xf0, 3],
  [0xfe, 1],
]);

function signedText(bytes: Uint8Array, at: number, count: number): Uint8Array {
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i]!);
  return fromLatin1(String(BigInt.asIntN(8 * count, value)));
}

/** The encoding and data at `at`; undefined if they are none or reach beyond `limit`. */
function readZiplistData(bytes: Uint8Array, at: number, limit: number): Entry | undefined {
  if (at >= limit) return undefined;
  const code = bytes[at]!;
  if (code < 0xc0) {
    const headBytes = code < 0x40 ? 1 : code < 0x80 ? 2 : 5;
    const start = at + headBytes;
    if (start > limit) return undefined;
    let length = headBytes === 5 ? 0 : code & 0x3f;
    for (let i = 1; i < headBytes; i++) length = length * 256 + bytes[at + i]!;
    if (length > limit - start) return undefined;
    return { text: bytes.subarray(start, start + length), end: start + length };
  }
  if (code > 0xf0 && code < BIG) return { text: fromLatin1(String(code - 0xf1)), end: at + 1 };
  const count = INTEGER_BYTES.get(code);
  if (count === undefined || at + 1 + count > limit) return undefined;
  return { text: signedText(bytes, at + 1, count), end: at + 1 + count };
}

/** Every entry of the ziplist that `bytes` is, checked to the last byte; undefined if it is none. */
export function readZiplist(bytes: Uint8Array): Uint8Array[] | undefined {
  const size = bytes.length;
  if (size < ZIPLIST_HEADER_BYTES + 1) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  if (view.getUint32(0, true) !== size || bytes[size - 1] !== END) return undefined;
  const limit = size - 1;
  const entries: Uint8Array[] = [];
  let at = ZIPLIST_HEADER_BYTES;
  let previousBytes = 0;
  let lastAt = at;
  while (at < limit) {
    const big = bytes[at] === BIG;
    if (bytes[at] === END || (big && at + 5 > limit)) return undefined;
    if ((big ? view.getUint32(at + 1, true) : bytes[at]!) !== previousBytes) return undefined;
    const entry = readZiplistData(bytes, at + (big ? 5 : 1), limit);
    if (entry === undefined) return undefined;
    entries.push(entry.text);
    lastAt = at;
    previousBytes = entry.end - at;
    at = entry.end;
  }
  const lastOffset = view.getUint32(4, true);
  if (entries.length > 0 ? lastOffset !== lastAt : lastOffset > limit) return undefined;
  const count = view.getUint16(8, true);
  return count === COUNT_UNKNOWN || count === entries.length ? entries : undefined;
}

/** Fields and values of the zipmap that `bytes` is, in turn; undefined if it is none or empty. */
export function readZipmap(bytes: Uint8Array): Uint8Array[] | undefined {
  const size = bytes.length;
  if (size < 2 || bytes[size - 1] !== END) return undefined;
  const limit = size - 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  const entries: Uint8Array[] = [];
  let at = 1;
  while (at < limit) {
    const isValue = entries.length % 2 === 1;
    const big = bytes[at] === BIG;
    if (bytes[at] === END || (big && at + 5 > limit)) return undefined;
    const length = big ? view.getUint32(at + 1, true) : bytes[at]!;
    at += big ? 5 : 1;
    let unused = 0;
    if (isValue) {
      if (at >= limit) return undefined;
      unused = bytes[at++]!;
    }
    if (length + unused > limit - at) return undefined;
    entries.push(bytes.subarray(at, at + length));
    at += length + unused;
  }
  if (entries.length === 0 || entries.length % 2 === 1) return undefined;
  return bytes[0] === BIG || bytes[0] === entries.length / 2 ? entries : undefined;
}
