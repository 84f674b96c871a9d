/**
 * The event loop of a thread whose sockets are in a ring.
 *
 *        +--> timers due, what was put off -> enter: submit all, wait -> visit completions --+
 *        |                                                                                  |
 *        +------------------------------------ again <---------------------------------------+
 *                                                |
 *                     Node has something to do, or 10 ms are over: setImmediate, one round of Node's loop
 *
 * One system call a turn carries all replies of the last turn to the kernel and brings all requests of the next. Node's own loop is
 * entered when its poll descriptor is readable (nodePoll.ts) and at least every 10 ms, idle or not, because promises, timers,
 * immediates and observers of garbage collection show nowhere; a round costs a few microseconds. What is left to those in this thread
 * may thus be late by 10 ms, so hot paths and time limits of the server use none of them.
 *
 * The loop runs while anybody has a slot in the completion table or a timer is set, as Node's does for its handles.
 */
import type { Timer, Timers } from '../../timers.ts';
import { type CompletionOwner, Completions, slotAndOperation } from './completions.ts';
import * as layout from './kernelLayout.ts';
import type { Ring } from './ring.ts';

/** Node's loop goes round at least this often. */
const NODE_ROUND_MS = 10;
/** What comes during a turn as long as this is taken in by a call that does not wait: to have waited means that there was nothing. */
const LONG_TURN_MS = 0.2;
const POLL = 0;

/** What is to be done from the loop and not from where it was asked for. */
export interface Deferred {
  runDeferred(): void;
}

interface PendingTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

export class UringLoop implements Timers, CompletionOwner {
  readonly completions = new Completions();
  readonly #ring: Ring;
  readonly #nodePollFd: number;
  readonly #slot: number;
  /** Slots that keep nobody waiting: the loop's own. */
  readonly #ownSlots: number;
  /** By time due. A handful: a sorted list beats a heap. */
  readonly #timers: PendingTimer[] = [];
  #deferred: Deferred[] = [];
  #running = false;
  #pollArmed = false;
  #nodeReady = false;
  #idleMs = 0;
  /** When the last completions were delivered. */
  #deliveredMs = 0;

  constructor(ring: Ring, nodePollFd: number) {
    this.#ring = ring;
    this.#nodePollFd = nodePollFd;
    this.#slot = this.completions.add(this);
    this.#ownSlots = this.completions.count;
  }

  /** Runs as long as there is anything to wait for. Idempotent. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(this.#run);
  }

  after(durationMs: number, callback: () => void): Timer {
    const timer = { dueMs: performance.now() + durationMs, callback };
    const timers = this.#timers;
    let at = timers.length;
    while (at > 0 && timers[at - 1]!.dueMs > timer.dueMs) at--;
    timers.splice(at, 0, timer);
    this.start();
    return {
      cancel: () => {
        const index = timers.indexOf(timer);
        if (index >= 0) timers.splice(index, 1);
      },
    };
  }

  afterTurn(callback: () => void): void {
    this.#deferred.push({ runDeferred: callback });
  }

  idleUs(): number {
    return this.#idleMs * 1000;
  }

  defer(work: Deferred): void {
    this.#deferred.push(work);
    this.start();
  }

  onCompletion(): void {
    this.#pollArmed = false;
    this.#nodeReady = true;
  }

  readonly #run = (): void => {
    const ring = this.#ring;
    this.#nodeReady = false;
    this.#armPoll();
    let nowMs = performance.now();
    const nodeRoundMs = nowMs + NODE_ROUND_MS;
    while (!this.#nodeReady && nowMs < nodeRoundMs) {
      this.#runTimers(nowMs);
      this.#runDeferred();
      if (!this.#isAlive()) break;
      this.#deliveredMs = this.#enter(Math.min(nodeRoundMs, this.#timerDueMs()));
      ring.drain(this.completions.deliver);
      nowMs = performance.now();
    }
    ring.submit();
    this.#running = this.#isAlive();
    if (this.#running) setImmediate(this.#run);
  };

  /** Sends what is prepared and takes what has come, waiting for it until then. @returns when it was back, as performance.now(). */
  #enter(untilMs: number): number {
    const ring = this.#ring;
    let fromMs = performance.now();
    const mayWait = this.#deferred.length === 0;
    if (!mayWait || fromMs - this.#deliveredMs >= LONG_TURN_MS) {
      ring.submitAndWait(0);
      fromMs = performance.now();
      if (!mayWait || ring.hasCompletions) return fromMs;
    }
    ring.submitAndWait(untilMs - fromMs);
    const nowMs = performance.now();
    this.#idleMs += nowMs - fromMs;
    return nowMs;
  }

  #isAlive(): boolean {
    return this.completions.count > this.#ownSlots || this.#timers.length > 0 || this.#deferred.length > 0;
  }

  #armPoll(): void {
    if (this.#pollArmed) return;
    this.#pollArmed = true;
    const { entries } = this.#ring;
    const { completions } = this;
    const base = this.#ring.prepare(slotAndOperation(this.#slot, POLL), completions.generation(this.#slot));
    entries[base] = layout.sqeHead(layout.OP_POLL_ADD, 0, 0);
    entries[base + layout.SQE_FD] = this.#nodePollFd;
    entries[base + layout.SQE_OPERATION_FLAGS] = layout.POLL_IN;
  }

  #timerDueMs(): number {
    return this.#timers[0]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  /** Those due when the turn began: one that sets itself again at once does not keep the loop. */
  #runTimers(nowMs: number): void {
    const timers = this.#timers;
    while (timers.length > 0 && timers[0]!.dueMs <= nowMs) timers.shift()!.callback();
  }

  #runDeferred(): void {
    if (this.#deferred.length === 0) return;
    const deferred = this.#deferred;
    this.#deferred = [];
    for (const each of deferred) each.runDeferred();
  }
}
