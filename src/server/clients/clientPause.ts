/**
 * CLIENT PAUSE at work: requests that must wait stop their connection, and all go on when the time is over. As in Redis a pause of all
 * commands holds those about the pause as well.
 */
import type { Arguments } from '../commands/arguments.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import type { ServerState } from '../serverState.ts';
import type { Client } from './client.ts';

/** What is refused anyway is refused at once. */
const isRunnable = (client: Client, { count }: Arguments, entry: CommandEntry): boolean =>
  entry.execute !== undefined &&
  count >= entry.arityMin &&
  count <= entry.arityMax &&
  (client.authenticated || entry.allowedUnauthenticated) &&
  (client.subscriptions === undefined || client.protocol === 3 || entry.allowedSubscribed);

const endsHeldTransaction = ({ transaction }: Client, entry: CommandEntry): boolean =>
  transaction?.isHeldAsWrite === true && entry.fullName === 'exec';

export class ClientPause {
  readonly #server: ServerState;

  constructor(server: ServerState) {
    this.#server = server;
  }

  /** True if this request must wait; its connection then stops until the pause ends. */
  holds(client: Client, args: Arguments, entry: CommandEntry | undefined): boolean {
    const { clients, context } = this.#server;
    if (clients.pausedUntilMs === 0) return false;
    if (clients.pausedUntilMs <= context.nowMs) {
      this.tick(context.nowMs);
      return false;
    }
    if (entry === undefined || !isRunnable(client, args, entry)) return false;
    if (clients.pauseWritesOnly && !entry.isHeldAsWrite && !endsHeldTransaction(client, entry)) return false;
    clients.held.add(client);
    client.lastCommand = entry.fullName;
    client.link.setPaused(true);
    return true;
  }

  /** Lets everyone go on once the pause is over. */
  tick(nowMs: number): void {
    const { clients } = this.#server;
    if (clients.pausedUntilMs > nowMs) return;
    clients.pausedUntilMs = 0;
    if (clients.held.size === 0) return;
    const waiting = [...clients.held];
    clients.held.clear();
    for (const client of waiting) if (!client.closing) client.link.setPaused(false);
  }
}
