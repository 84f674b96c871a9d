/**
 * Memory that the kernel sends from. Replies are copied here, so the encoder's buffer is free again at once, although the kernel looks
 * at the bytes only when the turn's operations are submitted together.
 *
 *   |in flight, in flight, staged ... |  next  ->                        |
 *   0                                  #position                      capacity
 *
 * Sends never wait in the kernel (MSG_DONTWAIT: what does not fit in the socket's buffer is refused at once and comes back as a short
 * count), so all of them complete within a turn, and the position returns to the start as soon as none is in flight: the same first
 * kilobytes, still in the processor's cache, serve turn after turn. No allocator, no fragmentation, one counter.
 */
import { threadBuffers } from '../../../base/bufferPool.ts';
import { copyBytes } from '../../../base/bytes.ts';
import type { Ring } from './ring.ts';
import type { SystemCalls } from './systemCalls.ts';

/** All replies of one turn of the loop; a turn beyond it sends the rest in the next. */
const CAPACITY_BYTES = 4 * 1024 * 1024;
/**
 * Sends that gather in a turn before they are submitted: an `enter` costs about 0.4 us and a send over 5, so more would save little,
 * while the first client's reply waits for the last one's requests (32 KB are some 450 replies of 64 bytes, about 100 us).
 */
const GATHERED_SENDS_MAX = 32;
const GATHERED_BYTES_MAX = 32 * 1024;

/** Somebody with bytes to send and no room for them. */
export interface ArenaWaiter {
  onArenaFree(): void;
}

export class SendArena {
  readonly #ring: Ring;
  readonly #memory = Buffer.allocUnsafeSlow(CAPACITY_BYTES);
  readonly #address: number;
  #position = 0;
  #inFlight = 0;
  #gatheredSends = 0;
  #gatheredFrom = 0;
  #waiting: ArenaWaiter[] = [];

  constructor(calls: SystemCalls, ring: Ring) {
    this.#ring = ring;
    this.#address = calls.addressOf(this.#memory);
  }

  get roomBytes(): number {
    return CAPACITY_BYTES - this.#position;
  }

  /** The offset where the next bytes will stand. */
  get position(): number {
    return this.#position;
  }

  addressOf(offset: number): number {
    return this.#address + offset;
  }

  /** Copies bytes behind what is there; the caller has looked for room. */
  append(bytes: Uint8Array, start: number, end: number): void {
    copyBytes(bytes, start, end, this.#memory, this.#position);
    this.#position += end - start;
  }

  /** One more send is prepared and uses the arena until `release`. */
  hold(): void {
    this.#inFlight++;
    this.#gatheredSends++;
  }

  /** Submits what has gathered, if that is enough. */
  submitGathered(): void {
    if (this.#gatheredSends < GATHERED_SENDS_MAX && this.#position - this.#gatheredFrom < GATHERED_BYTES_MAX)
      return;
    this.#gatheredSends = 0;
    this.#gatheredFrom = this.#position;
    this.#ring.submit();
  }

  /** A send has completed. */
  release(): void {
    this.#inFlight--;
    if (this.#inFlight > 0) return;
    this.#position = 0;
    this.#gatheredFrom = 0;
    this.#gatheredSends = 0;
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) waiter.onArenaFree();
  }

  /** Calls back once the arena is free; some send is in flight, or there would be room. */
  awaitRoom(waiter: ArenaWaiter): void {
    this.#waiting.push(waiter);
  }

  /** A copy of bytes of a send that has just completed: what it has left unsent. In memory of `threadBuffers`, from its start. */
  copy(start: number, end: number): Uint8Array {
    const copy = threadBuffers.borrow(end - start);
    copyBytes(this.#memory, start, end, copy, 0);
    return copy;
  }
}
