/**
 * Flag `reply-buffers`, candidate: all replies of a turn go into one buffer that the thread keeps for good.
 *
 * The kernel nearly always takes a turn's replies at once, and then the same memory serves the next connection. Where it does
 * not, the socket keeps the memory and the encoder takes a fresh buffer: never a copy, never a shared write.
 */
import { copyOf } from '../../base/bytes.ts';
import type { ServerStats } from '../serverStats.ts';
import { RespEncoder } from './respEncoder.ts';

/** Holds 64 pipelined replies of 1 KB; larger turns grow it and give it back afterwards. */
const BUFFER_BYTES = 64 * 1024;
/** A buffer grown beyond this by one large reply is not kept. */
const KEPT_BYTES_MAX = 1024 * 1024;

/** No Buffer: views of those, made when bytes are copied on, take twice as long. */
const uninitialized = (bytes: number): Uint8Array => new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);

export class ReusedReplyBuffer extends RespEncoder {
  #mark = 0;

  constructor(stats: ServerStats) {
    super(stats, uninitialized(BUFFER_BYTES));
  }

  protected grow(bytes: number): void {
    const larger = uninitialized(Math.max(this.buffer.length * 2, this.position + bytes));
    larger.set(this.buffer.subarray(0, this.position));
    this.buffer = larger;
  }

  beginReply(): void {
    this.#mark = this.position;
  }

  endReply(keep: boolean): void {
    if (!keep) this.position = this.#mark;
  }

  takeReply(): Uint8Array {
    const bytes = copyOf(this.buffer, this.#mark, this.position);
    this.position = this.#mark;
    return bytes;
  }

  take(): Uint8Array {
    return this.buffer;
  }

  taken(reusable: boolean): void {
    this.position = 0;
    if (!reusable || this.buffer.length > KEPT_BYTES_MAX) this.buffer = uninitialized(BUFFER_BYTES);
  }

  unsentBytes(): number {
    return this.position;
  }
}
