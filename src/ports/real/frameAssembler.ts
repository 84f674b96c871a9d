/** Messages out of a stream of bytes that arrives in pieces: 4 bytes of length, little endian, then the message. */

/** As much as a ring holds at most, so that one read empties it. */
const BYTES_INITIAL = 256 * 1024;
const LENGTH_BYTES = 4;

export class FrameAssembler {
  #buffer: Uint8Array = new Uint8Array(BYTES_INITIAL);
  #length = 0;

  /** `read` puts bytes into the buffer from the offset given on and says how many. Returns their number. */
  fill(read: (buffer: Uint8Array, at: number) => number): number {
    const added = read(this.#buffer, this.#length);
    this.#length += added;
    return added;
  }

  /** Hands out each whole message, in place, and keeps the beginning of the next. */
  forEach(visit: (buffer: Uint8Array, start: number, end: number) => void): void {
    const buffer = this.#buffer;
    let at = 0;
    let needed = 0;
    while (this.#length - at >= LENGTH_BYTES) {
      const length =
        (buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24)) >>> 0;
      const end = at + LENGTH_BYTES + length;
      if (end > this.#length) {
        needed = LENGTH_BYTES + length;
        break;
      }
      visit(buffer, at + LENGTH_BYTES, end);
      at = end;
    }
    this.#keep(at, needed);
  }

  /** The rest from `at` on moves to the front, into larger memory if its message needs that, and back into the usual if not. */
  #keep(at: number, needed: number): void {
    const rest = this.#buffer.subarray(at, this.#length);
    const capacity = Math.max(BYTES_INITIAL, needed);
    if (capacity !== this.#buffer.length) {
      const resized = new Uint8Array(capacity);
      resized.set(rest);
      this.#buffer = resized;
    } else if (at > 0) {
      this.#buffer.copyWithin(0, at, this.#length);
    }
    this.#length -= at;
  }
}
