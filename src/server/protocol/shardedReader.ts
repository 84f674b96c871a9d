/**
 * The request reader of a server with several shards: each request runs here, goes to the shard that owns its key, or is split among
 * several. Requests are read on while other shards still owe replies; only the sending of later replies waits (`replyQueue.ts`).
 *
 * Composed with more than one shard only, and then in place of both sides of `fast-path`: which shard a request is for has to be known
 * before it runs, and that takes its arguments.
 */
import { copyOf, fromLatin1 } from '../../base/bytes.ts';
import type { Client } from '../clients/client.ts';
import { NO_LINK } from '../clients/noLink.ts';
import { Arguments } from '../commands/arguments.ts';
import type { CommandEntry } from '../commands/commandTable.ts';
import { isError } from '../routing/combine/replyBytes.ts';
import { Correspondence, PartialReplies } from '../routing/correspondence.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import { ForeignRequests, uncounted } from '../routing/foreignRequests.ts';
import type { KeyGrouping } from '../routing/keyGrouping.ts';
import { PART } from '../routing/mail.ts';
import type { ShardPlacement } from '../routing/placement.ts';
import { type OwedReply, ReplyQueue } from '../routing/replyQueue.ts';
import { HERE, REFUSED, RequestRouter, SPLIT } from '../routing/requestRoute.ts';
import { ShardedTransactions } from '../routing/shardedTransactions.ts';
import type { Part, Split } from '../routing/split.ts';
import type { ServerState } from '../serverState.ts';
import { GeneralRequestReader, type RequestSource } from './requestReader.ts';
import type { RespEncoder } from './respEncoder.ts';

const PUBLISH = fromLatin1('PUBLISH');
const SPUBLISH = fromLatin1('SPUBLISH');

export class ShardedRequestReader extends GeneralRequestReader {
  readonly #here: number;
  readonly #router: RequestRouter;
  readonly #correspondence: Correspondence;
  readonly #partArguments = new Arguments();
  readonly #transactions: ShardedTransactions;
  #refusal = '';
  /** Who speaks where the server itself does. */
  readonly #nobody: Client;
  /** Whose request is being read. */
  #source!: RequestSource;

