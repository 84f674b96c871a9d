/**
 * Saturation: each connection sends a batch, waits until all of it is answered, and sends the next. The latency of a batch
 * counts for each of its requests, from the actual send: a stall delays one batch per connection and hides the rest, which
 * is why throughput is what this loop is for.
 */
import type { LoadConnection, ReplyHandler } from './connection.ts';
import type { IntervalRecorder } from './intervalRecorder.ts';
import type { SentPositions } from './sentSample.ts';

export class ClosedLoop implements ReplyHandler {
  /** Where latencies go; replaced between warm-up and measured part. */
  recorder: IntervalRecorder;
  /** Requests sent since the last `resetCounts`. */
  sent = 0;
  /** When the last recorded batch was answered. */
  answeredNs = 0;
  /** Sending ends at this many. */
  sentMax = Number.POSITIVE_INFINITY;
  /** False: batches that come back are not followed by another. */
  sending = true;
  /** False: answers are no longer recorded (they come after the end). */
  recording = true;
  readonly #monotonicNs: () => number;
  readonly #pipeline: number;
  readonly #positions: SentPositions;

  constructor(
    monotonicNs: () => number,
    pipeline: number,
    recorder: IntervalRecorder,
    positions: SentPositions,
  ) {
    this.#monotonicNs = monotonicNs;
    this.#pipeline = pipeline;
    this.recorder = recorder;
    this.#positions = positions;
  }

  start(connections: readonly LoadConnection[]): void {
    for (const connection of connections) {
      connection.handler = this;
      this.#send(connection, this.#monotonicNs());
    }
  }

  onReplies(connection: LoadConnection, completed: number): void {
    connection.outstanding -= completed;
    if (connection.outstanding > 0) return;
    const nowNs = this.#monotonicNs();
    if (this.recording) {
      this.answeredNs = nowNs;
      this.recorder.advance(nowNs);
      this.recorder.recordBatch(nowNs - connection.sentNs, this.#pipeline);
    }
    if (this.sending && this.sent < this.sentMax) this.#send(connection, nowNs);
  }

  #send(connection: LoadConnection, nowNs: number): void {
    connection.sentNs = nowNs;
    connection.outstanding = this.#pipeline;
    this.sent += this.#pipeline;
    this.#positions.note(connection.cursor, this.#pipeline);
    connection.send(this.#pipeline);
  }
}
