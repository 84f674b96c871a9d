/**
 * Byte buffers that are lent and come back, in sizes of powers of two. A buffer made for every large request or reply is memory outside the
 * JavaScript heap, of which V8 hears and answers with full collections; lent ones cost it nothing.
 */

const SMALLEST_BITS = 12;
const LARGEST_BITS = 22;

/** What it lends is uninitialised: it may hold what another borrower left there. */
export class BufferPool {
  readonly #free: Uint8Array[][] = Array.from({ length: LARGEST_BITS - SMALLEST_BITS + 1 }, () => []);
  readonly #keptBytesMax: number;
  #keptBytes = 0;
  /** The least that was kept since the last `trim`: nobody has needed it. */
  #idleBytes = 0;

  /** Keeps at most `keptBytesMax` for the next borrowers; beyond that buffers are the collector's. */
  constructor(keptBytesMax: number) {
    this.#keptBytesMax = keptBytesMax;
  }

  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** At least `bytes` long. Sizes beyond 4 MiB are made to measure and never kept. */
  borrow(bytes: number): Uint8Array {
    const bits = sizeBits(bytes);
    if (bits > LARGEST_BITS) return uninitialized(bytes);
    const kept = this.#free[bits - SMALLEST_BITS]!.pop();
    if (kept === undefined) return uninitialized(2 ** bits);
    this.#keptBytes -= kept.length;
    if (this.#keptBytes < this.#idleBytes) this.#idleBytes = this.#keptBytes;
    return kept;
  }

  /** Takes back a whole buffer, lent or not; the caller, and whoever it showed the bytes to, must have done with them. */
  giveBack(buffer: Uint8Array): void {
    const { length } = buffer;
    const bits = sizeBits(length);
    if (length !== 2 ** bits || bits > LARGEST_BITS || this.#keptBytes + length > this.#keptBytesMax) return;
    this.#free[bits - SMALLEST_BITS]!.push(buffer);
    this.#keptBytes += length;
  }

  /** Drops what nobody has needed since the last time, the largest first. To be called now and then. */
  trim(): void {
    for (let i = this.#free.length - 1; i >= 0; i--) {
      const buffers = this.#free[i]!;
      while (buffers.length > 0 && buffers[0]!.length <= this.#idleBytes) {
        const { length } = buffers.pop()!;
        this.#keptBytes -= length;
        this.#idleBytes -= length;
      }
    }
    this.#idleBytes = this.#keptBytes;
  }
}

const sizeBits = (bytes: number): number => Math.max(SMALLEST_BITS, 32 - Math.clz32(Math.max(bytes, 1) - 1));

/** No Buffer: views of those, made when bytes are copied on, take twice as long. */
const uninitialized = (bytes: number): Uint8Array => new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);

/**
 * Of this thread: a buffer that one part gives away, such as a reply to a socket, another returns. It keeps the replies of 50 clients with a
 * megabyte each under way, and `trim` sees to it that it does so no longer than needed.
 */
export const threadBuffers = new BufferPool(64 * 1024 * 1024);
