/** What a session holds beside its connection, given back: when the connection has ended, and for RESET. */
import type { ServerState } from '../serverState.ts';
import type { Client } from './client.ts';
import { discardTransaction } from './endTransaction.ts';

export function endSession(server: ServerState, client: Client): void {
  server.monitors.remove(client);
  server.channels.forget(client);
  server.tracking.stop(client);
  if (client.blocked !== undefined) server.blocked.remove(client.blocked);
  client.remoteWait?.cancel();
  discardTransaction(server, client);
}
