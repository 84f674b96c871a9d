/** An open loop's warm-up and measured part, watched from the spinning loop itself: no timer comes between two sends. */
import { LatencyTable } from '../measurement/latencyTable.ts';
import type { MeasuredPart } from './loadResult.ts';
import { OpenLoopSender } from './openLoop.ts';
import type { LoadResult, OpenLoop } from './protocol.ts';
import { drain, MeasuredWindow, type RunContext, WarmUpWindows } from './runContext.ts';
import { Schedule } from './schedule.ts';

/** Arrivals must not follow the numbers that drew keys and commands. */
const arrivalsSeedOffset = 2;

export function runOpen(context: RunContext, openLoop: OpenLoop): Promise<MeasuredPart> {
  const { job, effects } = context;
  const recorder = MeasuredWindow.recorderFor(job, true);
  const lateness = new LatencyTable();
  const warmUp = new WarmUpWindows(context, true);
  let warmUpRequests = 0;
  let windowEndNs = warmUp.startNs + warmUp.windowMs * 1e6;
  let window: MeasuredWindow | undefined;
  return new Promise((resolve, reject) => {
    const beginMeasure = (): void => {
      warmUpRequests = loop.sent;
      window = new MeasuredWindow(context, recorder);
      loop.beginCounting({
        recorder,
        lateness,
        fromNs: window.startNs,
        endNs: window.endNs,
        sentMax: job.requestsMax,
      });
    };
    const warmUpTurn = (nowNs: number): void => {
      if (nowNs < windowEndNs) return;
      windowEndNs = nowNs + warmUp.windowMs * 1e6;
      const { done } = warmUp.judge(loop.recorder, nowNs);
      loop.recorder = warmUp.newRecorder();
      if (done || context.stopRequested() || loop.overloaded) beginMeasure();
    };
    const endedBy = (nowNs: number, measured: MeasuredWindow): LoadResult['endedBy'] | undefined => {
      if (loop.overloaded) return 'overload';
      if (context.stopRequested()) return 'stopped';
      if (loop.sent >= loop.sentMax) return 'requests-max';
      return nowNs >= measured.endNs ? 'duration' : undefined;
    };
    const onTurn = (nowNs: number): void => {
      if (!window) {
        warmUpTurn(nowNs);
        return;
      }
      const ended = endedBy(nowNs, window);
      if (ended === undefined) {
        window.tell(nowNs, loop.answered);
        return;
      }
      loop.stop();
      const { busyNs, answered: answeredInTime } = loop;
      const part = window.close(loop.sent, lateness);
      const summary = warmUp.summary(window.startNs, warmUpRequests);
      drain(effects, () => loop.inFlight === 0).then(() => {
        const { answered, inFlight: unanswered } = loop;
        resolve({ ...part, endedBy: ended, answered, answeredInTime, unanswered, busyNs, warmup: summary });
      }, reject);
    };
    const loop = new OpenLoopSender({
      monotonicNs: effects.monotonicNs,
      connections: context.connections,
      schedule: new Schedule(openLoop, job.connections, warmUp.startNs, job.seed + arrivalsSeedOffset),
      recorder: warmUp.newRecorder(),
      positions: context.positions,
      batchMax: context.batchMax,
      onTurn,
    });
    if (warmUp.wanted) effects.emit({ type: 'phase', phase: 'warmup' });
    else beginMeasure();
    loop.start();
  });
}
