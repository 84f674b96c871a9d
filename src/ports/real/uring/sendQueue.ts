/**
 * The bytes on their way out of one socket, in order.
 *
 *   write --> arena, one send prepared --> kernel           the usual way: one copy, no allocation
 *     |                                     | short: the peer's side is full
 *     +--> backlog <------------------------+
 *            |  WRITABLE completes, or the arena has room again
 *            +--> arena, next send
 *
 * At most one send is in the ring at a time: of two, the second could succeed after the first was cut short. While a send is prepared
 * and not yet submitted, further writes of the same turn extend it. The backlog owns its memory; small pieces are copies, so that
 * a hundred bytes never hold a large buffer.
 */
import { threadBuffers } from '../../../base/bufferPool.ts';
import { copyOf } from '../../../base/bytes.ts';
import * as layout from './kernelLayout.ts';
import type { Operations } from './operations.ts';
import type { ArenaWaiter } from './sendArena.ts';
import type { UringContext } from './uringContext.ts';

export const SEND = 1;
export const WRITABLE = 2;

/** Smaller pieces are copied into the backlog, larger ones kept as they are. */
const KEPT_BYTES_MIN = 16 * 1024;
/** Of the backlog, at a time: what a socket's buffer usually takes. */
const SEND_BYTES_MAX = 256 * 1024;

export interface SendQueueOwner {
  /** All has been handed to the kernel; `behind`: it was not at once. */
  onAllSent(behind: boolean): void;
  onSendFailure(): void;
}

/** The bytes from `start` up to and without `end`. */
interface BacklogPiece {
  readonly bytes: Uint8Array;
  start: number;
  readonly end: number;
  /** Goes back to `threadBuffers` once sent. */
  readonly lent: boolean;
}

export class SendQueue implements ArenaWaiter {
  readonly #context: UringContext;
  readonly #operations: Operations;
  readonly #owner: SendQueueOwner;
  readonly #fd: number;
  /** The send in the ring: its bytes in the arena, and where its words stand. */
  #sending = false;
  #sendStart = 0;
  #sendEnd = 0;
  #sendBase = 0;
  #sendSubmission = 0;
  #backlog: BacklogPiece[] = [];
  #backlogBytes = 0;
  /** Something was in the backlog since all was sent the last time. */
  #behind = false;
  #polling = false;
  #awaitingRoom = false;
  #closed = false;

  constructor(context: UringContext, operations: Operations, owner: SendQueueOwner, fd: number) {
    this.#context = context;
    this.#operations = operations;
    this.#owner = owner;
    this.#fd = fd;
  }

  /** Bytes that the kernel has refused so far; those of a send in the ring are not counted, it completes within the turn. */
  get backlogBytes(): number {
    return this.#backlogBytes;
  }

  get isEmpty(): boolean {
    return !this.#sending && this.#backlogBytes === 0;
  }

  /** The first `length` bytes. True: the memory may be reused. */
  write(bytes: Uint8Array, length: number, lent: boolean): boolean {
    const arena = this.#context.sendArena;
    let start = 0;
    if (this.#backlogBytes === 0) {
      start = Math.min(length, arena.roomBytes);
      if (!this.#sending) {
        if (start > 0) this.#begin();
      } else if (!this.#isExtendable()) {
        start = 0;
      }
      if (start > 0) this.#append(bytes, 0, start);
    }
    if (start === length) {
      arena.submitGathered();
      return true;
    }
    const reusable = this.#postpone(bytes, start, length, lent);
    if (!this.#sending) this.#next();
    return reusable;
  }

  #isExtendable(): boolean {
    const { ring, sendArena } = this.#context;
    return ring.submissions === this.#sendSubmission && sendArena.position === this.#sendEnd;
  }

