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
}

const sizeBits = (bytes: number): number => Math.max(SMALLEST_BITS, 32 - Math.clz32(Math.max(bytes, 1) - 1));

/** No Buffer: views of those, made when bytes are copied on, take twice as long. */
const uninitialized = (bytes: number): Uint8Array => new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);

/** Of this thread: a buffer that one part gives away, such as a reply to a socket, another returns. */
export const threadBuffers = new BufferPool(8 * 1024 * 1024);
