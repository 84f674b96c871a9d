/**
 * Flag `reply-buffers`, candidate: all replies of a turn go into one buffer that the thread keeps for good.
 *
 * The kernel nearly always takes a turn's replies at once, and then the same memory serves the next connection. Where it does
 * not, the socket keeps the memory until all is sent and the encoder borrows another: never a copy, never a shared write.
 */
import { threadBuffers } from '../../base/bufferPool.ts';
import { copyOf } from '../../base/bytes.ts';
import type { ServerStats } from '../serverStats.ts';
import { RespEncoder } from './respEncoder.ts';

/** Holds 64 pipelined replies of 1 KB; larger turns grow it. */
const BUFFER_BYTES = 64 * 1024;
/** A buffer grown beyond this is not kept: 16 pipelined values of 64 KB fit, and one value of 4 MB does not. */
const KEPT_BYTES_MAX = 2 * 1024 * 1024;

export class ReusedReplyBuffer extends RespEncoder {
  readonly lends = true;
  #mark = 0;

  constructor(stats: ServerStats) {
    super(stats, threadBuffers.borrow(BUFFER_BYTES));
  }

  protected grow(bytes: number): void {
    const larger = threadBuffers.borrow(Math.max(this.buffer.length * 2, this.position + bytes));
    larger.set(this.buffer.subarray(0, this.position));
    threadBuffers.giveBack(this.buffer);
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
    if (reusable && this.buffer.length <= KEPT_BYTES_MAX) return;
    if (reusable) threadBuffers.giveBack(this.buffer);
    this.buffer = threadBuffers.borrow(BUFFER_BYTES);
  }

  unsentBytes(): number {
    return this.position;
  }
}
