/** Commands as the append-only file has them: RESP, and SELECT where the database changes. */
import { copyOf, fromLatin1 } from '../../../base/bytes.ts';
import { INT64_MAX } from '../../../base/integer.ts';
import { PayloadWriter } from '../../keyspace/serialization/payload.ts';
import type { Word, Words } from '../../propagation/words.ts';

const NO_DATABASE = -1;
const CAPACITY_BYTES = 16 * 1024;

/** Counts that a client gave may be the largest of 64 bits, which a number holds rounded up. */
const textOf = (word: string | number | bigint): string =>
  typeof word === 'number' && word > Number.MAX_SAFE_INTEGER
    ? String(word >= Number(INT64_MAX) ? INT64_MAX : BigInt(word))
    : String(word);

export class CommandEncoder {
  readonly #out = new PayloadWriter(false, CAPACITY_BYTES);
  #database = NO_DATABASE;

  get length(): number {
    return this.#out.length;
  }

  /** The next command says its database, whatever it is: another file begins. */
  startFile(): void {
    this.#database = NO_DATABASE;
  }

  append(database: number, words: Words): void {
    if (database !== this.#database) {
      this.#database = database;
      this.#command(['SELECT', database]);
    }
    this.#command(words);
  }

  /** All so far, as bytes of their own; there is nothing then. */
  take(): Uint8Array {
    const bytes = copyOf(this.#out.written());
    this.#out.clear();
    return bytes;
  }

  /** What was taken and could not be written comes first again; nothing was appended since. */
  putBack(bytes: Uint8Array): void {
    this.#out.bytes(bytes, 0, bytes.length);
  }

  #command(words: Words): void {
    this.#text(`*${words.length}\r\n`);
    for (const word of words) this.#word(word);
  }

  #word(word: Word): void {
    const bytes = word instanceof Uint8Array ? word : fromLatin1(textOf(word));
    this.#text(`$${bytes.length}\r\n`);
    this.#out.bytes(bytes, 0, bytes.length);
    this.#text('\r\n');
  }

  #text(text: string): void {
    const bytes = fromLatin1(text);
    this.#out.bytes(bytes, 0, bytes.length);
  }
}
