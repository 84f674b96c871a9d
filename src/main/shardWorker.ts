/** Worker thread that owns the shard (`--threads 1`): the main thread keeps what must never show in the p99. */
import { parentPort, workerData } from 'node:worker_threads';
import { keepCompiledCode } from './compileCache.ts';
import type { ShardOptions } from './shardProcess.ts';

keepCompiledCode();
const { startShard } = await import('./shardProcess.ts');

/** From the worker. */
export type WorkerReport =
  | { kind: 'ready'; listeners: { address: string; port: number }[]; flags: readonly string[] }
  | { kind: 'failed'; message: string }
  | { kind: 'shutdown' }
  | { kind: 'drained' };

const port = parentPort!;
const report = (message: WorkerReport): void => port.postMessage(message);

try {
  const shard = await startShard(workerData as ShardOptions, () => report({ kind: 'shutdown' }));
  port.on('message', async () => {
    await shard.drain();
    report({ kind: 'drained' });
    port.close();
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
