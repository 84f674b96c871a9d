/**
 * Reads a snapshot file through a window that moves over it, so that a file may be larger than memory allows to hold twice. An entry that
 * does not lie in the window whole is read again in a larger one.
 *
 * Every byte is hostile: what cannot be read ends in an RdbError that names the place, never in anything else.
 */
import { copyOf, toLatin1 } from '../../../base/bytes.ts';
import type { InputFile } from '../../../ports/files.ts';
import { NO_EXPIRY } from '../../keyspace/keyspace.ts';
import { Crc64 } from '../../keyspace/serialization/crc64.ts';
import { PayloadReader } from '../../keyspace/serialization/payload.ts';
import {
  type DetachedValue,
  RDB_VERSION,
  readValueOfType,
  type ValueEnvironment,
} from '../../keyspace/serialization/valueSerialization.ts';
import {
  CHECKSUM_BYTES,
  CHECKSUM_SINCE_VERSION,
  EXPIRY_MS_BYTES,
  EXPIRY_SEC_BYTES,
  HEADER_BYTES,
  MAGIC,
  MODULE_TYPES,
  OPCODE,
} from './rdbFormat.ts';
import type { EntryAccess } from './rdbWriter.ts';

const WINDOW_BYTES = 1024 * 1024;

/** The file is no snapshot that can be read. `offset`: the byte where what cannot be read begins. */
export class RdbError extends Error {
  readonly code = 'RDB';
  readonly offset: number;

  constructor(offset: number, reason: string) {
    super(`${reason} (at byte ${offset})`);
    this.offset = offset;
  }
}

export interface RdbEntry {
  readonly database: number;
  readonly key: Uint8Array;
  /** Its bytes may lie in the window: they are good until the next call. */
  readonly value: DetachedValue;
  /** Absolute ms, or NO_EXPIRY. */
  readonly expireAtMs: number;
  readonly access: EntryAccess;
}

/** Told what is in a file, in its order. What it throws goes through. */
export interface RdbVisitor {
  entry(entry: RdbEntry): void;
  fact?(name: string, value: string): void;
  /** @returns why it cannot be taken: then the file is refused. */
  library?(source: Uint8Array): string | undefined;
}

export interface RdbReaderOptions {
  readonly environment: ValueEnvironment;
  /** Databases there are. */
  readonly databases: number;
  /** Whether a checksum is compared (rdbchecksum). */
  readonly checks: boolean;
}

/** Whether bytes begin as a snapshot does. */
export const isRdb = (start: Uint8Array): boolean => toLatin1(start, 0, MAGIC.length) === MAGIC;

export class RdbReader {
  readonly #file: InputFile;
  readonly #options: RdbReaderOptions;
  readonly #crc = new Crc64();
  #window = new Uint8Array(0);
  /** Of the window's first byte in the file. */
  #windowAt = 0;
  /** In the window: behind what has been understood. */
  #done = 0;
  version = 0;

  constructor(file: InputFile, options: RdbReaderOptions) {
    this.#file = file;
    this.#options = options;
  }

  /**
   * Reads all of it. @returns the number of bytes that the snapshot takes from the file's start.
   * @throws RdbError
   */
  read(visitor: RdbVisitor): number {
    this.#header();
    let database = 0;
    for (;;) {
      const start = this.#offset();
      const item = this.#whole((reader) => this.#item(reader, database));
      switch (item.kind) {
        case 'end':
          this.#checksum();
          return this.#offset();
        case 'database':
          if (item.index >= this.#options.databases)
            throw new RdbError(
              start,
              `the file has a database ${item.index} and 'databases' is ${this.#options.databases}`,
            );
          database = item.index;
          break;
        case 'fact':
          visitor.fact?.(item.name, item.value);
          break;
        case 'library': {
          const problem = visitor.library?.(item.source);
          if (problem !== undefined) throw new RdbError(start, problem);
          break;
        }
        case 'entry':
          visitor.entry(item);
          break;
      }
    }
  }

  #offset(): number {
    return this.#windowAt + this.#done;
  }

