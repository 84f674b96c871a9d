/**
 * The probe of a shard: everything it is told goes into the shared memory of its recording, with a clock read a batch, another a turn,
 * and a counter a command.
 *
 * A request's service duration runs from its arrival until its batch's replies are written. The arrival is estimated, since sockets do
 * not tell: all sockets are polled once a turn of the loop, so what is served in this turn came between the last poll and this one. If
 * the loop waited in this poll, it came just now, or since the thread was woken and had no core. If not, arrivals are spread evenly over
 * that time, as a Poisson stream's are: each batch draws its place from a sequence of low discrepancy. A stall is thus charged to all
 * that came during it.
 *
 *   poll          poll               poll
 *   | turn 1      | turn 2           |  (idle)     | turn 3
 *   +--- batches  +--- batches       +             +--- batches
 *        served here: came since the last poll      came just now
 */

import { BUCKET_COUNT, bucketOf } from '../../base/latencyBuckets.ts';
import type { Clock } from '../../ports/clock.ts';
import { INTERFERENCES, type Interference, type Probe } from '../../ports/probe.ts';
import type { Timers } from '../../ports/timers.ts';
import {
  BATCH_SIZE_COUNT,
  REQUEST_AT,
  REQUEST_FIELDS,
  REQUEST_RECORDS,
  REQUEST_SEQUENCE,
  RecordingRegions,
  type RecordingShape,
  totalAt,
  WAIT_FIELDS,
  WAIT_RECORDS,
  WAIT_SEQUENCE,
  WORK_FIELDS,
  WORK_RECORDS,
  WORK_SEQUENCE,
} from './recordingLayout.ts';

/** A poll that finds something ready takes less; a thread that slept was away for longer. */
const IDLE_FROM_US = 15;
/** One batch in so many is recorded whatever its duration: what the tail is compared with. */
const SAMPLE_EVERY = 1021;
/** An execution that is in everybody's way. */
const LONG_EXECUTION_US = 100;
/** Until the reader has seen enough to say what the tail is. */
const TAIL_FROM_US_INITIAL = 1000;
/** Fractional part of the golden ratio: its multiples modulo 1 fill an interval evenly at any length. */
const GOLDEN = 0.618_033_988_749_894_9;

const TURNS = totalAt('turns');
const BUSY_US = totalAt('busyUs');
const BATCHES = totalAt('batches');
const REQUESTS = totalAt('requests');
const TAIL_FROM_US = totalAt('tailFromUs');
const RECORD_LENGTH = REQUEST_FIELDS.length;
const {
  kind: KIND,
  arrivedUs: ARRIVED,
  turnStartUs: TURN_START,
  batchStartUs: BATCH_START,
  endUs: END,
  requests: COUNT,
  command: COMMAND,
  executionStartUs: EXECUTION_START,
  executionEndUs: EXECUTION_END,
  lastCommand: LAST_COMMAND,
  clientId: CLIENT,
  unsentBytes: UNSENT,
} = REQUEST_AT;

/** The loop of the recorded thread. */
export interface RecordedLoop extends Pick<Timers, 'afterTurn' | 'idleUs'> {
  /**
   * What a batch's replies cost between two turns, where all of a turn's are sent behind it and timers run before that: then whatever
   * runs outside a turn runs right after a poll. Zero where replies are sent within their batch, and timers run between turn and poll.
   */
  readonly sendBehindTurnUs: number;
  /** Microseconds that the thread was ready to run and had no core, since it began; absent where nobody tells. Takes two. */
  withoutCoreUs?(): number;
}

/**
 * When it is asked how long the thread had no core, so that what is told is about a short time: before a turn, if the loop was idle for so
 * long that being woken late matters or if nothing was asked for a while, and behind turns and work that took long.
 */
const ASK_FROM_IDLE_US = 100;
const ASK_AFTER_US = 5000;
const ASK_FROM_BUSY_US = 50;
/** What it was this long ago says nothing about this time. */
const ASKED_LATELY_US = 50_000;
/** Less kept nobody waiting for long. */
const WAIT_FROM_US = 20;

