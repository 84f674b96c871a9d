/**
 * The operations one owner (a socket, a listener) has in the ring, counted, so that its slot in the completion table outlives the last of
 * them and no longer.
 */
import { type CompletionOwner, slotAndOperation, UNOBSERVED } from './completions.ts';
import * as layout from './kernelLayout.ts';
import type { UringContext } from './uringContext.ts';

export class Operations {
  readonly #context: UringContext;
  readonly #slot: number;
  readonly #generation: number;
  #outstanding = 0;
  #closed = false;

  constructor(context: UringContext, owner: CompletionOwner) {
    const { completions } = context.loop;
    this.#context = context;
    this.#slot = completions.add(owner);
    this.#generation = completions.generation(this.#slot);
  }

  /** Prepares an operation on `fd`. Answers where its words stand in the ring's entries. */
  begin(operation: number, head: number, fd: number): number {
    this.#outstanding++;
    const { ring } = this.#context;
    const base = ring.prepare(slotAndOperation(this.#slot, operation), this.#generation);
    ring.entries[base] = head;
    ring.entries[base + layout.SQE_FD] = fd;
    return base;
  }

  /** To be called on an operation's last completion, after everything else it brings about. */
  ended(): void {
    this.#outstanding--;
    this.#releaseIfDone();
  }

  /** The operation completes soon, if it has not already: with ECANCELED, or with what was quicker. */
  cancel(operation: number): void {
    const { ring } = this.#context;
    const base = ring.prepare(UNOBSERVED, 0);
    ring.entries[base] = layout.sqeHead(layout.OP_ASYNC_CANCEL, layout.SQE_CQE_SKIP_SUCCESS, 0);
    ring.entries[base + layout.SQE_ADDRESS] = slotAndOperation(this.#slot, operation);
    ring.entries[base + layout.SQE_ADDRESS + 1] = this.#generation;
  }

  /** After this nothing may begin. What goes on must be cancelled, or the kernel keeps the connection open for it. */
  close(fd: number): void {
    const { ring } = this.#context;
    const base = ring.prepare(UNOBSERVED, 0);
    ring.entries[base] = layout.sqeHead(layout.OP_CLOSE, layout.SQE_CQE_SKIP_SUCCESS, 0);
    ring.entries[base + layout.SQE_FD] = fd;
    this.#closed = true;
    this.#releaseIfDone();
  }

  #releaseIfDone(): void {
    if (this.#closed && this.#outstanding === 0) this.#context.loop.completions.release(this.#slot);
  }
}
