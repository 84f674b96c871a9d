/** Worker thread that owns a shard: the main thread keeps what must never show in the p99. */
import { parentPort, workerData } from 'node:worker_threads';
import { keepCompiledCode } from './compileCache.ts';
import type { MailLinks } from './mailboxes.ts';
import type { ShardOptions } from './shardProcess.ts';

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
export type WorkerOrder = 'drain' | 'close';

/** From the worker. */
export type WorkerReport =
  | { kind: 'ready'; listeners: { address: string; port: number }[]; flags: readonly string[] }
  | { kind: 'failed'; message: string }
  | { kind: 'shutdown' }
  | { kind: 'drained' };

const port = parentPort!;
const report = (message: WorkerReport): void => port.postMessage(message);

try {
  const { options, place } = workerData as WorkerStart;
  const shard = await startShard(options, () => report({ kind: 'shutdown' }), place);
  port.on('message', async (order: WorkerOrder) => {
    if (order === 'drain') {
      await shard.drain();
      report({ kind: 'drained' });
    } else {
      shard.close();
      port.close();
    }
  });
  report({
    kind: 'ready',
    listeners: shard.listeners.map(({ address, port: bound }) => ({ address, port: bound })),
    flags: shard.flags,
  });
} catch (error) {
  report({ kind: 'failed', message: (error as Error).message });
  if (!(error instanceof Error && 'code' in error && error.code === 'START')) throw error;
}
