/**
 * MULTI, WATCH and EXEC where keys live on several shards. What is queued waits where the client is connected; EXEC sends all of it to the one
 * shard that owns its keys, which runs it in one go. As in Redis Cluster, keys of different shards cannot be in one transaction.
 *
 * Keys watched on another shard are watched there, under the name of this client's session, until EXEC, DISCARD, UNWATCH or the end of
 * the connection.
 */

import { fromLatin1 } from '../../base/bytes.ts';
import type { Client } from '../clients/client.ts';
import { discardTransaction } from '../clients/endTransaction.ts';
import { Arguments } from '../commands/arguments.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import type { ServerState } from '../serverState.ts';
import type { Correspondence } from './correspondence.ts';
import { BUNDLE, SESSION } from './mail.ts';
import { CROSS_SLOT, HERE, REFUSED, type RequestRouter, SPLIT } from './requestRoute.ts';

/** Commands without keys that a transaction may take to another shard: they concern neither this connection nor all shards. */
const ANYWHERE = new Set(['ping', 'echo', 'time', 'publish', 'spublish']);

export class ShardedTransactions {
  /** After REFUSED: the error. */
  refusal = '';
  readonly #server: ServerState;
  readonly #router: RequestRouter;
  readonly #correspondence: Correspondence;

  constructor(server: ServerState, router: RequestRouter, correspondence: Correspondence) {
    this.#server = server;
    this.#router = router;
    this.#correspondence = correspondence;
  }

  /** Whether the request is a part of a transaction, or watches for one. */
  concerns({ transaction }: Client, { endsTransaction, fullName }: CommandEntry): boolean {
    return transaction !== undefined ? !endsTransaction || fullName === 'exec' : fullName === 'watch';
  }

  /** As RequestRouter.route. */
  route(client: Client, entry: CommandEntry, args: Arguments): number {
    const { transaction } = client;
    if (entry.fullName === 'watch') return this.#routeWatch(client, entry, args);
    if (transaction === undefined || transaction.isBroken) return HERE;
    return entry.fullName === 'exec' ? this.#routeExec(client) : this.#routeQueued(client, entry, args);
  }

  #routeWatch(client: Client, entry: CommandEntry, args: Arguments): number {
    const route = this.#router.route(entry, args);
    if (route === REFUSED) return this.#refuse(this.#router.refusal);
    const here = this.#server.shard.index;
    const watched = client.remoteWatch?.shard ?? (client.watch === undefined ? route : here);
    if (watched !== route) return this.#refuse(CROSS_SLOT);
    return route;
  }

  /** A command is queued here, but only if it can run where the others do. */
  #routeQueued({ transaction }: Client, entry: CommandEntry, args: Arguments): number {
    const isMessage = entry.fullName === 'publish' || entry.fullName === 'spublish';
    const route = isMessage ? HERE : this.#router.route(entry, args);
    if (route === SPLIT) {
      transaction!.isBroken = true;
      return this.#refuse(
        entry.spec.keys.length > 0
          ? CROSS_SLOT
          : `ERR ${entry.fullName} concerns all shards and cannot be part of a transaction; --shards 1 has no such limit`,
      );
    }
    if (route === REFUSED || (route !== HERE && (transaction!.shard ?? route) !== route)) {
      transaction!.isBroken = true;
      return this.#refuse(route === REFUSED ? this.#router.refusal : CROSS_SLOT);
    }
    if (route !== HERE) transaction!.shard = route;
    return HERE;
  }

  #routeExec(client: Client): number {
    const { remoteWatch, watch } = client;
    const here = this.#server.shard.index;
    const transaction = client.transaction!;
    const watchShard = remoteWatch?.shard ?? (watch === undefined ? undefined : here);
    const shard = transaction.shard ?? watchShard ?? here;
    if (watchShard !== undefined && watchShard !== shard) return this.#discard(client, CROSS_SLOT);
    if (shard === here) return HERE;
    const bound = transaction.commands.find(
      ({ entry }) => entry.spec.keys.length === 0 && !ANYWHERE.has(entry.fullName),
    );
    if (bound === undefined) return shard;
    return this.#discard(
      client,
      `ERR ${bound.entry.fullName} cannot be part of a transaction whose keys are on another shard; --shards 1 has no such limit`,
    );
  }

  #discard(client: Client, error: string): number {
    discardTransaction(this.#server, client);
    return this.#refuse(error);
  }

  #refuse(error: string): number {
    this.refusal = error;
    return REFUSED;
  }

  /** What goes by mail for a request that runs on another shard, and the facts that go with it. */
  requestFor(
    client: Client,
    entry: CommandEntry,
    args: Arguments,
    shard: number,
  ): { args: Arguments; facts: number } {
    if (entry.fullName === 'watch') return this.#watchRequest(client, args, shard);
    if (entry.fullName === 'exec') return this.#execRequest(client);
    return { args, facts: 0 };
  }

  #watchRequest(client: Client, args: Arguments, shard: number): { args: Arguments; facts: number } {
    const session = fromLatin1(String(client.id));
    client.remoteWatch ??= {
      shard,
      release: () => this.#correspondence.tell(shard, client, Arguments.of([UNWATCH, session]), SESSION),
    };
    const words = Array.from({ length: args.count }, (_, i) => args.view(i));
    return { args: Arguments.of([...words, session]), facts: SESSION };
  }

  #execRequest(client: Client): { args: Arguments; facts: number } {
    const { remoteWatch, transaction } = client;
    const words: Uint8Array[] = [];
    for (const { args } of transaction!.commands) {
      words.push(fromLatin1(String(args.count)));
      for (let i = 0; i < args.count; i++) words.push(args.view(i));
    }
    // EXEC over there forgets what is watched.
    client.remoteWatch = undefined;
    client.transaction = undefined;
    if (remoteWatch === undefined) return { args: Arguments.of(words), facts: BUNDLE };
    return { args: Arguments.of([...words, fromLatin1(String(client.id))]), facts: BUNDLE | SESSION };
  }
}

const UNWATCH = fromLatin1('UNWATCH');