export class ShardRecorder implements Probe {
  readonly regions: RecordingRegions;
  readonly reported: RecordingRegions;
  readonly #clock: Clock;
  readonly #loop: RecordedLoop;
  readonly #turnEnds: () => void;
  #inTurn = false;
  /** Whether what runs outside a turn runs right after a poll that brought nothing. */
  #hasPolledSinceTurn = true;
  /** Batches whose replies are sent behind the turn. */
  #unsentBatches = 0;
  /** The poll before this turn's: when this turn's requests may have begun to come. */
  #cameFromUs = 0;
  #turnStartUs = 0;
  /** The last poll that is known of: the turn's, or one that brought nothing. */
  #polledUs = 0;
  /** How long the loop had been idle when the thread was last known to begin something. */
  #idleUs = 0;
  /** When that was. */
  #begunUs = 0;
  /** What was told last, and when. */
  #withoutCoreUs = 0;
  #askedUs = Number.NEGATIVE_INFINITY;
  #batchStartUs = 0;
  /** When the thread was last known to do something. */
  #busyUntilUs = 0;
  #place = 0;
  #untilSample = SAMPLE_EVERY;
  /** Calls in this batch, by command; the commands that have any. */
  readonly #calls: Int32Array;
  readonly #called: Int32Array;
  #calledCount = 0;
  #lastCommand = -1;
  #timedCommand = -1;
  #timedStartUs = 0;
  #timedEndUs = 0;

  constructor(shape: RecordingShape, clock: Clock, loop: RecordedLoop) {
    this.regions = this.reported = RecordingRegions.allocate(shape);
    this.#calls = new Int32Array(shape.commands);
    this.#called = new Int32Array(shape.commands);
    this.regions.totals[TAIL_FROM_US] = TAIL_FROM_US_INITIAL;
    this.#clock = clock;
    this.#loop = loop;
    this.#begunUs = this.#polledUs = this.#turnStartUs = clock.monotonicUs();
    this.#idleUs = loop.idleUs();
    this.#turnEnds = () => {
      this.#inTurn = false;
      this.#hasPolledSinceTurn = loop.sendBehindTurnUs > 0;
      this.regions.totals[TURNS]!++;
      if (this.#busyUntilUs - this.#turnStartUs >= ASK_FROM_BUSY_US) this.#askWithoutCore();
    };
  }

  batchBegins(): void {
    if (this.#inTurn) {
      // Batches of a turn follow at once: one reading of the clock less.
      this.#batchStartUs = this.#busyUntilUs;
      return;
    }
    this.#inTurn = true;
    const nowUs = this.#clock.monotonicUs();
    this.#batchStartUs = nowUs;
    const idleUs = this.#idleSince(nowUs);
    const hasWaited = idleUs >= IDLE_FROM_US + this.#unsentBatches * this.#loop.sendBehindTurnUs;
    const lateUs = this.#wokenLateUs(nowUs, idleUs);
    this.#cameFromUs = hasWaited ? nowUs - lateUs : this.#polledUs;
    this.#turnStartUs = this.#polledUs = nowUs;
    this.#unsentBatches = 0;
    this.#loop.afterTurn(this.#turnEnds);
  }

