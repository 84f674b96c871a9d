/**
 * The load generator's program: one JSON line with a job on stdin, one JSON line per message on stdout
 * (`src/lab/load/protocol.ts`). Started by `generatorProcess.ts`, never by hand; `evenkeel load` is the program for people.
 *
 * It outlives neither its job nor its parent: when stdin ends, it ends.
 */
import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { LoadRun } from '../lab/load/loadRun.ts';
import type { FailureMessage, GeneratorMessage, LoadJob, RunnerMessage } from '../lab/load/protocol.ts';
import { LoadFailure } from '../lab/load/runContext.ts';
import { parseWorkload, WorkloadError } from '../lab/workloads/workload.ts';

/** Synchronous, so that the last line is out before the process ends; a full pipe is waited for. */
function emit(message: GeneratorMessage): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(1);
      if (code !== 'EAGAIN') throw error;
    }
  }
}

function cpusAllowed(): string {
  try {
    return /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

function failureOf(error: unknown): FailureMessage {
  if (error instanceof LoadFailure) return { type: 'failure', code: error.code, text: error.message };
  if (error instanceof WorkloadError || error instanceof SyntaxError) {
    return { type: 'failure', code: 'bad-job', text: error.message };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { type: 'failure', code: 'internal', text };
}

async function carryOut(line: string, started: (run: LoadRun) => void): Promise<void> {
  try {
    const job = JSON.parse(line) as LoadJob;
    job.workload = parseWorkload(job.workload);
    const run = new LoadRun(job, {
      monotonicNs: () => performance.now() * 1e6,
      cpuUs: () => process.cpuUsage(),
      nowUnixMs: () => Date.now(),
      cpusAllowed,
      emit,
    });
    started(run);
    emit({ type: 'result', result: await run.run() });
    process.exit(0);
  } catch (error) {
    emit(failureOf(error));
    process.exit(1);
  }
}

function obey(run: LoadRun, { type }: RunnerMessage): void {
  if (type === 'stop') run.stop();
  else run.isWatched = type === 'watch';
}

let current: LoadRun | undefined;
let received = false;
// Ctrl-C reaches the whole process group; the parent decides and says `stop`.
process.on('SIGINT', () => {});
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  if (received) {
    if (current !== undefined) obey(current, JSON.parse(line) as RunnerMessage);
    return;
  }
  received = true;
  void carryOut(line, (run) => {
    current = run;
  });
});
lines.on('close', () => process.exit(received ? 2 : 1));
