/**
 * The open loop: requests go out when they are due, whatever has been answered, and latency counts from the due time.
 *
 * It spins: every turn of the event loop reads the clock once, sends what is due, lets the sockets be read, and turns again
 * (`setImmediate`). Timers have a grain of 1 ms, which at 40,000 requests a second would send 40 at once. Spinning takes
 * the whole of the generator's core, so the share of time that was really needed is kept apart (`busyNs`): turns in which
 * something was sent or received.
 *
 * Invariant: a request enters `InFlight` once, with the instant it was due and the instant it was sent, and leaves it with
 * its reply; both latencies end at the one clock read of the chunk that completed the reply.
 */
import type { LatencyTable } from '../measurement/latencyTable.ts';
import type { LoadConnection, ReplyHandler } from './connection.ts';
import type { IntervalRecorder } from './intervalRecorder.ts';
import type { Schedule } from './schedule.ts';
import type { SentPositions } from './sentSample.ts';

/** Unanswered requests at which the run is called overloaded: 1M of them hold 16 MB and seconds of backlog. */
const inFlightMax = 1 << 20;

export class OpenLoopSender implements ReplyHandler {
  recorder: IntervalRecorder;
  /** Actual minus due instant of every request that counts. */
  #lateness: LatencyTable | undefined;
  /** Requests sent that count (see `beginCounting`). */
  sent = 0;
  sentMax = Number.POSITIVE_INFINITY;
  /** Answers to requests that count. */
  answered = 0;
  /** Requests due before this instant do not count (they belong to the warm-up). */
  #countFromNs = 0;
  /** Requests due from this instant on are not sent: the schedule has ended. */
  #endNs = Number.POSITIVE_INFINITY;
  inFlight = 0;
  overloaded = false;
  /** Time of turns that sent or received, since the last reset. */
  busyNs = 0;
  readonly #monotonicNs: () => number;
  readonly #connections: readonly LoadConnection[];
  readonly #schedule: Schedule;
  readonly #positions: SentPositions;
  readonly #batchMax: number;
  readonly #touched: LoadConnection[];
  readonly #onTurn: (nowNs: number) => void;
  #worked = false;
  #turnNs: number;
  #stopped = false;

  /** @param batchMax most requests one write may carry (the ring's overlap). @param onTurn called each turn. */
  constructor(options: {
    monotonicNs: () => number;
    connections: readonly LoadConnection[];
    schedule: Schedule;
    recorder: IntervalRecorder;
    positions: SentPositions;
    batchMax: number;
    onTurn: (nowNs: number) => void;
  }) {
    this.#monotonicNs = options.monotonicNs;
    this.#connections = options.connections;
    this.#schedule = options.schedule;
    this.recorder = options.recorder;
    this.#positions = options.positions;
    this.#batchMax = options.batchMax;
    this.#onTurn = options.onTurn;
    this.#touched = [...options.connections];
    this.#turnNs = options.monotonicNs();
  }

  start(): void {
    for (const connection of this.#connections) connection.handler = this;
    setImmediate(this.#turn);
  }

  /** From now on only requests due from `fromNs` on count, into these tables; none due from `endNs` on is sent. */
  beginCounting(window: {
    recorder: IntervalRecorder;
    lateness: LatencyTable;
    fromNs: number;
    endNs: number;
    sentMax: number;
  }): void {
    this.recorder = window.recorder;
    this.#lateness = window.lateness;
    this.#countFromNs = window.fromNs;
    this.#endNs = window.endNs;
    this.sentMax = window.sentMax;
    this.sent = 0;
    this.answered = 0;
    this.busyNs = 0;
  }

  /** Ends the spinning; answers are still taken. */
  stop(): void {
    this.#stopped = true;
  }

  onReplies(connection: LoadConnection, completed: number): void {
    const nowNs = this.#monotonicNs();
    const inFlight = connection.inFlight;
    const recorder = this.recorder;
    recorder.advance(nowNs);
    for (let i = 0; i < completed; i++) {
      const intendedNs = inFlight.intendedNs;
      if (intendedNs >= this.#countFromNs) {
        recorder.recordRequest(nowNs - intendedNs, nowNs - inFlight.sentNs);
        this.answered += 1;
      }
      inFlight.shift();
    }
    this.inFlight -= completed;
    this.#worked = true;
  }

  /** Bound once, so that a turn allocates no closure. */
  readonly #turn = (): void => {
    const nowNs = this.#monotonicNs();
    if (this.#worked) this.busyNs += nowNs - this.#turnNs;
    this.#turnNs = nowNs;
    this.#worked = false;
    const schedule = this.#schedule;
    if (schedule.dueNs <= nowNs) this.#sendDue(nowNs);
    this.#onTurn(nowNs);
    if (!this.#stopped) setImmediate(this.#turn);
  };

  #sendDue(nowNs: number): void {
    const schedule = this.#schedule;
    const touched = this.#touched;
    let touchedCount = 0;
    while (schedule.dueNs <= nowNs && schedule.dueNs < this.#endNs && this.sent < this.sentMax) {
      const connection = this.#connections[schedule.connection]!;
      connection.inFlight.push(schedule.dueNs, nowNs);
      if (schedule.dueNs >= this.#countFromNs) {
        this.#lateness?.record(nowNs - schedule.dueNs);
        this.sent += 1;
      }
      if (connection.pending === 0) touched[touchedCount++] = connection;
      connection.pending += 1;
      this.inFlight += 1;
      schedule.advance();
      if (connection.pending === this.#batchMax) break;
    }
    for (let i = 0; i < touchedCount; i++) {
      const connection = touched[i]!;
      this.#positions.note(connection.cursor, connection.pending);
      connection.send(connection.pending);
      connection.pending = 0;
    }
    if (touchedCount > 0) this.#worked = true;
    if (this.inFlight > inFlightMax) this.overloaded = true;
  }
}
