/** Ids of stream entries: two unsigned 64-bit integers, a time in ms and a number within it. Each is a number where that is safe, a bigint beyond. */
import { toLatin1 } from '../../../../base/bytes.ts';

export type Part = number | bigint;

export interface StreamId {
  readonly ms: Part;
  readonly seq: Part;
}

export const PART_MAX = 18446744073709551615n;
export const ID_MIN: StreamId = { ms: 0, seq: 0 };
export const ID_MAX: StreamId = { ms: PART_MAX, seq: PART_MAX };

/** A number if that is safe. */
const narrowed = (value: bigint): Part => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value);

/** The sum of two parts, modulo 2^64. */
export function addParts(a: Part, b: Part): Part {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum >= 0 && sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return narrowed(BigInt.asUintN(64, BigInt(a) + BigInt(b)));
}

/** a - b as a signed 64-bit integer, as entries keep it. */
export function subtractParts(a: Part, b: Part): Part {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const difference = BigInt.asIntN(64, BigInt(a) - BigInt(b));
  const narrow = Number(difference);
  return Number.isSafeInteger(narrow) ? narrow : difference;
}

export function compareIds(a: StreamId, b: StreamId): number {
  if (a.ms !== b.ms) return a.ms < b.ms ? -1 : 1;
  if (a.seq !== b.seq) return a.seq < b.seq ? -1 : 1;
  return 0;
}

export const isZeroId = ({ ms, seq }: StreamId): boolean => ms === 0 && seq === 0;
export const formatId = ({ ms, seq }: StreamId): string => `${ms}-${seq}`;

/** The next id, undefined behind the last. */
export function nextId({ ms, seq }: StreamId): StreamId | undefined {
  if (seq !== PART_MAX) return { ms, seq: addParts(seq, 1) };
  return ms === PART_MAX ? undefined : { ms: addParts(ms, 1), seq: 0 };
}

/** The id before, undefined before the first. */
export function previousId({ ms, seq }: StreamId): StreamId | undefined {
  if (seq !== 0) return { ms, seq: narrowed(BigInt(seq) - 1n) };
  return ms === 0 ? undefined : { ms: narrowed(BigInt(ms) - 1n), seq: PART_MAX };
}

/** As C's strtoull reads it: white space and a sign before are no error, a negative number wraps around. */
function parsePart(text: string): Part | undefined {
  if (/^-[1-9]\d*$/.test(text) || !/^\s*[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.trim().replace(/^[+-]/, ''));
  if (value > PART_MAX) return undefined;
  return narrowed(text.includes('-') ? BigInt.asUintN(64, -value) : value);
}

const ID_BYTES_MAX = 127;

/** `ms` or `ms-seq`; undefined if the bytes are neither. */
export function parseId(
  buffer: Uint8Array,
  start: number,
  end: number,
  missingSeq: Part,
): StreamId | undefined {
  if (end - start > ID_BYTES_MAX) return undefined;
  const text = toLatin1(buffer, start, end);
  // The first dash that is no sign parts them.
  const dash = text.indexOf('-');
  const ms = parsePart(dash < 0 ? text : text.slice(0, dash));
  const seq = dash < 0 ? missingSeq : parsePart(text.slice(dash + 1));
  return ms === undefined || seq === undefined ? undefined : { ms, seq };
}
