/**
 * The probe of a shard: everything it is told goes into the shared memory of its recording, with two clock reads a batch and a counter
 * a command.
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
  fieldAt,
  REQUEST_FIELDS,
  REQUEST_RECORDS,
  REQUEST_SEQUENCE,
  RecordingRegions,
  type RecordingShape,
  totalAt,
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
const [KIND, ARRIVED, TURN_START, BATCH_START, END, COUNT] = [
  fieldAt('kind'),
  fieldAt('arrivedUs'),
  fieldAt('turnStartUs'),
  fieldAt('batchStartUs'),
  fieldAt('endUs'),
  fieldAt('requests'),
];
const [COMMAND, EXECUTION_START, EXECUTION_END, LAST_COMMAND, CLIENT, UNSENT] = [
  fieldAt('command'),
  fieldAt('executionStartUs'),
  fieldAt('executionEndUs'),
  fieldAt('lastCommand'),
  fieldAt('clientId'),
  fieldAt('unsentBytes'),
];

/** The loop of the recorded thread. */
export interface RecordedLoop extends Pick<Timers, 'afterTurn' | 'idleUs'> {
  /** Microseconds that the thread was ready to run and had no core, since it began; absent where nobody tells. Takes two. */
  withoutCoreUs?(): number;
}

/** After so much idleness it is asked how long the thread had no core when it was woken; shorter ones cannot hide much. */
const ASK_FROM_IDLE_US = 100;
/** What it was this long ago says nothing about this time. */
const ASKED_LATELY_US = 50_000;

export class ShardRecorder implements Probe {
  readonly regions: RecordingRegions;
  readonly reported: RecordingRegions;
  readonly #clock: Clock;
  readonly #loop: RecordedLoop;
  readonly #turnEnds: () => void;
  readonly #sendUs: number;
  #inTurn = false;
  /** Batches whose replies are sent behind the turn. */
  #unsentBatches = 0;
  /** The poll before this turn's, as far as requests are concerned: when this turn's requests may have begun to come. */
  #cameFromUs = 0;
  #turnStartUs = 0;
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

  /**
   * @param sendUs what a batch's replies cost between two turns, where they are not sent within the batch.
   */
  constructor(shape: RecordingShape, clock: Clock, loop: RecordedLoop, sendUs: number) {
    this.regions = this.reported = RecordingRegions.allocate(shape);
    this.#sendUs = sendUs;
    this.#calls = new Int32Array(shape.commands);
    this.#called = new Int32Array(shape.commands);
    this.regions.totals[TAIL_FROM_US] = TAIL_FROM_US_INITIAL;
    this.#clock = clock;
    this.#loop = loop;
    this.#begunUs = this.#turnStartUs = clock.monotonicUs();
    this.#idleUs = loop.idleUs();
    this.#turnEnds = () => {
      this.#inTurn = false;
      this.regions.totals[TURNS]!++;
    };
  }

  batchBegins(): void {
    const nowUs = this.#clock.monotonicUs();
    this.#batchStartUs = nowUs;
    if (this.#inTurn) return;
    this.#inTurn = true;
    const idleUs = this.#idleSince(nowUs);
    const hasWaited = idleUs >= IDLE_FROM_US + this.#unsentBatches * this.#sendUs;
    this.#cameFromUs = hasWaited ? nowUs - this.#wokenLateUs(nowUs, idleUs) : this.#turnStartUs;
    this.#turnStartUs = nowUs;
    this.#unsentBatches = 0;
    this.#loop.afterTurn(this.#turnEnds);
  }

  /** How long the thread that was woken had no core; at most the time it was idle. */
  #wokenLateUs(nowUs: number, idleUs: number): number {
    if (idleUs < ASK_FROM_IDLE_US || this.#loop.withoutCoreUs === undefined) return 0;
    const withoutCoreUs = this.#loop.withoutCoreUs();
    const sinceUs = withoutCoreUs - this.#withoutCoreUs;
    const isFresh = nowUs - idleUs - this.#askedUs < ASKED_LATELY_US;
    this.#withoutCoreUs = withoutCoreUs;
    this.#askedUs = nowUs;
    return isFresh ? Math.min(sinceUs, idleUs) : 0;
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
    // Outside a turn it keeps what comes meanwhile waiting; what is told of late (a collection) is past.
    if (this.#inTurn || endUs <= this.#busyUntilUs) return;
    if (this.#idleSince(startUs) >= IDLE_FROM_US) this.#turnStartUs = startUs;
    this.#busyUntilUs = endUs;
  }
}
