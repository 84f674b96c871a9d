/** The end of a transaction, whatever became of it. */
import type { ServerState } from '../serverState.ts';
import type { Client } from './client.ts';

/** Forgets what was queued, and what was watched for it. */
export function discardTransaction(server: ServerState, client: Client): void {
  client.transaction = undefined;
  unwatch(server, client);
}

/** Forgets what is watched. */
export function unwatch({ keyEvents }: ServerState, client: Client): void {
  client.remoteWatch?.release();
  client.remoteWatch = undefined;
  if (client.watch === undefined) return;
  keyEvents.watched.remove(client.watch);
  client.watch = undefined;
}
