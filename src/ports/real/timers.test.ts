/** Timers of both loops: in order, not early, cancellable. */
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { needing } from '../../../test/requirements.ts';
import type { Timers } from '../timers.ts';
import { NodeTimers } from './nodeTimers.ts';
import { UringSockets } from './uring/uringSockets.ts';

const uring = await UringSockets.open().catch(() => undefined);
const variants: [string, Timers | undefined][] = [
  ['Node', new NodeTimers()],
  ['io_uring', uring?.timers],
];

describe.each(variants)('timers of %s', (name, variant) => {
  const suite = variant === undefined ? describe.skip : describe;
  suite(needing('as the port promises', 'io_uring', variant && name), () => {
    const timers = variant!;
    const elapsed = (durationMs: number): Promise<void> =>
      new Promise((resolve) => void timers.after(durationMs, resolve));

    it('call once, in the order of their times, and never early', async () => {
      const called: number[] = [];
      const startedMs = performance.now();
      for (const durationMs of [40, 5, 60, 20])
        timers.after(durationMs, () => {
          // Node's timers count whole milliseconds.
          expect(performance.now() - startedMs).toBeGreaterThanOrEqual(durationMs - 1);
          called.push(durationMs);
        });
      await elapsed(80);
      expect(called).toEqual([5, 20, 40, 60]);
    });

    it('are silent once cancelled, before and after their time', async () => {
      const called: string[] = [];
      const cancelled = timers.after(5, () => called.push('cancelled'));
      const passed = timers.after(1, () => called.push('passed'));
      cancelled.cancel();
      await elapsed(20);
      passed.cancel();
      expect(called).toEqual(['passed']);
    });

    it('may set and cancel others while they run', async () => {
      const called: string[] = [];
      const victim = timers.after(10, () => called.push('victim'));
      timers.after(2, () => {
        victim.cancel();
        timers.after(0, () => called.push('set by a timer'));
      });
      await elapsed(30);
      expect(called).toEqual(['set by a timer']);
    });

    it('leave messages, promises and immediates their turn', async () => {
      const long = timers.after(60_000, () => {});
      const { port1, port2 } = new MessageChannel();
      const received = new Promise((resolve) => port2.once('message', resolve));
      await new Promise((resolve) => setImmediate(resolve));
      port1.postMessage('hello');
      expect(await received).toBe('hello');
      port1.close();
      long.cancel();
    });
  });
});
