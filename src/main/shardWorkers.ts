/**
 * The threads that own the shards: one each. They are started, told to drain and closed together, because half a server is no server:
 * if one dies, the process says which and why, and goes with it.
 */
import { totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { linkShards } from './mailboxes.ts';
import type { RunningShard, ShardOptions } from './shardProcess.ts';
import type { WorkerOrder, WorkerReport, WorkerStart } from './shardWorker.ts';
import type { Capture, CaptureOrder } from './threadProfiler.ts';

/** EX_SOFTWARE: an internal fault, not the operator's. */
const EXIT_CODE_FAULT = 70;

/**
 * The heaps may take most of the machine's memory: V8's default of 4 GB would end a server without `arena-storage` near 10 million
 * keys. The main thread's is fixed when Node starts (`--threads 0` keeps the default; NODE_OPTIONS=--max-old-space-size changes it).
 * `maxmemory` is the limit meant for operators.
 */
const HEAPS_LIMIT_MB = Math.floor((totalmem() * 0.8) / (1024 * 1024));

type ListeningShard = Pick<RunningShard, 'listeners' | 'flags' | 'watched'>;

interface ShardThread {
  readonly worker: Worker;
  readonly ready: Promise<ListeningShard>;
  readonly drained: Promise<void>;
  capture(order: CaptureOrder): Promise<Capture>;
  /** Ends the thread at once: another one could not start. */
  abandon(): void;
}

/** All shards, once each listens. */
export async function startWorkers(options: ShardOptions, stop: () => void): Promise<RunningShard> {
  const { shards } = options;
  const links = shards === 1 ? [] : await linkShards(new Set(options.flags), shards);
  const connectionCount = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const start = (index: number): ShardThread =>
    startThread(
      {
        options,
        place: shards === 1 ? undefined : { index, links: links[index]!, connectionCount },
      },
      index,
      stop,
    );
  // The first finds out whether the port is free; the others then share it.
  const threads = [start(0)];
  const { listeners, flags } = await threads[0]!.ready;
  for (let index = 1; index < shards; index++) threads.push(start(index));
  let watched: RunningShard['watched'];
  try {
    watched = (await Promise.all(threads.map(({ ready }) => ready))).flatMap((shard) => shard.watched);
  } catch (error) {
    for (const { abandon } of threads) abandon();
    throw error;
  }
  const tellAll = (order: WorkerOrder): void => {
    for (const { worker } of threads) worker.postMessage(order);
  };
  return {
    listeners,
    flags,
    watched,
    capture: (order) => Promise.all(threads.map((thread) => thread.capture(order))),
    async drain() {
      tellAll('drain');
      // Until the last has drained, all answer each other's mail.
      await Promise.all(threads.map(({ drained }) => drained));
      tellAll('close');
    },
  };
}

function startThread(start: WorkerStart, index: number, stop: () => void): ShardThread {
  const { place, options } = start;
  const worker = new Worker(new URL('./shardWorker.ts', import.meta.url), {
    workerData: start,
    transferList: place === undefined ? [] : place.links.ports.filter((port) => port !== undefined),
    resourceLimits: { maxOldGenerationSizeMb: Math.floor(HEAPS_LIMIT_MB / options.shards) },
  });
  const name = options.shards === 1 ? 'the shard' : `shard ${index}`;
  const ready = Promise.withResolvers<ListeningShard>();
  const drained = Promise.withResolvers<void>();
  let captured = Promise.withResolvers<Capture>();
  let mayEnd = false;
  const die = (reason: string): void => {
    process.stderr.write(`evenkeel: the thread of ${name} died: ${reason}\n`);
    process.exit(EXIT_CODE_FAULT);
  };
  worker.on('message', (report: WorkerReport) => {
    switch (report.kind) {
      case 'failed':
        mayEnd = true;
        return ready.reject(new Error(report.message));
      case 'shutdown':
        return stop();
      case 'captured':
        return captured.resolve(report.capture);
      case 'capture-failed':
        return captured.reject(new Error(report.message));
      case 'drained':
        mayEnd = true;
        return drained.resolve();
      case 'ready':
        return ready.resolve(report);
    }
  });
  worker.on('error', (error) => die(error.stack ?? error.message));
  worker.on('exit', (code) => {
    if (!mayEnd) die(`it ended with code ${code}`);
  });
  const abandon = (): void => {
    mayEnd = true;
    void worker.terminate();
  };
  const capture = (order: CaptureOrder): Promise<Capture> => {
    captured = Promise.withResolvers<Capture>();
    worker.postMessage(order);
    return captured.promise;
  };
  return { worker, ready: ready.promise, drained: drained.promise, capture, abandon };
}
