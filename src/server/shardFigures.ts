/** What a shard reports of itself ten times a second, for readers on other threads. */
import { FIGURES, type Figure, type ShardFigures } from '../ports/probe.ts';
import type { Client } from './clients/client.ts';
import type { ServerState } from './serverState.ts';

/** Clients looked at in one report: all of them take several, since one must stay short. */
const CLIENTS_PER_REPORT = 500;

const figureReaders: Record<Exclude<Figure, 'clientBufferBytes'>, (server: ServerState) => number> = {
  connectedClients: ({ clients }) => clients.size,
  connectionsReceived: ({ clients }) => clients.connectionsTotal,
  connectionsRejected: ({ clients }) => clients.connectionsRejected,
  keyspaceHits: ({ stats }) => stats.keyspaceHits,
  keyspaceMisses: ({ stats }) => stats.keyspaceMisses,
  expiredKeys: ({ stats }) => stats.expiredKeys,
  expiredFields: ({ stats }) => stats.expiredFields,
  evictedKeys: ({ stats }) => stats.evictedKeys,
  releasedObjects: ({ stats }) => stats.lazyfreedObjects,
  netInputBytes: ({ stats }) => stats.netInputBytes,
  netOutputBytes: ({ stats }) => stats.netOutputBytes,
  errorReplies: ({ stats }) => stats.errorReplies,
  protocolErrors: ({ stats }) => stats.protocolErrors,
  dirty: ({ dirty }) => dirty,
  usedMemoryBytes: (server) => server.usedMemoryBytes(),
  peakMemoryBytes: ({ stats }) => stats.peakMemoryBytes,
  maxMemoryBytes: ({ memoryLimitBytes }) => memoryLimitBytes,
  indexBytes: ({ databases }) => sum(databases, ({ keyspace }) => keyspace.indexBytes()),
  recordBytes: ({ databases }) =>
    sum(databases, ({ keyspace }) => keyspace.memoryBytes() - keyspace.indexBytes()),
  slackBytes: ({ storage, databases }) =>
    Math.max(
      0,
      storage.reservedBytes() -
        sum(databases, ({ keyspace }) => keyspace.memoryBytes() - keyspace.indexBytes()),
    ),
  collectionBytes: ({ storage }) => storage.collectionsBytes(),
  deadlineBytes: ({ databases }) => sum(databases, ({ deadlines }) => deadlines.memoryBytes()),
  pendingReleaseBytes: ({ disposal }) => disposal.keyspaceBytes(),
  heapBytes: ({ process }) => process.heapUsedBytes(),
  externalBytes: ({ process }) => process.externalBytes(),
  allocatedHeapBytes: ({ process }) => process.allocatedBytes(),
  collectionPauseUs: ({ process }) => process.gcPauseUs(),
  configurationChanges: ({ configuration }) => configuration.changes,
  nowMs: ({ context }) => context.nowMs,
};

export class FigureReport {
  readonly #server: ServerState;
  readonly #target: ShardFigures;
  readonly #readers: readonly ((server: ServerState) => number)[];
  /** Buffers of clients: of the last round through all of them, and of the one under way. */
  #bufferBytes = 0;
  #bufferBytesSoFar = 0;
  #clients: Iterator<Client> | undefined;

  constructor(server: ServerState, target: ShardFigures) {
    this.#server = server;
    this.#target = target;
    this.#readers = FIGURES.map((figure) =>
      figure === 'clientBufferBytes' ? () => this.#bufferBytes : figureReaders[figure],
    );
  }

  write(): void {
    const { stats, databases } = this.#server;
    const target = this.#target;
    this.#lookAtClients();
    for (let at = 0; at < this.#readers.length; at++) target.figures[at] = this.#readers[at]!(this.#server);
    target.calls.set(stats.callsByCommand);
    target.rejected.set(stats.rejectedByCommand);
    target.failed.set(stats.failedByCommand);
    target.executionUs.set(stats.timedUsByCommand);
    for (let index = 0; index < databases.length; index++) {
      const { keyspace } = databases[index]!;
      target.keys[index] = keyspace.count;
      target.expiringKeys[index] = keyspace.expiringCount;
    }
  }

  #lookAtClients(): void {
    this.#clients ??= this.#server.clients.all();
    for (let looked = 0; looked < CLIENTS_PER_REPORT; looked++) {
      const next = this.#clients.next();
      if (next.done) {
        this.#bufferBytes = this.#bufferBytesSoFar;
        this.#bufferBytesSoFar = 0;
        this.#clients = undefined;
        return;
      }
      const { link } = next.value;
      this.#bufferBytesSoFar += link.queryBufferCapacityBytes() + link.outputBufferBytes();
    }
  }
}

function sum<Item>(items: readonly Item[], bytesOf: (item: Item) => number): number {
  let bytes = 0;
  for (const item of items) bytes += bytesOf(item);
  return bytes;
}