  /** Prepares a send of what follows in the arena. */
  #begin(): void {
    const { ring, sendArena } = this.#context;
    this.#sending = true;
    const base = this.#operations.begin(SEND, layout.sqeHead(layout.OP_SEND, 0, 0), this.#fd);
    sendArena.hold();
    this.#sendStart = this.#sendEnd = sendArena.position;
    this.#sendBase = base;
    this.#sendSubmission = ring.submissions;
    const { entries } = ring;
    const address = sendArena.addressOf(this.#sendStart);
    entries[base + layout.SQE_ADDRESS] = address | 0;
    entries[base + layout.SQE_ADDRESS + 1] = Math.floor(address / 2 ** 32);
    entries[base + layout.SQE_OPERATION_FLAGS] = layout.SEND_FLAGS;
  }

  #append(bytes: Uint8Array, start: number, end: number): void {
    const { ring, sendArena } = this.#context;
    sendArena.append(bytes, start, end);
    this.#sendEnd = sendArena.position;
    ring.entries[this.#sendBase + layout.SQE_LENGTH] = this.#sendEnd - this.#sendStart;
  }

  #postpone(bytes: Uint8Array, start: number, end: number, lent: boolean): boolean {
    const copied = end - start < KEPT_BYTES_MIN;
    this.#backlog.push(
      copied
        ? { bytes: copyOf(bytes, start, end), start: 0, end: end - start, lent: false }
        : { bytes, start, end, lent },
    );
    this.#backlogBytes += end - start;
    this.#behind = true;
    return copied;
  }

  /** Sends the backlog's beginning. */
  #next(): void {
    if (this.#sending || this.#polling || this.#backlogBytes === 0 || this.#closed) return;
    const { sendArena } = this.#context;
    let room = Math.min(sendArena.roomBytes, SEND_BYTES_MAX);
    if (room === 0) {
      if (!this.#awaitingRoom) sendArena.awaitRoom(this);
      this.#awaitingRoom = true;
      return;
    }
    this.#begin();
    let whole = 0;
    while (room > 0 && whole < this.#backlog.length) {
      const piece = this.#backlog[whole]!;
      const end = Math.min(piece.end, piece.start + room);
      this.#append(piece.bytes, piece.start, end);
      room -= end - piece.start;
      this.#backlogBytes -= end - piece.start;
      piece.start = end;
      if (end < piece.end) break;
      if (piece.lent) threadBuffers.giveBack(piece.bytes);
      whole++;
    }
    this.#backlog.splice(0, whole);
    sendArena.submitGathered();
  }

  onArenaFree(): void {
    this.#awaitingRoom = false;
    this.#next();
  }

  /** Of the send: `result` bytes were taken, or it failed. */
  onSent(result: number): void {
    this.#sending = false;
    const { sendArena } = this.#context;
    const taken = Math.max(result, 0);
    const full = result === -layout.EAGAIN || result === -layout.EINTR || result >= 0;
    const left = this.#sendEnd - this.#sendStart - taken;
    if (full && left > 0 && !this.#closed) {
      const bytes = sendArena.copy(this.#sendStart + taken, this.#sendEnd);
      this.#backlog.unshift({ bytes, start: 0, end: left, lent: true });
      this.#backlogBytes += left;
      this.#behind = true;
      this.#poll();
    }
    sendArena.release();
    if (this.#closed) return;
    if (!full) this.#owner.onSendFailure();
    else this.#proceed();
  }

  #proceed(): void {
    this.#next();
    if (!this.isEmpty) return;
    const behind = this.#behind;
    this.#behind = false;
    this.#owner.onAllSent(behind);
  }

  #poll(): void {
    this.#polling = true;
    const base = this.#operations.begin(WRITABLE, layout.sqeHead(layout.OP_POLL_ADD, 0, 0), this.#fd);
    this.#context.ring.entries[base + layout.SQE_OPERATION_FLAGS] = layout.POLL_OUT;
  }

  /** Of the poll: there is room again, or an error that the next send will meet. */
  onWritable(): void {
    this.#polling = false;
    this.#next();
  }

  /** Forgets what was not sent. A send in the ring still goes out. */
  close(): void {
    this.#closed = true;
    if (this.#polling) this.#operations.cancel(WRITABLE);
    for (const piece of this.#backlog) if (piece.lent) threadBuffers.giveBack(piece.bytes);
    this.#backlog = [];
    this.#backlogBytes = 0;
  }
}
