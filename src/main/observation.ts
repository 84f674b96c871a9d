/** What watches a shard, on the shard's own thread: the recorder, and the runtime's news of garbage collections. */
import { readlinkSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { type RecordedLoop, ShardRecorder } from '../observability/recording/shardRecorder.ts';
import type { RecordingSource } from '../observability/recording/shardRecording.ts';
import type { Clock } from '../ports/clock.ts';
import type { Probe } from '../ports/probe.ts';
import { SchedulerMeter } from '../ports/real/schedulerMeter.ts';
import type { Timers } from '../ports/timers.ts';

/** What sending one batch's replies takes where all of a turn's are sent between it and the next. */
const URING_SEND_US = 10;

/** A recording, and the thread it is of. */
export interface WatchedThread extends RecordingSource {
  /** Of the operating system; undefined where it does not tell. */
  readonly threadId: number | undefined;
}

export class ThreadObservation {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #sendsBehindTurns: boolean;
  #recorder: ShardRecorder | undefined;
  #databases = 0;
  #collections: PerformanceObserver | undefined;

  constructor(clock: Clock, timers: Timers, sendsBehindTurns: boolean) {
    this.#clock = clock;
    this.#timers = timers;
    this.#sendsBehindTurns = sendsBehindTurns;
  }

  /** As the shard wants it: called once. */
  readonly createProbe = (commands: number, databases: number): Probe => {
    const recorder = new ShardRecorder({ commands, databases }, this.#clock, this.#loop());
    this.#recorder = recorder;
    this.#databases = databases;
    // Told of some milliseconds late, which is why joins wait.
    this.#collections = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        recorder.worked('gc', startTime * 1000, (startTime + duration) * 1000, 0);
    });
    this.#collections.observe({ entryTypes: ['gc'] });
    return recorder;
  };

  #loop(): RecordedLoop {
    const timers = this.#timers;
    const scheduler = SchedulerMeter.open(ownThreadId());
    return {
      afterTurn: (callback) => timers.afterTurn(callback),
      idleUs: () => timers.idleUs(),
      sendBehindTurnUs: this.#sendsBehindTurns ? URING_SEND_US : 0,
      ...(scheduler === undefined ? {} : { withoutCoreUs: () => scheduler.waitedUs() }),
    };
  }

  /** @param commands full names of the table's commands, by number. */
  source(commands: readonly string[]): WatchedThread {
    return {
      buffer: this.#recorder!.regions.buffer,
      commands,
      databases: this.#databases,
      epochUs: this.#clock.nowUs() - this.#clock.monotonicUs(),
      threadId: ownThreadId(),
    };
  }

  stop(): void {
    this.#collections?.disconnect();
  }
}

/** `/proc/thread-self` leads to `1234/task/1240`. */
function ownThreadId(): number | undefined {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').at(-1));
  } catch {
    return undefined;
  }
}
