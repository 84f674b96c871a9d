/**
 * One io_uring: two queues shared with the kernel, entered once per turn of the loop.
 *
 *      this thread                                kernel
 *   prepare() ... prepare()   SQ: |op|op|op|  ->  runs them in order inside enter()
 *   drain(visit)              CQ: |c|c|c|c|   <-  results, also of operations started turns ago
 *
 * The kernel reads submissions only inside `enter`, so a prepared operation may still be changed until then (a send grows that way), and
 * all entries are free again afterwards. DEFER_TASKRUN leaves finishing operations to `enter` with GETEVENTS: nothing interrupts the
 * thread, and the CQ only ever grows inside a call of ours.
 *
 * Invariants: only the thread that built the ring uses it (SINGLE_ISSUER), and the ring lives as long as that thread. The tail of the SQ
 * and the head of the CQ are written by us alone, with release order; the CQ's tail is read with acquire order, so that entries
 * before it are seen whole.
 *
 * Rejected: SQPOLL (burns a core that the lab's generator needs), koffi's structures (a conversion per operation).
 */
import { assert } from '../../../base/assert.ts';
import * as layout from './kernelLayout.ts';
import { SystemCallError, type SystemCalls } from './systemCalls.ts';

/** More prepared operations than this are submitted early, without waiting. */
const SUBMISSION_ENTRIES = 512;
/** Beyond it the kernel keeps completions in a list of its own (NODROP), slower but safe: about a burst of 8,192 connections. */
const COMPLETION_ENTRIES = 8192;
const FEATURES_NEEDED =
  layout.FEATURE_SINGLE_MMAP | layout.FEATURE_NODROP | layout.FEATURE_EXT_ARG | layout.FEATURE_CQE_SKIP;

/** Told of each completion: the two halves of its user data, its result (negative: an error number) and flags. */
export type CompletionVisitor = (
  slotAndOperation: number,
  generation: number,
  result: number,
  flags: number,
) => void;

export class Ring {
  /** Submission entries as words; `prepare` says where the next one begins. */
  readonly entries: Int32Array;
  readonly #calls: SystemCalls;
  readonly #fd: number;
  readonly #words: Int32Array;
  readonly #submissionTailAt: number;
  readonly #submissionMask: number;
  readonly #completionHeadAt: number;
  readonly #completionTailAt: number;
  readonly #completionMask: number;
  readonly #completionsAt: number;
  /** Argument of a wait with a time limit, and the limit itself. Kept: the kernel has their addresses. */
  readonly #waitArgument = Buffer.allocUnsafeSlow(layout.GETEVENTS_ARG_BYTES).fill(0);
  readonly #waitLimit = Buffer.allocUnsafeSlow(layout.TIMESPEC_BYTES).fill(0);
  readonly #waitArgumentAddress: number;
  #submissionTail = 0;
  #completionHead = 0;
  #prepared = 0;
  #submissions = 0;

