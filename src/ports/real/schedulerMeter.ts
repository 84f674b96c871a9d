/**
 * How long a thread has run, and was ready to run and waited for a core, from the kernel's scheduler (`/proc/.../schedstat`: nanoseconds on a
 * core, nanoseconds waiting, time slices). One read of a kept descriptor takes two microseconds.
 */
import { closeSync, openSync, readSync } from 'node:fs';

/** Microseconds. */
export interface SchedulerTimes {
  readonly ranUs: number;
  readonly waitedUs: number;
}

export class SchedulerMeter {
  readonly #descriptor: number;
  readonly #text = Buffer.alloc(128);

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  /** Undefined where the system does not tell. @param threadId of this process. */
  static open(threadId: number | undefined): SchedulerMeter | undefined {
    if (threadId === undefined) return undefined;
    try {
      return new SchedulerMeter(openSync(`/proc/self/task/${threadId}/schedstat`, 'r'));
    } catch {
      return undefined;
    }
  }

  /** Since the thread began. */
  read(): SchedulerTimes {
    const length = readSync(this.#descriptor, this.#text, 0, this.#text.length, 0);
    const [ranNs, waitedNs] = this.#text.toString('latin1', 0, length).split(' ');
    return { ranUs: Number(ranNs) / 1000, waitedUs: Number(waitedNs) / 1000 };
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