  constructor(
    server: ServerState,
    encoder: RespEncoder,
    dispatcher: Dispatcher,
    holds: (client: Client, args: Arguments) => boolean,
    placement: ShardPlacement,
    grouping: KeyGrouping,
  ) {
    super(server, encoder, dispatcher, holds);
    this.#here = placement.position.index;
    this.#router = new RequestRouter(placement.position, server.commands, grouping, server.rng);
    this.#correspondence = new Correspondence(
      server,
      placement.mailbox,
      new ForeignRequests(server, encoder, dispatcher),
    );
    this.#transactions = new ShardedTransactions(server, this.#router, this.#correspondence);
    this.#nobody = server.clients.outsider(NO_LINK, server.clock.nowMs());
    server.channels.forward = (kind, channel, message) => this.#tellOthers(kind, channel, message);
  }

  protected override readOne(source: RequestSource, buffer: Uint8Array, start: number, end: number): number {
    this.#source = source;
    const next = super.readOne(source, buffer, start, end);
    const { owed } = source;
    // What was answered here waits behind what is owed.
    if (owed !== undefined && owed.length > 0 && this.encoder.unsentBytes() > 0) {
      owed.owe(true).answer(this.#takeReply());
      if (owed.isFull) this.#correspondence.throttle(owed, this.#here);
    }
    return next;
  }

  protected override execute(client: Client, args: Arguments): void {
    const entry = this.dispatcher.find(args);
    // What is not to run at all is refused by the dispatcher, in its own order of checks.
    const isRunnable =
      entry?.execute !== undefined &&
      args.count >= entry.arityMin &&
      args.count <= entry.arityMax &&
      (!client.isRestricted || (client.authenticated && this.server.access.permits(client, entry, args)));
    const route = isRunnable ? this.#routeOf(client, entry, args) : HERE;
    if (route === HERE || route === this.#here) return this.#executeHere(client, args);
    const isHeard = client.replyMode === 'on';
    if (client.replyMode === 'skip') client.replyMode = 'on';
    if (route === REFUSED) return this.#refuse(client, entry!, isHeard);
    const queue = this.#queueOf(client, entry!);
    if (route === SPLIT) return this.#runSplit(client, entry!, this.#router.split!, isHeard, queue);
    const owed = queue.owe(isHeard);
    owed.hold(this.#ask(route, client, entry!, args, owed));
    this.#correspondence.throttle(queue, route);
  }

  #ask(shard: number, client: Client, entry: CommandEntry, args: Arguments, owed: OwedReply): number {
    const correspondence = this.#correspondence;
    if (entry.mayBlock) return correspondence.askAndWait(shard, client, args, owed);
    const request = this.#transactions.requestFor(client, entry, args, shard);
    return correspondence.ask(shard, client, request.args, owed, undefined, request.facts);
  }

  /** As the router has it, except for transactions. */
  #routeOf(client: Client, entry: CommandEntry, args: Arguments): number {
    const transactions = this.#transactions;
    const isConcerned = transactions.concerns(client, entry);
    const route = isConcerned ? transactions.route(client, entry, args) : this.#router.route(entry, args);
    if (route === REFUSED) this.#refusal = isConcerned ? transactions.refusal : this.#router.refusal;
    return route;
  }

  /** What is answered here waits behind what is owed, however late it is answered. */
  #executeHere(client: Client, args: Arguments): void {
    super.execute(client, args);
    const { owed } = this.#source;
    const { blocked } = client;
    if (blocked === undefined || owed === undefined || owed.length === 0) return;
    const place = owed.owe(true);
    blocked.deliver = (reply) => {
      place.answer(reply);
      this.#correspondence.deliver(owed);
    };
  }

  /** The replies owed to the client whose request is being read, which is counted. */
  #queueOf(client: Client, entry: CommandEntry): ReplyQueue {
    const source = this.#source;
    source.owed ??= new ReplyQueue(source);
    // Replies from before go out now: what follows may have to wait.
    if (source.owed.length === 0) source.sendReplies();
    client.commandsProcessed++;
    client.lastCommand = entry.fullName;
    return source.owed;
  }

  /** A message that no client has sent by itself, to the subscribers of the other shards. */
  #tellOthers(kind: 'channel' | 'shard', channel: Uint8Array, message: Uint8Array): void {
    const args = Arguments.of([kind === 'shard' ? SPUBLISH : PUBLISH, channel, message]);
    const { count } = this.server.shard;
    for (let shard = 0; shard < count; shard++)
      if (shard !== this.#here) this.#correspondence.tell(shard, this.#nobody, args, PART);
  }

  #refuse(client: Client, entry: CommandEntry, isHeard: boolean): void {
    this.encoder.beginReply();
    this.encoder.protocol = client.protocol;
    this.encoder.error(this.#refusal);
    this.encoder.endReply(isHeard);
    this.server.stats.rejectedByCommand[entry.number]!++;
  }

  #runSplit(client: Client, entry: CommandEntry, split: Split, isHeard: boolean, queue: ReplyQueue): void {
    const { parts } = split;
    const owed = queue.owe(isHeard);
    this.server.stats.callsByCommand[entry.number]!++;
    const partial = new PartialReplies(owed, split.combine, parts.length);
    let checked: Uint8Array | undefined;
    if (split.isCheckedHere) {
      const own = parts.findIndex(({ shard }) => shard === this.#here);
      checked = this.#runPart(client, parts[own]!);
      if (isError(checked)) {
        owed.answer(checked);
        return this.#correspondence.deliver(queue);
      }
      partial.answer(own, checked);
    }
    this.#askAll(client, parts, partial, owed, checked !== undefined);
    // Nobody else was asked: no mail will bring the answer.
    if (owed.bytes !== undefined) this.#correspondence.deliver(queue);
  }

  #askAll(
    client: Client,
    parts: readonly Part[],
    partial: PartialReplies,
    owed: OwedReply,
    isOwnDone: boolean,
  ): void {
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i]!;
      if (part.shard !== this.#here) {
        owed.hold(this.#correspondence.ask(part.shard, client, part.source, partial.part(i), part.indices));
        this.#correspondence.throttle(owed.queue, part.shard);
      } else if (!isOwnDone) {
        partial.answer(i, this.#runPart(client, part));
      }
    }
  }

  /** Runs a part that belongs here; its reply is always heard, by the whole. */
  #runPart(client: Client, { source, indices }: Part): Uint8Array {
    const args = this.#partArguments;
    args.buffer = source.buffer;
    args.count = 0;
    for (const i of indices) args.push(source.starts[i]!, source.ends[i]!);
    const { commandsProcessed, replyMode } = client;
    client.replyMode = 'on';
    // Allowed as a whole; the part may be in words that the user has no right to.
    client.isRestricted = false;
    uncounted(this.server, this.dispatcher, args, () => super.execute(client, args));
    this.server.clients.review(client);
    client.replyMode = replyMode;
    client.commandsProcessed = commandsProcessed;
    args.trim();
    return this.#takeReply();
  }

  #takeReply(): Uint8Array {
    const bytes = copyOf(this.encoder.take(), 0, this.encoder.unsentBytes());
    this.encoder.taken(true);
    return bytes;
  }
}
