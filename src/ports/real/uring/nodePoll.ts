/**
 * The descriptor that libuv waits on in this thread.
 *
 * A thread that blocks in io_uring sees nothing of what Node waits for: messages from other threads, signals, finished file
 * operations. All of that makes libuv's epoll descriptor readable, so the ring polls it, and the loop gives way to Node when
 * there is something for Node to do: nobody has to ring a doorbell of ours.
 *
 * Node does not tell which descriptor that is, but /proc/self/fdinfo lists what each epoll descriptor watches: a pipe that only this
 * thread's Node watches gives it away.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import type { SystemCalls } from './systemCalls.ts';

const FDINFO = '/proc/self/fdinfo';

/** Undefined where it cannot be found: no /proc, or a libuv that does not wait by epoll. */
export async function findNodePollFd(calls: SystemCalls): Promise<number | undefined> {
  const { readFd, writeFd } = calls.pipe();
  const watched = new Socket({ fd: readFd, readable: true, writable: false });
  try {
    watched.resume();
    // libuv tells the kernel what it watches when it next waits: after one whole round of the event loop.
    for (let round = 0; round < 2; round++) await new Promise((resolve) => setImmediate(resolve));
    return watcherOf(readFd);
  } finally {
    watched.destroy();
    calls.close(writeFd);
  }
}

function watcherOf(fd: number): number | undefined {
  const entry = new RegExp(`^tfd:\\s+${fd}\\s`, 'm');
  return namesIn(FDINFO)
    .map(Number)
    .find((candidate) => entry.test(textOf(`${FDINFO}/${candidate}`)));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Descriptors come and go while the list is read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