  /** How long the thread that was woken had no core; at most the time it was idle. */
  #wokenLateUs(nowUs: number, idleUs: number): number {
    const sinceAskedUs = nowUs - this.#askedUs;
    if (idleUs < ASK_FROM_IDLE_US && sinceAskedUs < ASK_AFTER_US) return 0;
    const waitedUs = this.#askWithoutCore(nowUs);
    return sinceAskedUs - idleUs < ASKED_LATELY_US ? Math.min(waitedUs, idleUs) : 0;
  }

  /** Notes how long the thread had no core since this was asked last. @returns microseconds. */
  #askWithoutCore(nowUs = this.#clock.monotonicUs()): number {
    const loop = this.#loop;
    if (loop.withoutCoreUs === undefined) return 0;
    const withoutCoreUs = loop.withoutCoreUs();
    const waitedUs = withoutCoreUs - this.#withoutCoreUs;
    if (waitedUs >= WAIT_FROM_US && this.#askedUs > 0) {
      const { sequences, waits } = this.regions;
      const sequence = sequences[WAIT_SEQUENCE]!;
      const at = (sequence & (WAIT_RECORDS - 1)) * WAIT_FIELDS;
      waits[at] = this.#askedUs;
      waits[at + 1] = nowUs;
      waits[at + 2] = waitedUs;
      Atomics.store(sequences, WAIT_SEQUENCE, (sequence + 1) | 0);
    }
    this.#withoutCoreUs = withoutCoreUs;
    this.#askedUs = nowUs;
    return waitedUs;
  }

  /** Since the thread was last known to begin something; until `nowUs` it begins something again. */
  #idleSince(nowUs: number): number {
    const idleUs = this.#loop.idleUs();
    const sinceUs = idleUs - this.#idleUs;
    this.#idleUs = idleUs;
    this.regions.totals[BUSY_US]! += Math.max(0, nowUs - this.#begunUs - sinceUs);
    this.#begunUs = nowUs;
    return sinceUs;
  }

  called(command: number): void {
    this.#lastCommand = command;
    if (this.#calls[command]!++ === 0) this.#called[this.#calledCount++] = command;
  }

  executed(command: number, startUs: number, endUs: number): void {
    const durationUs = endUs - startUs;
    if (durationUs >= LONG_EXECUTION_US) this.worked('command', startUs, endUs, command);
    if (this.#timedCommand >= 0 && durationUs <= this.#timedEndUs - this.#timedStartUs) return;
    this.#timedCommand = command;
    this.#timedStartUs = startUs;
    this.#timedEndUs = endUs;
  }

  batchEnds(clientId: number, unsentBytes: number): void {
    const nowUs = this.#clock.monotonicUs();
    this.#busyUntilUs = nowUs;
    const calledCount = this.#calledCount;
    if (calledCount === 0) return;
    this.#place += GOLDEN;
    if (this.#place >= 1) this.#place -= 1;
    const arrivedUs = this.#cameFromUs + (this.#turnStartUs - this.#cameFromUs) * this.#place;
    const durationUs = nowUs - arrivedUs;
    const bucket = bucketOf(durationUs);
    const { totals, service, serviceByCommand, serviceUsByCommand, batchSizes } = this.regions;
    let requests = 0;
    for (let i = 0; i < calledCount; i++) {
      const command = this.#called[i]!;
      const calls = this.#calls[command]!;
      this.#calls[command] = 0;
      requests += calls;
      serviceByCommand[command * BUCKET_COUNT + bucket]! += calls;
      serviceUsByCommand[command]! += durationUs * calls;
    }
    service[bucket]! += requests;
    this.#unsentBatches++;
    totals[BATCHES]!++;
    totals[REQUESTS]! += requests;
    batchSizes[Math.min(BATCH_SIZE_COUNT - 1, 31 - Math.clz32(requests))]!++;
    const isTail = durationUs >= totals[TAIL_FROM_US]!;
    if (isTail || --this.#untilSample <= 0)
      this.#record(isTail, arrivedUs, nowUs, requests, clientId, unsentBytes);
    this.#calledCount = 0;
    this.#lastCommand = -1;
    this.#timedCommand = -1;
  }

  #record(
    isTail: boolean,
    arrivedUs: number,
    endUs: number,
    requests: number,
    clientId: number,
    unsentBytes: number,
  ): void {
    if (!isTail) this.#untilSample = SAMPLE_EVERY;
    const { sequences, requests: ring } = this.regions;
    const sequence = sequences[REQUEST_SEQUENCE]!;
    const at = (sequence & (REQUEST_RECORDS - 1)) * RECORD_LENGTH;
    ring[at + KIND] = isTail ? 0 : 1;
    ring[at + ARRIVED] = arrivedUs;
    ring[at + TURN_START] = this.#turnStartUs;
    ring[at + BATCH_START] = this.#batchStartUs;
    ring[at + END] = endUs;
    ring[at + COUNT] = requests;
    ring[at + COMMAND] = this.#timedCommand;
    ring[at + EXECUTION_START] = this.#timedStartUs;
    ring[at + EXECUTION_END] = this.#timedEndUs;
    ring[at + LAST_COMMAND] = this.#lastCommand;
    ring[at + CLIENT] = clientId;
    ring[at + UNSENT] = unsentBytes;
    Atomics.store(sequences, REQUEST_SEQUENCE, (sequence + 1) | 0);
  }

  worked(kind: Interference, startUs: number, endUs: number, amount: number): void {
    const code = INTERFERENCES.indexOf(kind);
    const { workCount, workUs, work, sequences } = this.regions;
    workCount[code]!++;
    workUs[code]! += endUs - startUs;
    const sequence = sequences[WORK_SEQUENCE]!;
    const at = (sequence & (WORK_RECORDS - 1)) * WORK_FIELDS;
    work[at] = code;
    work[at + 1] = startUs;
    work[at + 2] = endUs;
    work[at + 3] = amount;
    Atomics.store(sequences, WORK_SEQUENCE, (sequence + 1) | 0);
    // What is told of late (a collection) is past.
    if (endUs <= this.#busyUntilUs) return;
    this.#busyUntilUs = endUs;
    if (this.#inTurn) return;
    // Outside a turn it keeps what comes meanwhile waiting.
    const idleUs = this.#idleSince(startUs);
    if (this.#hasPolledSinceTurn || idleUs >= IDLE_FROM_US) this.#polledUs = startUs;
    this.#hasPolledSinceTurn = true;
    if (endUs - startUs >= ASK_FROM_BUSY_US) this.#askWithoutCore();
  }
}
