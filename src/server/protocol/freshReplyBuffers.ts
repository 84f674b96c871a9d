/**
 * Flag `reply-buffers`, baseline: a fresh Buffer for each reply, joined into one write per connection and turn.
 * What a good server does before anybody counts its allocations: simple ownership, nothing shared.
 */
import { copyOf } from '../../base/bytes.ts';
import type { ServerStats } from '../serverStats.ts';
import { RespEncoder } from './respEncoder.ts';

/** Node hands out buffers of up to 4 KB from a pool; most replies fit in this. */
const REPLY_BYTES_INITIAL = 128;
const NOTHING = new Uint8Array(0);

export class FreshReplyBuffers extends RespEncoder {
  readonly lends = false;
  #replies: Uint8Array[] = [];
  #bytes = 0;

  constructor(stats: ServerStats) {
    super(stats, NOTHING);
  }

  protected grow(bytes: number): void {
    const larger = Buffer.allocUnsafe(
      Math.max(REPLY_BYTES_INITIAL, this.buffer.length * 2, this.position + bytes),
    );
    larger.set(this.buffer.subarray(0, this.position));
    this.buffer = larger;
  }

  beginReply(): void {
    this.buffer = NOTHING;
    this.position = 0;
  }

  endReply(keep: boolean): void {
    if (keep && this.position > 0) {
      const reply = this.buffer.subarray(0, this.position);
      // Room that was made and not needed does not wait with the reply for a slow client, who is charged for the reply alone.
      const sparse = this.buffer.length > REPLY_BYTES_INITIAL && this.position < this.buffer.length / 2;
      this.#replies.push(sparse ? copyOf(reply) : reply);
      this.#bytes += this.position;
    }
    this.buffer = NOTHING;
    this.position = 0;
  }

  takeReply(): Uint8Array {
    const bytes = copyOf(this.buffer, 0, this.position);
    this.beginReply();
    return bytes;
  }

  take(): Uint8Array {
    return this.#replies.length === 1 ? this.#replies[0]! : Buffer.concat(this.#replies, this.#bytes);
  }

  taken(_reusable: boolean): void {
    this.#replies = [];
    this.#bytes = 0;
  }

  unsentBytes(): number {
    return this.#bytes;
  }
}
