/**
 * Memory that the kernel receives into, shared by all sockets: it takes the next free buffer when bytes arrive, so 10,000 idle
 * connections hold none.
 *
 *   ring (registered, one page or more)            memory
 *   | addr len id | addr len id | ... |   ---->    |buffer 0|buffer 1| ... untouched pages cost nothing
 *     ^ head: kernel        ^ tail: us
 *
 * Buffers go round in order, so few are offered at first: what goes round should stay in the processor's cache. Each time the kernel
 * finds none (ENOBUFS) their number doubles, up to all. A buffer is lent to the reader during `onData` only and offered again afterwards.
 *
 * Invariant: a buffer's id is between our tail and the kernel's head, or in a completion not yet visited; never both.
 */
import * as layout from './kernelLayout.ts';
import type { Ring } from './ring.ts';
import type { SystemCalls } from './systemCalls.ts';

/**
 * As much as Node's sockets read at a time here: requests of up to 64 KB arrive in one piece. What smaller ones leave untouched costs
 * neither memory nor cache.
 */
const BUFFER_BYTES = 64 * 1024;
/** 32 MB, if so many are ever needed and filled. */
const BUFFERS_MAX = 512;
/** With 64 pipelined requests of usual sizes some 200 KB go round: within the second-level cache. */
const BUFFERS_INITIAL = 32;
const PAGE_BYTES = 4096;

export class ReceiveBuffers {
  /** The group's number in submissions. */
  readonly group = 0;
  readonly #memory = Buffer.allocUnsafeSlow(BUFFERS_MAX * BUFFER_BYTES);
  readonly #memoryAddress: number;
  /** The buffers as the reader sees them, made when first offered. */
  readonly #views: Buffer[] = [];
  readonly #ringWords: Int32Array;
  readonly #ringHalves: Int16Array;
  #tail = 0;
  #offered = 0;

  constructor(calls: SystemCalls, ring: Ring) {
    this.#memoryAddress = calls.addressOf(this.#memory);
    const ringBytes = BUFFERS_MAX * layout.BUFFER_ENTRY_BYTES;
    const { memory, address } = pageAligned(calls, ringBytes);
    this.#ringWords = new Int32Array(memory.buffer, memory.byteOffset, ringBytes / 4);
    this.#ringHalves = new Int16Array(memory.buffer, memory.byteOffset, ringBytes / 2);
    const registration = Buffer.allocUnsafeSlow(layout.BUFFER_REGISTRATION_BYTES).fill(0);
    registration.writeBigUInt64LE(BigInt(address), 0);
    registration.writeUInt32LE(BUFFERS_MAX, layout.BUFFER_REGISTRATION_ENTRIES);
    registration.writeUInt16LE(this.group, layout.BUFFER_REGISTRATION_GROUP);
    ring.register(layout.REGISTER_PBUF_RING, registration, 1);
    this.#offerMore(BUFFERS_INITIAL);
  }

  /** The buffer a completion's flags name: bytes at its start. */
  view(completionFlags: number): Buffer {
    return this.#views[completionFlags >>> layout.CQE_BUFFER_SHIFT]!;
  }

  /** Offers the buffer of a completion again. */
  recycle(completionFlags: number): void {
    this.#offer(completionFlags >>> layout.CQE_BUFFER_SHIFT);
    this.#publish();
  }

  /** After the kernel found no buffer. */
  grow(): void {
    this.#offerMore(Math.min(this.#offered, BUFFERS_MAX - this.#offered));
  }

  #offerMore(count: number): void {
    for (let i = 0; i < count; i++) {
      const id = this.#offered++;
      this.#views.push(this.#memory.subarray(id * BUFFER_BYTES, (id + 1) * BUFFER_BYTES));
      this.#offer(id);
    }
    this.#publish();
  }

  #offer(id: number): void {
    const entry = (this.#tail & (BUFFERS_MAX - 1)) * layout.BUFFER_ENTRY_BYTES;
    const address = this.#memoryAddress + id * BUFFER_BYTES;
    const words = this.#ringWords;
    words[entry >> 2] = address | 0;
    words[(entry >> 2) + 1] = Math.floor(address / 2 ** 32);
    words[(entry + layout.BUFFER_ENTRY_LENGTH) >> 2] = BUFFER_BYTES;
    // Not as a word: its upper half is the ring's tail in the first entry.
    this.#ringHalves[(entry + layout.BUFFER_ENTRY_ID) >> 1] = id;
    this.#tail = (this.#tail + 1) & 0xffff;
  }

  /** Release order: the kernel sees the entries before the tail that covers them. */
  #publish(): void {
    Atomics.store(this.#ringHalves, layout.BUFFER_RING_TAIL >> 1, this.#tail);
  }
}

/** The kernel wants the ring to begin on a page. */
function pageAligned(calls: SystemCalls, bytes: number): { memory: Buffer; address: number } {
  const roomy = Buffer.allocUnsafeSlow(bytes + PAGE_BYTES).fill(0);
  const start = (PAGE_BYTES - (calls.addressOf(roomy) % PAGE_BYTES)) % PAGE_BYTES;
  const memory = roomy.subarray(start, start + bytes);
  return { memory, address: calls.addressOf(memory) };
}
