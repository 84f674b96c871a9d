/**
 * Who is told of a completion. An operation's user data names a slot of this table, the slot's generation and which of the owner's
 * operations it was:
 *
 *    63                32 31                   4 3          0
 *   | generation (u32)   | slot (28 bits)       | operation  |
 *
 * A file descriptor would not do: the kernel gives a closed one's number to the next connection while completions of the old one are
 * still queued. A slot is released by its owner after the last completion of its last operation, and every release begins a new
 * generation; so a completion that finds a strange generation is a bug of ours and stops the server before bytes reach a stranger.
 */
import { assert } from '../../../base/assert.ts';

const OPERATION_BITS = 4;
const OPERATION_MASK = (1 << OPERATION_BITS) - 1;
/** Slot of operations whose completion (a failure that changes nothing) is of no interest. */
const NOBODY = 0;

export interface CompletionOwner {
  /** `operation` is the owner's own number for it, 0..15. `result` below zero is a negative error number. */
  onCompletion(operation: number, result: number, flags: number): void;
}

export class Completions {
  readonly #owners: (CompletionOwner | undefined)[] = [undefined];
  readonly #generations: number[] = [0];
  readonly #free: number[] = [];
  #count = 0;

  /** Slots in use. */
  get count(): number {
    return this.#count;
  }

  /** The slot of a new owner. */
  add(owner: CompletionOwner): number {
    const slot = this.#free.pop() ?? this.#owners.length;
    this.#count++;
    this.#owners[slot] = owner;
    this.#generations[slot] ??= 0;
    return slot;
  }

  /** Only when no operation of the slot can complete any more. */
  release(slot: number): void {
    this.#count--;
    this.#owners[slot] = undefined;
    this.#generations[slot] = (this.#generations[slot]! + 1) | 0;
    this.#free.push(slot);
  }

  generation(slot: number): number {
    return this.#generations[slot]!;
  }

  /** A `CompletionVisitor` of the ring. */
  readonly deliver = (slotAndOperation: number, generation: number, result: number, flags: number): void => {
    const slot = slotAndOperation >>> OPERATION_BITS;
    if (slot === NOBODY) return;
    const owner = this.#owners[slot];
    assert(
      owner !== undefined && this.#generations[slot] === generation,
      'a completion of an operation whose owner is gone',
    );
    owner.onCompletion(slotAndOperation & OPERATION_MASK, result, flags);
  };
}

/** The lower half of an operation's user data. */
export const slotAndOperation = (slot: number, operation: number): number =>
  (slot << OPERATION_BITS) | operation;

/** User data of operations nobody waits for. */
export const UNOBSERVED = NOBODY << OPERATION_BITS;
