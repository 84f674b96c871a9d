/** The sizes that INFO and MEMORY report, read once each so that they fit together. */
import type { ServerState } from '../../../serverState.ts';

export interface MemoryMeasures {
  /** Charged to keys, values and their index: what maxmemory compares. */
  readonly usedBytes: number;
  readonly peakBytes: number;
  /** Of the process, from the operating system. */
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** Outside the JavaScript heap: array buffers, the key storage among them. */
  readonly externalBytes: number;
  /** Held by key storage, its free parts included. */
  readonly storageReservedBytes: number;
  /** Buffers of connections. */
  readonly clientBytes: number;
  readonly keyCount: number;
}

export function measureMemory(server: ServerState): MemoryMeasures {
  const usedBytes = server.usedMemoryBytes();
  let clientBytes = 0;
  for (const { link } of server.clients.all())
    clientBytes += link.queryBufferCapacityBytes() + link.outputBufferBytes();
  let keyCount = 0;
  for (const { keyspace } of server.databases) keyCount += keyspace.count;
  return {
    usedBytes,
    peakBytes: Math.max(usedBytes, server.stats.peakMemoryBytes),
    residentBytes: server.process.rssBytes(),
    heapBytes: server.process.heapUsedBytes(),
    externalBytes: server.process.externalBytes(),
    storageReservedBytes: server.storage.reservedBytes(),
    clientBytes,
    keyCount,
  };
}
