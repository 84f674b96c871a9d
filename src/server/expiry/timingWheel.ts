/**
 * Flag `ttl-wheel`, candidate: a hierarchical timing wheel of expiries (Varghese and Lauck 1987, scheme 7).
 *
 *   instant (53 bits, ms)   | digit 6 | digit 5 | ... | digit 1 | digit 0 |      8 bits each
 *   level L                 256 slots: the tokens whose instant first differs from the wheel's position in digit L
 *
 * The position follows the clock. When it reaches a slot of level 0, the slot's tokens are due; when it reaches one of a higher level, they
 * are spread over the levels below. So adding costs the same however many there are, and a token with a TTL of an hour is looked at three times
 * before it is due: the heap's logarithm is paid in lookups of entries instead.
 *
 * A token is nothing but a handle, 4.27 bytes: its instant is in the entry, and the slot says roughly when to look. With the record's
 * own 4 bytes (record/recordLayout.ts) an expiry costs 8.3 bytes. A slot's last node is half empty on average, at most 57 KiB for all slots together.
 *
 * Instants before the position (the clock was set back, or a request was dated by the batch before) wait in a small heap: exact,
 * and empty otherwise. Rejected: moving the position back, which would have every token placed anew.
 *
 * Invariants: every token that is not in the heap has an instant >= #position, and lies where `#place` would put it now; only the slot that is being spread is
 * an exception, and no token is ever added to it.
 */
import { type Keyspace, NO_EXPIRY, type Ref } from '../keyspace/keyspace.ts';
import { DeadlineHeap } from './deadlineHeap.ts';
import type { DeadlineQueue } from './deadlineQueue.ts';
import { expireDue } from './expireDue.ts';
import { TokenNodes } from './tokenNodes.ts';
import { NO_SLOT, WheelLevel } from './wheelLevel.ts';

const DIGIT_BITS = 8;
const DIGIT_MASK = 255;
/** Seven digits cover the 53 bits of a safe integer. */
const LEVELS = 7;
const HIGH_WORD = 0x1_0000_0000;
/** Milliseconds from one slot to the next, by level. */
const SLOT_MS = Array.from({ length: LEVELS + 1 }, (_, level) => 2 ** (DIGIT_BITS * level));
const NO_LEVEL = -1;

/** Digit `level` of an instant. */
const digit = (ms: number, level: number): number =>
  level < 4
    ? (ms >>> (DIGIT_BITS * level)) & DIGIT_MASK
    : (Math.floor(ms / HIGH_WORD) >>> (DIGIT_BITS * (level - 4))) & DIGIT_MASK;

/** The highest digit in which two instants differ; 0 if they are the same. */
function highestDifference(a: number, b: number): number {
  const high = Math.floor(a / HIGH_WORD) ^ Math.floor(b / HIGH_WORD);
  const bit = high === 0 ? 31 - Math.clz32((a ^ b) | 1) : 63 - Math.clz32(high);
  return bit >>> 3;
}

export class TimingWheel implements DeadlineQueue {
  readonly #keyspace: Keyspace;
  readonly #nodes = new TokenNodes();
  readonly #levels: (WheelLevel | undefined)[] = new Array(LEVELS).fill(undefined);
  /** Tokens with instants before the position. */
  readonly #early: DeadlineHeap;
  #position: number;
  /** Where the tokens in the levels are looked for next: the slot at whose start the position stands, while it is not empty. */
  #openLevel = NO_LEVEL;
  #openSlot = NO_SLOT;
  #inLevels = 0;

  /** @param nowMs where the wheel begins; an earlier instant than the clock's costs time, not correctness. */
  constructor(keyspace: Keyspace, nowMs: number) {
    this.#keyspace = keyspace;
    this.#early = new DeadlineHeap(keyspace);
    this.#position = nowMs;
  }

  get size(): number {
    return this.#inLevels + this.#early.size;
  }

