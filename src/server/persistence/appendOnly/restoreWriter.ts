/**
 * A base of commands (`aof-use-rdb-preamble no`): a RESTORE for each entry, which Redis runs as well. Rejected: RPUSH, SADD, ... as Redis writes them; they
 * are longer, lose encodings, and some values would need several.
 */
import { type Keyspace, NO_EXPIRY, type Ref } from '../../keyspace/keyspace.ts';
import { dumpEntry } from '../../keyspace/serialization/dumpPayload.ts';
import type { EntryAccess } from '../rdb/rdbWriter.ts';
import type { EntryWriter } from '../snapshot/entryWriter.ts';
import { CommandEncoder } from './commandEncoder.ts';

const CHUNK_BYTES = 64 * 1024;

export class RestoreWriter implements EntryWriter {
  readonly #encoder = new CommandEncoder();
  readonly #compresses: boolean;
  readonly #sink: (chunk: Uint8Array) => void;

  constructor(compresses: boolean, sink: (chunk: Uint8Array) => void) {
    this.#compresses = compresses;
    this.#sink = sink;
  }

  header(): void {}

  library(source: Uint8Array): void {
    this.#encoder.append(0, ['FUNCTION', 'LOAD', source]);
  }

  sizes(): void {}

  entry(database: number, keyspace: Keyspace, ref: Ref, access: EntryAccess | undefined): void {
    const expireAtMs = keyspace.expireAtMs(ref);
    this.#encoder.append(database, [
      'RESTORE',
      keyspace.keyBytes(ref),
      expireAtMs === NO_EXPIRY ? 0 : expireAtMs,
      dumpEntry(keyspace, ref, this.#compresses),
      'ABSTTL',
      ...(access?.idleSec === undefined ? [] : ['IDLETIME', access.idleSec]),
      ...(access?.frequency === undefined ? [] : ['FREQ', access.frequency]),
    ]);
    if (this.#encoder.length >= CHUNK_BYTES) this.#sink(this.#encoder.take());
  }

  end(): void {
    if (this.#encoder.length > 0) this.#sink(this.#encoder.take());
  }
}
