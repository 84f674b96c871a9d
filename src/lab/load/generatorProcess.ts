/**
 * Starts the generator as a process of its own, gives it a job, passes its messages on and returns its result.
 *
 * The generator ends when its stdin does, so it cannot outlive this process, however that ends.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pinned } from '../targets/childProcess.ts';
import type { FailureMessage, GeneratorMessage, LoadJob, LoadResult, RunnerMessage } from './protocol.ts';

const generatorProgram = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../main/generator.ts',
);

/**
 * Each write allocates about a kilobyte of short-lived objects in Node's streams. With the default young generation that is
 * 20 collections a second at 30,000 requests a second, a third of a millisecond each, in which nothing is sent; with this
 * one it is two.
 */
const heapArguments = ['--min-semi-space-size=64', '--max-semi-space-size=64', '--single-threaded-gc'];

export interface RunLoadOptions {
  /** CPUs for the generator; absent leaves it where the scheduler puts it. */
  cpus?: readonly number[];
  /** Every message but the last (`result`). At `phase: measure` and `phase: drain` read the target's /proc counters, synchronously. */
  onMessage?: (message: GeneratorMessage) => void;
  /** Aborting asks the generator to stop; the result then covers what was measured, `endedBy` is `stopped`. */
  signal?: AbortSignal;
  /** Whether the measured part's intervals are wanted while it runs; asked at every message, so that none is sent when nobody looks. */
  isWatched?: () => boolean;
  /** More arguments for node itself (`--cpu-prof`). */
  nodeArguments?: readonly string[];
}

/** The job failed; `code` as in FailureMessage, `died` if the process ended without a word. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
  readonly code: FailureMessage['code'] | 'died';

  constructor(code: FailureMessage['code'] | 'died', text: string) {
    super(text);
    this.code = code;
  }
}

/** Runs one job to its end. @throws LoadError. */
export function runLoad(job: LoadJob, options: RunLoadOptions = {}): Promise<LoadResult> {
  const command = pinned(
    [process.execPath, ...heapArguments, ...(options.nodeArguments ?? []), generatorProgram],
    options.cpus ?? [],
  );
  return new Promise((resolve, reject) => {
    const child = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    let result: LoadResult | undefined;
    let failure: FailureMessage | undefined;
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString()).slice(-4096);
    });
    child.stdin.on('error', () => {});
    const tell = (type: RunnerMessage['type']): void => {
      child.stdin.write(`${JSON.stringify({ type } satisfies RunnerMessage)}\n`);
    };
    const stop = (): void => tell('stop');
    let watched = false;
    const lines = createInterface({ input: child.stdout });
    const linesRead = new Promise<void>((read) => lines.once('close', read));
    lines.on('line', (line) => {
      const message = JSON.parse(line) as GeneratorMessage;
      if (message.type === 'result') result = message.result;
      else {
        if (message.type === 'failure') failure = message;
        options.onMessage?.(message);
        if ((options.isWatched?.() ?? false) !== watched) {
          watched = !watched;
          tell(watched ? 'watch' : 'unwatch');
        }
      }
    });
    child.once('error', (error) =>
      reject(new LoadError('died', `could not start the generator: ${error.message}`)),
    );
    child.once('exit', async (code, signal) => {
      options.signal?.removeEventListener('abort', stop);
      await linesRead;
      if (result) resolve(result);
      else if (failure) reject(new LoadError(failure.code, failure.text));
      else {
        const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
        reject(new LoadError('died', `the generator ${how} without a result. ${stderr.trim()}`));
      }
    });
    child.stdin.write(`${JSON.stringify(job)}\n`);
    if (options.signal?.aborted) stop();
    else options.signal?.addEventListener('abort', stop, { once: true });
  });
}
