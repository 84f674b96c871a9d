/**
 * Runs requests that arrived at other shards and whose keys live here. The client is far away; a visitor stands in for it, with the
 * facts of the session that came with the request. Everything else about a session stays where its connection is.
 */
import type { Client } from '../clients/client.ts';
import { NO_LINK } from '../clients/noLink.ts';
import { Arguments } from '../commands/arguments.ts';
import { StorageFullError } from '../keyspace/record/slabStore.ts';
import type { RespEncoder } from '../protocol/respEncoder.ts';
import type { ServerState } from '../serverState.ts';
import type { Dispatcher } from './dispatcher.ts';
import { mailDatabase, mailFacts, NO_TOUCH, PART, RESP3, readMailArguments } from './mail.ts';

/** What a unix socket's peer has: the request was allowed where it came from, and is not judged again by its address. */
const VISITOR_ADDRESS = 'shard:0';
export class ForeignRequests {
  readonly #server: ServerState;
  readonly #encoder: RespEncoder;
  readonly #dispatcher: Dispatcher;
  readonly #visitor: Client;
  readonly #args = new Arguments();

  constructor(server: ServerState, encoder: RespEncoder, dispatcher: Dispatcher) {
    this.#server = server;
    this.#encoder = encoder;
    this.#dispatcher = dispatcher;
    this.#visitor = server.clients.outsider({ ...NO_LINK, address: VISITOR_ADDRESS }, server.clock.nowMs());
  }

  /** The reply to the request in bytes [start, ...) of `buffer`; it lies in the encoder's memory until `answered`. */
  run(buffer: Uint8Array, start: number): Uint8Array {
    const facts = mailFacts(buffer, start);
    const visitor = this.#visitor;
    visitor.protocol = (facts & RESP3) === 0 ? 2 : 3;
    visitor.noTouch = (facts & NO_TOUCH) !== 0;
    visitor.dbIndex = mailDatabase(buffer, start);
    readMailArguments(buffer, start, this.#args);
    if ((facts & PART) === 0) this.#execute();
    else uncounted(this.#server, this.#dispatcher, this.#args, () => this.#execute());
    this.#args.trim();
    const length = this.#encoder.unsentBytes();
    return this.#encoder.take().subarray(0, length);
  }

  answered(): void {
    this.#encoder.taken(true);
  }

  #execute(): void {
    const encoder = this.#encoder;
    const { probe } = this.#server;
    probe.batchBegins();
    encoder.beginReply();
    try {
      this.#dispatcher.dispatch(this.#visitor, this.#args);
    } catch (error) {
      // As at home, memory that could not be had is the request's misfortune; every other exception is a bug and ends the server.
      if (!(error instanceof RangeError || error instanceof StorageFullError)) throw error;
      this.#server.log.write(
        'warning',
        `A request from another shard found no memory: ${error.stack ?? error.message}`,
      );
      encoder.endReply(false);
      encoder.beginReply();
      encoder.error('OOM not enough memory to run this command');
    }
    encoder.endReply(true);
    probe.batchEnds(this.#visitor.id, 0);
  }
}

/** Runs one part of a command that was split: the whole is counted once, where it came from. */
export function uncounted(
  { stats }: ServerState,
  dispatcher: Dispatcher,
  args: Arguments,
  run: () => void,
): void {
  const number = dispatcher.find(args)!.number;
  const calls = stats.callsByCommand[number]!;
  run();
  stats.callsByCommand[number] = calls;
}
