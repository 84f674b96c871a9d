/**
 * What DUMP answers and RESTORE takes: type byte and value, then the version (2 bytes) and the CRC-64 of all that stands
 * before it (8 bytes), both little-endian.
 */
import { copyOf } from '../../../base/bytes.ts';
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

/** RDB's opcodes of a library of functions, and of what release candidates of Redis 7 had. */
const LIBRARY_OPCODE = 245;
const OLD_LIBRARY_OPCODE = 246;

/** @param compresses whether strings above 20 bytes are compressed where that shortens them. */
export function dumpEntry(keyspace: Keyspace, ref: Ref, compresses: boolean): Uint8Array {
  const writer = new PayloadWriter(compresses);
  writeValue(writer, keyspace, ref);
  return sealed(writer);
}

/** What was written, with its footer. */
function sealed(writer: PayloadWriter): Uint8Array {
  writer.littleEndian(RDB_VERSION, VERSION_BYTES);
  const checksumAt = writer.reserve(CHECKSUM_BYTES);
  const payload = writer.written();
  const crc = new Crc64();
  crc.update(payload, 0, checksumAt);
  crc.write(payload, checksumAt);
  return payload;
}

/** FUNCTION DUMP: the codes of libraries. */
export function dumpLibraries(codes: Iterable<Uint8Array>, compresses: boolean): Uint8Array {
  const writer = new PayloadWriter(compresses);
  for (const code of codes) {
    writer.byte(LIBRARY_OPCODE);
    writer.string(code, 0, code.length);
  }
  return sealed(writer);
}

/** The codes in a payload whose footer is valid; or what is wrong with it, as FUNCTION RESTORE says it. */
export function restoreLibraries(bytes: Uint8Array, start: number, end: number): Uint8Array[] | string {
  const reader = new PayloadReader(bytes, start, end - FOOTER_BYTES);
  const codes: Uint8Array[] = [];
  while (reader.remaining > 0) {
    const opcode = reader.byte();
    if (opcode === OLD_LIBRARY_OPCODE) return 'Pre-GA function format not supported';
    if (opcode !== LIBRARY_OPCODE) return 'given type is not a function';
    const code = reader.string();
    if (reader.failed) return 'Failed loading library payload';
    codes.push(copyOf(code));
  }
  return codes;
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
