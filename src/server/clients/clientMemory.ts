/**
 * maxmemory-clients: what connections hold together, and who has to go when it is too much: the largest first, as in Redis, but not who said
 * CLIENT NO-EVICT. Kept by difference at the end of each turn that moved a client's buffers, and anew at each tick; without a limit nothing
 * is counted.
 */
import type { Log } from '../../ports/log.ts';
import type { ServerStats } from '../serverStats.ts';
import type { Client } from './client.ts';
import type { ClientRegistry } from './registry.ts';

/** A connection besides its buffers (session, socket and decoder objects): an estimate, the heap does not say. */
const CONNECTION_BYTES = 2048;
/** Redis's smallest limit: below it nobody could mend the setting. */
const LIMIT_BYTES_MIN = 128 * 1024;

/** All that a connection holds, with an estimate of its objects. */
export const clientBytes = ({ link, transaction }: Client): number =>
  CONNECTION_BYTES +
  (transaction?.memoryBytes ?? 0) +
  link.queryBufferCapacityBytes() +
  link.outputBufferBytes();

/** @param setting maxmemory-clients: bytes, or a percentage of `maxmemoryBytes` as its negative. 0 is no limit. */
export function clientLimitBytes(setting: number, maxmemoryBytes: number): number {
  if (setting === 0 || (setting < 0 && maxmemoryBytes === 0)) return 0;
  const bytes = setting < 0 ? Math.floor((maxmemoryBytes * -setting) / 100) : setting;
  return Math.max(bytes, LIMIT_BYTES_MIN);
}

export class ClientMemory {
  /** 0 is no limit. */
  limitBytes = 0;
  readonly #registry: ClientRegistry;
  readonly #stats: ServerStats;
  readonly #log: Log;
  #charged = new Map<Client, number>();
  #totalBytes = 0;

  constructor(registry: ClientRegistry, stats: ServerStats, log: Log) {
    this.#registry = registry;
    this.#stats = stats;
    this.#log = log;
  }

  /** A client's buffers may have changed. */
  note(client: Client): void {
    if (this.limitBytes === 0) return;
    this.#charge(client);
    if (this.#totalBytes >= this.limitBytes) this.#evict();
  }

  /** Those who have left are forgotten, those whose replies were taken charged less. */
  tick(): void {
    this.#charged = new Map();
    this.#totalBytes = 0;
    if (this.limitBytes === 0) return;
    for (const client of this.#registry.all()) this.#charge(client);
    if (this.#totalBytes >= this.limitBytes) this.#evict();
  }

  #charge(client: Client): void {
    const bytes = client.closing ? 0 : clientBytes(client);
    this.#totalBytes += bytes - (this.#charged.get(client) ?? 0);
    this.#charged.set(client, bytes);
  }

  #evict(): void {
    const largestFirst = [...this.#charged].sort(([, a], [, b]) => b - a);
    for (const [client] of largestFirst) {
      if (this.#totalBytes < this.limitBytes) return;
      if (client.noEvict || client.closing) continue;
      this.#log.write(
        'notice',
        `Evicting client ${client.id} (${client.link.address}): maxmemory-clients exceeded.`,
      );
      client.link.closeNow();
      this.#stats.evictedClients++;
      this.#charge(client);
    }
  }
}