  add(handle: number, atMs: number): void {
    if (atMs < this.#position) this.#early.add(handle, atMs);
    else this.#place(handle, atMs);
  }

  nextMs(): number {
    return Math.min(this.#early.nextMs(), this.#open() ? this.#position : this.#nextStartMs());
  }

  advance(nowMs: number, budget: number, expire: (ref: Ref) => void): number {
    let taken = this.#early.advance(nowMs, budget, expire);
    while (taken < budget && (this.#open() || this.#openNext(nowMs))) {
      // The clock may have been set back since the slot was opened.
      if (this.#position > nowMs) break;
      const handle = this.#levels[this.#openLevel]!.pop(this.#openSlot);
      this.#inLevels--;
      taken++;
      if (this.#openLevel === 0) expireDue(this.#keyspace, handle, nowMs, expire);
      else this.#spread(handle, nowMs, expire);
    }
    return taken;
  }

  memoryBytes(): number {
    const levels = this.#levels.filter((level) => level !== undefined).length;
    return this.#nodes.memoryBytes() + levels * WheelLevel.memoryBytes + this.#early.memoryBytes();
  }

  #place(handle: number, atMs: number): void {
    const number = highestDifference(atMs, this.#position);
    let level = this.#levels[number];
    if (level === undefined) this.#levels[number] = level = new WheelLevel(this.#nodes);
    level.push(digit(atMs, number), handle);
    this.#inLevels++;
  }

  /** True while tokens are left in the slot that the position has reached. */
  #open(): boolean {
    return this.#openLevel !== NO_LEVEL && !this.#levels[this.#openLevel]!.isEmpty(this.#openSlot);
  }

  /** Moves the position to the next slot that holds tokens, and opens it; or to `nowMs` if that comes first: false. */
  #openNext(nowMs: number): boolean {
    const level = this.#nextLevel();
    const slot = level === NO_LEVEL ? NO_SLOT : this.#nextSlot(level);
    const startMs = level === NO_LEVEL ? Number.POSITIVE_INFINITY : this.#slotStartMs(level, slot);
    if (startMs > nowMs) {
      this.#openLevel = NO_LEVEL;
      if (nowMs > this.#position) this.#position = nowMs;
      return false;
    }
    this.#position = startMs;
    this.#openLevel = level;
    this.#openSlot = slot;
    return true;
  }

  /** An upper slot's token: to the lower level where its entry's expiry belongs. Entries with another token elsewhere are left to that. */
  #spread(handle: number, nowMs: number, expire: (ref: Ref) => void): void {
    const keyspace = this.#keyspace;
    const endMs = this.#position + SLOT_MS[this.#openLevel]!;
    let ref = keyspace.findByHandle(handle, 0);
    while (ref !== 0) {
      const atMs = keyspace.expireAtMs(ref);
      if (atMs !== NO_EXPIRY && atMs <= nowMs) {
        expire(ref);
        // A removal leaves no other reference good.
        ref = keyspace.findByHandle(handle, 0);
        continue;
      }
      if (atMs >= this.#position && atMs < endMs) this.#place(handle, atMs);
      ref = keyspace.findByHandle(handle, ref);
    }
  }

  /** Slots of a lower level all come before the next one of a higher level. */
  #nextLevel(): number {
    for (let level = 0; level < LEVELS; level++) if (this.#nextSlot(level) !== NO_SLOT) return level;
    return NO_LEVEL;
  }

  #nextSlot(level: number): number {
    const from = digit(this.#position, level);
    return this.#levels[level]?.firstOccupied(level === 0 ? from : from + 1) ?? NO_SLOT;
  }

  #nextStartMs(): number {
    const level = this.#nextLevel();
    return level === NO_LEVEL ? Number.POSITIVE_INFINITY : this.#slotStartMs(level, this.#nextSlot(level));
  }

  #slotStartMs(level: number, slot: number): number {
    const roundMs = SLOT_MS[level + 1]!;
    return Math.floor(this.#position / roundMs) * roundMs + slot * SLOT_MS[level]!;
  }
}