  #header(): void {
    const text = this.#whole((reader) => toLatin1(reader.raw(HEADER_BYTES)));
    if (!text.startsWith(MAGIC)) throw new RdbError(0, 'this is no RDB file: it does not begin with REDIS');
    const digits = text.slice(MAGIC.length);
    this.version = /^\d+$/.test(digits) ? Number(digits) : 0;
    if (this.version < 1 || this.version > RDB_VERSION)
      throw new RdbError(MAGIC.length, `RDB version '${digits}' cannot be read, only 1 to ${RDB_VERSION}`);
  }

  #checksum(): void {
    if (this.version < CHECKSUM_SINCE_VERSION) return;
    const expected = this.#crc.bytes();
    const start = this.#offset();
    const found = this.#whole((reader) => copyOf(reader.raw(CHECKSUM_BYTES)));
    if (!this.#options.checks || found.every((byte) => byte === 0)) return;
    if (found.some((byte, i) => byte !== expected[i]))
      throw new RdbError(start, 'the checksum does not fit: something in the file was changed');
  }

  /**
   * What `read` makes of the bytes from the present place on. Where it fails for want of bytes it is asked again with more, until there are
   * no more in the file.
   */
  #whole<T>(read: (reader: PayloadReader) => T): T {
    for (;;) {
      const reader = new PayloadReader(this.#window, this.#done, this.#window.length);
      const start = this.#offset();
      const result = read(reader);
      if (!reader.failed) {
        this.#crc.update(this.#window, this.#done, reader.position);
        this.#done = reader.position;
        return result;
      }
      if (!reader.ranOut) throw new RdbError(start, 'what begins here cannot be read: the file is damaged');
      if (this.#isWindowAtEnd()) throw new RdbError(start, 'the file ends within what begins here');
      this.#extend();
    }
  }

  #isWindowAtEnd(): boolean {
    return this.#windowAt + this.#window.length >= this.#file.sizeBytes;
  }

  /** Moves the window on to what is not understood yet; makes it larger where that was all of it. */
  #extend(): void {
    const kept = this.#window.subarray(this.#done);
    const from = this.#offset();
    const length = Math.min(Math.max(WINDOW_BYTES, kept.length * 2), this.#file.sizeBytes - from);
    // Never the old memory: what was read may still lie in it.
    const window = new Uint8Array(length);
    window.set(kept);
    const got = this.#file.read(window.subarray(kept.length), from + kept.length);
    if (kept.length + got < length) throw new RdbError(from, 'the file became shorter while it was read');
    this.#window = window;
    this.#windowAt = from;
    this.#done = 0;
  }

  /** The next thing of the file, attributes of an entry and the entry as one. */
  #item(reader: PayloadReader, database: number): Item {
    let expireAtMs = NO_EXPIRY;
    let idleSec: number | undefined;
    let frequency: number | undefined;
    while (!reader.failed) {
      const code = reader.byte();
      switch (code) {
        case OPCODE.end:
          return { kind: 'end' };
        case OPCODE.database:
          return { kind: 'database', index: reader.length() };
        case OPCODE.sizes:
          reader.length();
          reader.length();
          break;
        case OPCODE.slotInfo:
          for (let i = 0; i < 3; i++) reader.length();
          break;
        case OPCODE.aux:
          return { kind: 'fact', name: toLatin1(reader.string()), value: toLatin1(reader.string()) };
        case OPCODE.library:
          return { kind: 'library', source: copyOf(reader.string()) };
        case OPCODE.expiryMs:
          expireAtMs = reader.littleEndian(EXPIRY_MS_BYTES);
          break;
        case OPCODE.expirySec:
          expireAtMs = reader.littleEndian(EXPIRY_SEC_BYTES) * 1000;
          break;
        case OPCODE.idle:
          idleSec = reader.length();
          break;
        case OPCODE.frequency:
          frequency = reader.byte();
          break;
        case OPCODE.moduleAux:
          throw this.#refusal(reader, 'the file has data of a Redis module, and there are no modules here');
        case OPCODE.libraryCandidate:
          throw this.#refusal(
            reader,
            'the file has functions in the form of a release candidate of Redis 7.0, which no release reads',
          );
        default: {
          if ((MODULE_TYPES as readonly number[]).includes(code))
            throw this.#refusal(
              reader,
              'the file has a value of a Redis module, and there are no modules here',
            );
          const key = copyOf(reader.string());
          const value = readValueOfType(reader, code, this.#options.environment);
          if (value === undefined) reader.fail();
          if (reader.failed) {
            value?.collection?.release();
            return { kind: 'end' };
          }
          return {
            kind: 'entry',
            database,
            key,
            value: value!,
            expireAtMs: Math.min(expireAtMs, Number.MAX_SAFE_INTEGER),
            access: {
              ...(idleSec === undefined ? {} : { idleSec }),
              ...(frequency === undefined ? {} : { frequency }),
            },
          };
        }
      }
    }
    return { kind: 'end' };
  }

  #refusal(reader: PayloadReader, reason: string): RdbError {
    return new RdbError(this.#windowAt + reader.position - 1, reason);
  }
}

type Item =
  | { readonly kind: 'end' }
  | { readonly kind: 'database'; readonly index: number }
  | { readonly kind: 'fact'; readonly name: string; readonly value: string }
  | { readonly kind: 'library'; readonly source: Uint8Array }
  | ({ readonly kind: 'entry' } & RdbEntry);
