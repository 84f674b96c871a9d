/**
 * What DUMP answers and RESTORE takes: type byte and value, then the version (2 bytes) and the CRC-64 of all that stands
 * before it (8 bytes), both little-endian.
 */
import type { Keyspace, Ref } from '../keyspace.ts';
import { Crc64 } from './crc64.ts';
import { PayloadReader, PayloadWriter } from './payload.ts';
import {
  type DetachedValue,
  RDB_VERSION,
  readValue,
  type ValueEnvironment,
  writeValue,
} from './valueSerialization.ts';

const VERSION_BYTES = 2;
const CHECKSUM_BYTES = 8;
const FOOTER_BYTES = VERSION_BYTES + CHECKSUM_BYTES;

/** @param compresses whether strings above 20 bytes are compressed where that shortens them. */
export function dumpEntry(keyspace: Keyspace, ref: Ref, compresses: boolean): Uint8Array {
  const writer = new PayloadWriter(compresses);
  writeValue(writer, keyspace, ref);
  writer.littleEndian(RDB_VERSION, VERSION_BYTES);
  const checksumAt = writer.reserve(CHECKSUM_BYTES);
  const payload = writer.written();
  const crc = new Crc64();
  crc.update(payload, 0, checksumAt);
  crc.write(payload, checksumAt);
  return payload;
}

/** Whether the bytes [start, end) end in a version this server reads and in the right checksum. */
export function hasValidFooter(bytes: Uint8Array, start: number, end: number): boolean {
  const footer = end - FOOTER_BYTES;
  if (footer < start || bytes[footer]! + bytes[footer + 1]! * 256 > RDB_VERSION) return false;
  const crc = new Crc64();
  crc.update(bytes, start, end - CHECKSUM_BYTES);
  return crc.equals(bytes, end - CHECKSUM_BYTES);
}

/** The value of a payload whose footer is valid; undefined if it cannot be read. What follows the value is ignored, as in Redis. */
export function restoreValue(
  bytes: Uint8Array,
  start: number,
  end: number,
  environment: ValueEnvironment,
): DetachedValue | undefined {
  return readValue(new PayloadReader(bytes, start, end), environment);
}
