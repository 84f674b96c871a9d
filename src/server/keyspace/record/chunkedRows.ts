/**
 * Rows of a fixed width in typed arrays, addressed by number, outside of the garbage collector's sight.
 *
 * They lie in chunks of 4,096 rows. The first begins with 64 rows and doubles, so that a small keyspace stays small; from then on
 * whole chunks are added. A growth step thus copies at most half a chunk (2,048 rows, 48 KB at 24 bytes a row), however many rows
 * there are. Rejected: one array that doubles (at ten million rows a step would copy 160 MB).
 */
import type { GrowthTimer } from '../growthTimer.ts';
import type { ReservedAccount } from './reservedAccount.ts';

export const ROW_CHUNK_BITS = 12;
const CHUNK_ROWS = 1 << ROW_CHUNK_BITS;
export const ROW_CHUNK_MASK = CHUNK_ROWS - 1;
const FIRST_ROWS = 64;

export class ChunkedRows {
  readonly #rowBytes: number;
  readonly #account: ReservedAccount;
  readonly #growth: GrowthTimer;
  /** The chunks' memory, once in bytes, once in words. Row r is in chunk r >>> ROW_CHUNK_BITS, its row r & ROW_CHUNK_MASK. */
  readonly bytes: Uint8Array[] = [];
  readonly words: Uint32Array[] = [];
  /** Rows there is room for. */
  #capacity = 0;

  /** @param rowBytes a multiple of 4. */
  constructor(rowBytes: number, account: ReservedAccount, growth: GrowthTimer) {
    this.#rowBytes = rowBytes;
    this.#account = account;
    this.#growth = growth;
  }

  /** Makes room for row `row`, at most one beyond those there is room for. A new row is zero. */
  ensure(row: number): void {
    if (row >= this.#capacity) this.#grow();
  }

  #grow(): void {
    const startUs = this.#growth.start();
    let moved = 0;
    if (this.#capacity === 0 || this.#capacity >= CHUNK_ROWS) {
      const rows = this.#capacity === 0 ? FIRST_ROWS : CHUNK_ROWS;
      this.#setChunk(this.bytes.length, new Uint8Array(rows * this.#rowBytes));
      this.#capacity += rows;
    } else {
      const old = this.bytes[0]!;
      const larger = new Uint8Array(old.length * 2);
      larger.set(old);
      this.#account.bytes -= old.length;
      this.#setChunk(0, larger);
      moved = this.#capacity;
      this.#capacity *= 2;
    }
    this.#growth.stop(startUs, moved);
  }

  #setChunk(number: number, bytes: Uint8Array): void {
    this.bytes[number] = bytes;
    this.words[number] = new Uint32Array(bytes.buffer);
    this.#account.bytes += bytes.length;
  }

  clear(): void {
    for (const chunk of this.bytes) this.#account.bytes -= chunk.length;
    this.bytes.length = 0;
    this.words.length = 0;
    this.#capacity = 0;
  }
}
