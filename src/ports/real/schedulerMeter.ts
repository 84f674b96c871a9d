/**
 * How long a thread was ready to run and waited for a core, from the kernel's scheduler (`/proc/.../schedstat`: nanoseconds on a core,
 * nanoseconds waiting, time slices). One read of a kept descriptor takes two microseconds and allocates nothing.
 */
import { closeSync, openSync, readSync } from 'node:fs';

const SPACE = 0x20;
const ZERO = 0x30;

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

  /** Microseconds since the thread began. */
  waitedUs(): number {
    const text = this.#text;
    const length = readSync(this.#descriptor, text, 0, text.length, 0);
    let waitedNs = 0;
    for (let at = text.indexOf(SPACE) + 1; at < length && text[at] !== SPACE; at++)
      waitedNs = waitedNs * 10 + (text[at]! - ZERO);
    return waitedNs / 1000;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
