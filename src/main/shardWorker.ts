/** Worker thread that owns a shard: the main thread keeps what must never show in the p99. */
import { parentPort, workerData } from 'node:worker_threads';
import { keepCompiledCode } from './compileCache.ts';
import type { MailLinks } from './mailboxes.ts';
import type { WatchedThread } from './observation.ts';
import type { RunningShard, ShardOptions } from './shardProcess.ts';
import type { Capture, CaptureOrder } from './threadProfiler.ts';

keepCompiledCode();
const { startShard } = await import('./shardProcess.ts');

/** What a worker is started with. */
export interface WorkerStart {
  options: ShardOptions;
  /** Undefined for the only shard of one. */
  place: ShardPlace | undefined;
}

/** A shard's place among several; plain data, ports and shared memory, so that it can cross to the worker. */
export interface ShardPlace {
  index: number;
  links: MailLinks;
  connectionCount: Int32Array;
}

/** To the worker: `close` ends it once all shards have drained. */
export type WorkerOrder = 'drain' | 'close' | CaptureOrder;

/** From the worker. */
export type WorkerReport =
  | {
      kind: 'ready';
      listeners: RunningShard['listeners'];
      flags: readonly string[];
      watched: readonly WatchedThread[];
    }
  | { kind: 'failed'; message: string }
  | { kind: 'shutdown' }
  | { kind: 'captured'; capture: Capture }
  | { kind: 'capture-failed'; message: string }
  | { kind: 'drained' };

const port = parentPort!;
const report = (message: WorkerReport): void => port.postMessage(message);

try {
  const { options, place } = workerData as WorkerStart;
  const shard = await startShard(options, () => report({ kind: 'shutdown' }), place);
  port.on('message', async (order: WorkerOrder) => {
    if (typeof order === 'object') {
      await shard.capture(order).then(
        ([capture]) => report({ kind: 'captured', capture: capture! }),
        (error: Error) => report({ kind: 'capture-failed', message: error.message }),
      );
    } else if (order === 'drain') {
      await shard.drain();
      report({ kind: 'drained' });
    } else {
      shard.close();
      port.close();
    }
  });
  report({
    kind: 'ready',
    listeners: shard.listeners.map(({ address, kind, port: bound }) => ({ address, kind, port: bound })),
    flags: shard.flags,
    watched: shard.watched,
  });
} catch (error) {
  report({ kind: 'failed', message: (error as Error).message });
  if (!(error instanceof Error && 'code' in error && error.code === 'START')) throw error;
}