  /** Throws a SystemCallError where the machine refuses io_uring or its kernel is too old for what is needed here. */
  constructor(calls: SystemCalls) {
    this.#calls = calls;
    const params = Buffer.allocUnsafeSlow(layout.PARAMS_BYTES).fill(0);
    params.writeUInt32LE(COMPLETION_ENTRIES, layout.PARAMS_CQ_ENTRIES);
    params.writeUInt32LE(
      layout.SETUP_CQSIZE |
        layout.SETUP_CLAMP |
        layout.SETUP_SUBMIT_ALL |
        layout.SETUP_COOP_TASKRUN |
        layout.SETUP_SINGLE_ISSUER |
        layout.SETUP_DEFER_TASKRUN,
      layout.PARAMS_FLAGS,
    );
    this.#fd = calls.setUpRing(SUBMISSION_ENTRIES, params);
    const features = params.readUInt32LE(layout.PARAMS_FEATURES);
    assert(
      (features & FEATURES_NEEDED) === FEATURES_NEEDED,
      'a kernel that knows DEFER_TASKRUN lacks older features',
    );
    const at = (offset: number): number => params.readUInt32LE(offset);
    const submissions = at(layout.PARAMS_SQ_ENTRIES);
    const ringBytes = Math.max(
      at(layout.PARAMS_SQ_ARRAY) + submissions * 4,
      at(layout.PARAMS_CQ_CQES) + at(layout.PARAMS_CQ_ENTRIES) * layout.CQE_WORDS * 4,
    );
    this.#words = new Int32Array(calls.mapRing(this.#fd, ringBytes, layout.OFFSET_RINGS));
    this.entries = new Int32Array(
      calls.mapRing(this.#fd, submissions * layout.SQE_WORDS * 4, layout.OFFSET_SUBMISSIONS),
    );
    this.#submissionTailAt = at(layout.PARAMS_SQ_TAIL) >> 2;
    this.#submissionMask = this.#words[at(layout.PARAMS_SQ_MASK) >> 2]!;
    this.#completionHeadAt = at(layout.PARAMS_CQ_HEAD) >> 2;
    this.#completionTailAt = at(layout.PARAMS_CQ_TAIL) >> 2;
    this.#completionMask = this.#words[at(layout.PARAMS_CQ_MASK) >> 2]!;
    this.#completionsAt = at(layout.PARAMS_CQ_CQES) >> 2;
    // The indirection from ring position to entry is never used: each position is its own entry.
    const array = at(layout.PARAMS_SQ_ARRAY) >> 2;
    for (let i = 0; i < submissions; i++) this.#words[array + i] = i;
    this.#waitArgument.writeBigUInt64LE(BigInt(calls.addressOf(this.#waitLimit)), layout.GETEVENTS_ARG_TIME);
    this.#waitArgumentAddress = calls.addressOf(this.#waitArgument);
  }

  /** Operations prepared and not yet submitted. */
  get prepared(): number {
    return this.#prepared;
  }

  /** Grows with every submission: while it stands still, what was prepared since may still be changed. */
  get submissions(): number {
    return this.#submissions;
  }

  register(operation: number, argument: Uint8Array, count: number): void {
    this.#calls.register(this.#fd, operation, argument, count);
  }

  /** Where in `entries` the next operation's words go: all zero but for its user data. It is submitted by the next `enter`. */
  prepare(slotAndOperation: number, generation: number): number {
    while (this.#prepared > this.#submissionMask) this.submit();
    const base = (this.#submissionTail & this.#submissionMask) * layout.SQE_WORDS;
    this.#submissionTail = (this.#submissionTail + 1) | 0;
    this.#prepared++;
    const { entries } = this;
    for (let word = base; word < base + layout.SQE_WORDS; word++) entries[word] = 0;
    entries[base + layout.SQE_USER_DATA] = slotAndOperation;
    entries[base + layout.SQE_USER_DATA + 1] = generation;
    return base;
  }

  /** Hands prepared operations over without waiting. */
  submit(): void {
    // Inside `drain` what was visited already makes room for what these operations complete with.
    Atomics.store(this.#words, this.#completionHeadAt, this.#completionHead);
    if (this.#prepared > 0) this.#enter(0, 0, 0, 0);
  }

  /** Hands prepared operations over and waits for a completion, at most `waitMs` (0: not at all). */
  submitAndWait(waitMs: number): void {
    if (waitMs <= 0) {
      this.#enter(0, layout.ENTER_GETEVENTS, 0, 0);
      return;
    }
    const limit = this.#waitLimit;
    const sec = Math.floor(waitMs / 1000);
    limit.writeUInt32LE(sec, 0);
    limit.writeUInt32LE(Math.floor((waitMs - sec * 1000) * 1e6), 8);
    this.#enter(
      1,
      layout.ENTER_GETEVENTS | layout.ENTER_EXT_ARG,
      this.#waitArgumentAddress,
      layout.GETEVENTS_ARG_BYTES,
    );
  }

  #enter(completionsMin: number, flags: number, argument: number, argumentBytes: number): void {
    Atomics.store(this.#words, this.#submissionTailAt, this.#submissionTail);
    this.#submissions++;
    const result = this.#calls.enter(
      this.#fd,
      this.#prepared,
      completionsMin,
      flags,
      argument,
      argumentBytes,
    );
    if (result >= 0) this.#prepared -= result;
    else if (!isPassing(-result)) throw new SystemCallError('io_uring_enter', -result);
  }

  get hasCompletions(): boolean {
    return Atomics.load(this.#words, this.#completionTailAt) !== this.#completionHead;
  }

  /** Visits all completions there are, those that visits bring about (by `submit`) included. */
  drain(visit: CompletionVisitor): void {
    const words = this.#words;
    let tail = Atomics.load(words, this.#completionTailAt);
    while (this.#completionHead !== tail) {
      while (this.#completionHead !== tail) {
        const at = this.#completionsAt + (this.#completionHead & this.#completionMask) * layout.CQE_WORDS;
        const slotAndOperation = words[at]!;
        const generation = words[at + 1]!;
        const result = words[at + layout.CQE_RESULT]!;
        const flags = words[at + layout.CQE_FLAGS]!;
        this.#completionHead = (this.#completionHead + 1) | 0;
        visit(slotAndOperation, generation, result, flags);
      }
      Atomics.store(words, this.#completionHeadAt, this.#completionHead);
      tail = Atomics.load(words, this.#completionTailAt);
    }
  }
}

/** Interrupted, nothing within the time, or memory short for a moment: the next turn tries again. */
const isPassing = (errorNumber: number): boolean =>
  errorNumber === layout.EINTR ||
  errorNumber === layout.ETIME ||
  errorNumber === layout.EAGAIN ||
  errorNumber === layout.EBUSY ||
  errorNumber === layout.ENOMEM;
