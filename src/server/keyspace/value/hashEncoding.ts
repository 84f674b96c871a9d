/** Which encoding a hash says it has, and which form it really takes. */

export type HashEncoding = 'listpack' | 'listpackex' | 'hashtable';

/** hash-max-listpack-entries and hash-max-listpack-value, at this moment. */
export interface HashLimits {
  readonly entriesMax: number;
  readonly valueBytesMax: number;
}

/** Redis turns a listpack that would grow beyond 1 GiB into a table. */
const PACKED_BYTES_MAX = 2 ** 30;
/**
 * A `hashtable` stays packed up to here: below, a scan of the bytes costs no more than hashing (about 1 us), while a keyspace
 * would cost more than it holds: its smallest index has 512 slots of 5 bytes.
 */
const TABLE_FIELDS_MIN = 32;
const TABLE_BYTES_MIN = 4096;

/** Whether a hash of so many fields, `bytes` in the packed form, need not become a table. */
export function mayStayPacked(encoding: HashEncoding, count: number, bytes: number): boolean {
  if (encoding !== 'hashtable') return bytes <= PACKED_BYTES_MAX;
  return count <= TABLE_FIELDS_MIN && bytes <= TABLE_BYTES_MIN;
}
