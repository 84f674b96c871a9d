/** Flag `connection-affinity`: without it the kernel spreads connections and threads as it sees fit, and nothing is loaded. */

import type { Log } from '../ports/log.ts';
import type { Listener } from '../ports/net.ts';
import type { ConnectionAffinity } from '../ports/real/connectionAffinity.ts';
import type { ShardPlace } from './shardWorker.ts';

/**
 * Pins the calling thread, for one of several shards. `refused` is called, with the reason, where the machine cannot do it: then the kernel
 * spreads the connections.
 */
export async function loadAffinity(
  flags: ReadonlySet<string>,
  place: ShardPlace | undefined,
  refused: (flag: string, reason: string) => void,
): Promise<ConnectionAffinity | undefined> {
  if (place === undefined || !flags.has('connection-affinity')) return undefined;
  const { ConnectionAffinity } = await import('../ports/real/connectionAffinity.ts');
  try {
    const affinity = await ConnectionAffinity.open();
    affinity.pin(place.index);
    return affinity;
  } catch (error) {
    refused('connection-affinity', (error as Error).message);
    return undefined;
  }
}

/** Where the kernel knows no such filter its own spreading stays, and the log says so. */
export function dealConnections(
  affinity: ConnectionAffinity,
  listeners: readonly Listener[],
  shards: number,
  log: Log,
): void {
  try {
    for (const { fd } of listeners) affinity.deal(fd, shards);
  } catch (error) {
    log.write('warning', `connection-affinity: ${(error as Error).message}; the kernel spreads connections`);
  }
}
