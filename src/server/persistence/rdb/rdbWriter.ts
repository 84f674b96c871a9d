/**
 * Writes a snapshot file piece by piece: each call appends to memory that goes to `sink` in chunks. Entries may come in any order, of any
 * database: where the database changes, the file says so.
 */
import { copyOf, fromLatin1 } from '../../../base/bytes.ts';
import { type Keyspace, NO_EXPIRY, type Ref } from '../../keyspace/keyspace.ts';
import { Crc64 } from '../../keyspace/serialization/crc64.ts';
import { PayloadWriter } from '../../keyspace/serialization/payload.ts';
import { RDB_VERSION, writeValue } from '../../keyspace/serialization/valueSerialization.ts';
import type { EntryWriter } from '../snapshot/entryWriter.ts';
import { CHECKSUM_BYTES, EXPIRY_MS_BYTES, MAGIC, OPCODE, VERSION_DIGITS } from './rdbFormat.ts';

/** A chunk this long goes to the sink: few calls, and little to copy at once. */
const CHUNK_BYTES = 64 * 1024;
const NO_DATABASE = -1;

/** What RESTORE and eviction know of an entry's use. */
export interface EntryAccess {
  /** Seconds since the last access, under a policy of least recent use. */
  readonly idleSec?: number;
  /** The counter under a policy of least frequent use. */
  readonly frequency?: number;
}

export interface RdbWriterOptions {
  readonly compresses: boolean;
  readonly hasChecksum: boolean;
}

export class RdbWriter implements EntryWriter {
  readonly #out: PayloadWriter;
  readonly #crc: Crc64 | undefined;
  readonly #sink: (chunk: Uint8Array) => void;
  #database = NO_DATABASE;
  /** Of the bytes in memory, so many are in the checksum. */
  #summed = 0;

  /** @param sink gets chunks that are its own. */
  constructor(options: RdbWriterOptions, sink: (chunk: Uint8Array) => void) {
    this.#out = new PayloadWriter(options.compresses, 2 * CHUNK_BYTES);
    this.#crc = options.hasChecksum ? new Crc64() : undefined;
    this.#sink = sink;
  }

  header(facts: readonly (readonly [name: string, value: string])[]): void {
    const magic = fromLatin1(MAGIC + String(RDB_VERSION).padStart(VERSION_DIGITS, '0'));
    this.#out.bytes(magic, 0, magic.length);
    for (const [name, value] of facts) {
      this.#out.byte(OPCODE.aux);
      this.#text(fromLatin1(name));
      this.#text(fromLatin1(value));
    }
    this.#settle();
  }

  library(source: Uint8Array): void {
    this.#out.byte(OPCODE.library);
    this.#text(source);
    this.#settle();
  }

  /** Says how much of a database will come: those who load it make room. */
  sizes(database: number, keys: number, expiringKeys: number): void {
    this.#select(database);
    this.#out.byte(OPCODE.sizes);
    this.#out.lengthOf(keys);
    this.#out.lengthOf(expiringKeys);
    this.#settle();
  }

  entry(database: number, keyspace: Keyspace, ref: Ref, access: EntryAccess | undefined): void {
    const out = this.#out;
    this.#select(database);
    const expireAtMs = keyspace.expireAtMs(ref);
    if (expireAtMs !== NO_EXPIRY) {
      out.byte(OPCODE.expiryMs);
      out.littleEndian(expireAtMs, EXPIRY_MS_BYTES);
    }
    if (access?.idleSec !== undefined) {
      out.byte(OPCODE.idle);
      out.lengthOf(access.idleSec);
    }
    if (access?.frequency !== undefined) {
      out.byte(OPCODE.frequency);
      out.byte(access.frequency);
    }
    out.keyOfNext(keyspace.keyBytes(ref));
    writeValue(out, keyspace, ref);
    this.#settle();
  }

  /** What ends the file; nothing may follow. */
  end(): void {
    this.#out.byte(OPCODE.end);
    this.#sum();
    const at = this.#out.reserve(CHECKSUM_BYTES);
    const bytes = this.#out.written();
    bytes.fill(0, at);
    this.#crc?.write(bytes, at);
    this.#flush();
  }

  #select(database: number): void {
    if (database === this.#database) return;
    this.#database = database;
    this.#out.byte(OPCODE.database);
    this.#out.lengthOf(database);
  }

  #text(bytes: Uint8Array): void {
    this.#out.string(bytes, 0, bytes.length);
  }

  /** Sums entry by entry, so that the time it takes is part of the slice that wrote it. */
  #settle(): void {
    this.#sum();
    if (this.#out.length >= CHUNK_BYTES) this.#flush();
  }

  #sum(): void {
    this.#crc?.update(this.#out.written(), this.#summed, this.#out.length);
    this.#summed = this.#out.length;
  }

  #flush(): void {
    const chunk = copyOf(this.#out.written());
    this.#out.clear();
    this.#summed = 0;
    this.#sink(chunk);
  }
}
