/** Answers clients whose commands had to wait, each beside whose turn it is. */
import type { BlockedClient, BlockedService, Dismissal } from '../clients/blockedClients.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import type { ServerState } from '../serverState.ts';
import type { RespEncoder } from './respEncoder.ts';

export class BlockedReplies implements BlockedService {
  readonly #server: ServerState;
  readonly #encoder: RespEncoder;
  readonly #dispatcher: Dispatcher;

  constructor(server: ServerState, encoder: RespEncoder, dispatcher: Dispatcher) {
    this.#server = server;
    this.#encoder = encoder;
    this.#dispatcher = dispatcher;
  }

  isWorthwhile({ wait }: BlockedClient, key: Uint8Array): boolean {
    if (wait.untilRemoved === true) return true;
    const database = this.#server.databases[wait.dbIndex]!;
    const ref = database.peekBytes(key, 0, key.length);
    return ref !== 0 && database.keyspace.type(ref) === wait.type;
  }

  retry(blocked: BlockedClient): boolean {
    this.#encoder.beginReply();
    this.#dispatcher.retry(blocked);
    const reply = this.#encoder.takeReply();
    if (reply.length === 0) return false;
    this.#deliver(blocked, reply);
    return true;
  }

  dismiss(blocked: BlockedClient, how: Dismissal): void {
    const encoder = this.#encoder;
    encoder.beginReply();
    encoder.protocol = blocked.client.protocol;
    if (how === 'timeout') encoder.nilArray();
    else encoder.error('UNBLOCKED client unblocked via CLIENT UNBLOCK');
    this.#deliver(blocked, encoder.takeReply());
  }

  #deliver(blocked: BlockedClient, reply: Uint8Array): void {
    const { client } = blocked;
    if (client.replyMode === 'on') blocked.deliver(reply);
    this.#server.tracking.settle(client);
    const { pushes } = client;
    client.pushes = undefined;
    for (const push of pushes ?? []) client.link.send(push);
  }
}
