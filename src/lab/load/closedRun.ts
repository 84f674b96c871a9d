/** A closed loop's warm-up and measured part. Timers suffice to watch it: the load itself is driven by the replies. */
import { LatencyTable } from '../measurement/latencyTable.ts';
import { ClosedLoop } from './closedLoop.ts';
import type { MeasuredPart } from './loadResult.ts';
import type { LoadResult } from './protocol.ts';
import { drain, MeasuredWindow, type RunContext, sleepMs, WarmUpWindows } from './runContext.ts';

/** How often the end is looked for. */
const tickMs = 20;

export async function runClosed(context: RunContext, pipeline: number): Promise<MeasuredPart> {
  const { job, effects, connections } = context;
  const { monotonicNs } = effects;
  const recorder = MeasuredWindow.recorderFor(job, false);
  const warmUp = new WarmUpWindows(context, false);
  const loop = new ClosedLoop(monotonicNs, pipeline, warmUp.newRecorder(), context.positions);
  if (warmUp.wanted) {
    effects.emit({ type: 'phase', phase: 'warmup' });
    loop.start(connections);
    for (let done = false; !done && !context.stopRequested(); ) {
      await sleepMs(warmUp.windowMs);
      done = warmUp.judge(loop.recorder, monotonicNs()).done;
      loop.recorder = warmUp.newRecorder();
    }
  }
  const warmUpRequests = loop.sent;
  const window = new MeasuredWindow(context, recorder);
  loop.recorder = recorder;
  loop.sent = 0;
  loop.sentMax = job.requestsMax;
  if (!warmUp.wanted && job.measureSec > 0) loop.start(connections);
  const allAnswered = (): boolean => connections.every((connection) => connection.outstanding === 0);
  let endedBy: LoadResult['endedBy'] = 'duration';
  for (let nowNs = monotonicNs(); nowNs < window.endNs; nowNs = monotonicNs()) {
    if (context.stopRequested()) {
      endedBy = 'stopped';
      break;
    }
    if (loop.sent >= loop.sentMax) {
      endedBy = 'requests-max';
      if (allAnswered()) break;
    }
    window.tell(nowNs, loop.sent);
    await sleepMs(Math.min(tickMs, Math.max(0, (window.endNs - nowNs) / 1e6)));
  }
  loop.sending = false;
  loop.recording = false;
  const part = window.close(loop.sent, new LatencyTable());
  // A counted run ended with its last answer, not at the tick that noticed.
  if (endedBy === 'requests-max') part.wallNs = loop.answeredNs - window.startNs;
  const answered = recorder.intervals.reduce((sum, interval) => sum + interval.answered, 0);
  await drain(effects, allAnswered);
  return {
    ...part,
    endedBy,
    answered,
    answeredInTime: answered,
    // A batch still out when the time was up is normal; one that never comes is not.
    unanswered: connections.reduce((sum, connection) => sum + connection.outstanding, 0),
    busyNs: (part.cpuUserUs + part.cpuSystemUs) * 1000,
    warmup: warmUp.summary(window.startNs, warmUpRequests),
  };
}
