/**
 * Where the values of string entries live in the Map keyspace (flag `sso-strings`): `heapStrings.ts` gives each a byte array of its
 * own, `inlineStrings.ts` puts short ones into packed cells. A store belongs to one keyspace.
 *
 * A StoredString is valid until it is released, or passed to `replace` or `resize`, whose result stands for it from then on. Where
 * memory cannot be had they throw and nothing has changed.
 */
import type { StoredString } from './storedValue.ts';

export interface StringStore {
  /** A copy of the bytes [start, end). */
  store(bytes: Uint8Array, start: number, end: number): StoredString;
  /** A copy of the bytes [start, end), which must not lie in this store, in the place of `old`. */
  replace(old: StoredString, bytes: Uint8Array, start: number, end: number): StoredString;
  /** `old` with another length, new bytes zero. */
  resize(old: StoredString, length: number): StoredString;
  release(string: StoredString): void;
  length(string: StoredString): number;
  /** Copies its bytes [from, to) to `target` at `at`, which must have room. */
  copy(string: StoredString, from: number, to: number, target: Uint8Array, at: number): void;
  /** Overwrites its bytes from `at` on by the bytes [start, end); the length must suffice. */
  write(string: StoredString, at: number, bytes: Uint8Array, start: number, end: number): void;
  /** Its bytes in place: read-only, valid until the next change. */
  view(string: StoredString): Uint8Array;
  /** Bytes charged for it, but for the reference to it. */
  memoryBytes(string: StoredString): number;
  /** Forgets all. */
  clear(): void;
}
