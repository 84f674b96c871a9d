/**
 * Drives requests from a connection's bytes into the dispatcher. Two variants (flag `fast-path`): this one sends every request
 * through the general decoder and the command table; `fastPathReader.ts` first tries GET and SET in place.
 */
import type { Client, ReplyMode } from '../clients/client.ts';
import { Arguments } from '../commands/arguments.ts';
import { StorageFullError } from '../keyspace/record/slabStore.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import type { ReplyQueue, ReplySink } from '../routing/replyQueue.ts';
import type { ServerState } from '../serverState.ts';
import type { DecodeState } from './decodeState.ts';
import { NEED_MORE, PROTOCOL_ERROR, RequestDecoder } from './requestDecoder.ts';
import type { RespEncoder } from './respEncoder.ts';

/** Inside one turn: replies beyond this are handed over early, so a pipeline of large replies needs no giant buffer. */
export const REPLY_BYTES_PER_WRITE_MAX = 1024 * 1024;
/** A request with more argument slots than this gives them back when done. */
const ARGUMENTS_KEPT_MAX = 4096;

/** What the reader needs to know of a connection. */
export interface RequestSource extends ReplySink {
  readonly client: Client;
  readonly decodeState: DecodeState;
  /** Arguments of a request that has arrived in part, kept apart from the shared ones; undefined between requests. */
  partialArguments: Arguments | undefined;
  /** True once no further request of this connection may run: closing, or held by CLIENT PAUSE. */
  readonly halted: boolean;
  /** Hands the replies so far to the socket: called inside a turn when they pile up. */
  sendReplies(): void;
  /** Replies that wait for other shards; undefined until one ever did. */
  owed: ReplyQueue | undefined;
}

export interface RequestReader {
  readonly decoder: RequestDecoder;
  /**
   * Executes the whole requests in [start, end) of `buffer` and returns the offset behind the last one executed. What follows is the
   * beginning of a request (or anything, if the source is halted): the caller keeps it and passes it again with more behind it.
   */
  read(source: RequestSource, buffer: Uint8Array, start: number, end: number): number;
}

export class GeneralRequestReader implements RequestReader {
  readonly decoder: RequestDecoder;
  protected readonly encoder: RespEncoder;
  protected readonly server: ServerState;
  protected readonly dispatcher: Dispatcher;
  #shared = new Arguments();
  /** Asked before each request: true if CLIENT PAUSE holds it back. */
  readonly #holds: (client: Client, args: Arguments) => boolean;

  constructor(
    server: ServerState,
    encoder: RespEncoder,
    dispatcher: Dispatcher,
    holds: (client: Client, args: Arguments) => boolean,
  ) {
    this.server = server;
    this.decoder = new RequestDecoder(server.capacity);
    this.encoder = encoder;
    this.dispatcher = dispatcher;
    this.#holds = holds;
  }

  read(source: RequestSource, buffer: Uint8Array, start: number, end: number): number {
    let at = start;
    while (at < end && !source.halted) {
      const next = this.readOne(source, buffer, at, end);
      if (next < 0) break;
      at = next;
      if (this.encoder.unsentBytes() > REPLY_BYTES_PER_WRITE_MAX) source.sendReplies();
    }
    return at;
  }

  /** One request by the general way. The offset behind it, or negative if it is incomplete, held back, or broken. */
  protected readOne(source: RequestSource, buffer: Uint8Array, start: number, end: number): number {
    const client = source.client;
    const state = source.decodeState;
    const args = source.partialArguments ?? this.#shared;
    const next = this.decoder.decode(state, buffer, start, end, args, client.authenticated);
    if (next === NEED_MORE) {
      if (state.argumentsRemaining > 0 && args === this.#shared) {
        source.partialArguments = args;
        this.#shared = new Arguments();
      }
      return NEED_MORE;
    }
    if (next === PROTOCOL_ERROR) {
      this.encoder.beginReply();
      this.encoder.protocol = client.protocol;
      this.encoder.error(this.decoder.errorText);
      this.encoder.endReply(true);
      this.server.stats.protocolErrors++;
      client.link.closeAfterReply();
      return PROTOCOL_ERROR;
    }
    source.partialArguments = undefined;
    if (args.count > 0) {
      // A held request is decoded again when the pause ends: its bytes stay with the connection.
      if (this.#holds(client, args)) return NEED_MORE;
      this.execute(client, args);
      if (client.tracking !== undefined) this.dispatcher.endTracked(client, args);
      if (client.pushes !== undefined) this.#push(client);
      if (this.server.blocked.isDue) this.server.serveBlocked();
      if (args.count > ARGUMENTS_KEPT_MAX) args.trim();
    }
    return next;
  }

  protected execute(client: Client, args: Arguments): void {
    const encoder = this.encoder;
    encoder.beginReply();
    const muted = client.replyMode;
    try {
      this.dispatcher.dispatch(client, args);
    } catch (error) {
      this.outOfMemory(client, error);
    }
    const mode: ReplyMode = client.replyMode;
    // The command itself may have been CLIENT REPLY: ON is answered even when muted, OFF and SKIP say nothing.
    encoder.endReply(mode === 'on' || (mode === 'skip-next' && muted === 'on'));
    if (muted === 'skip') client.replyMode = afterSkipped(mode);
    else if (muted === 'on' && mode === 'skip-next') client.replyMode = 'skip';
  }

  /** What the client's own command made others tell it, behind its reply. */
  #push(client: Client): void {
    const pushes = client.pushes!;
    client.pushes = undefined;
    this.encoder.beginReply();
    for (const push of pushes) this.encoder.raw(push);
    this.encoder.endReply(true);
  }

  /**
   * Memory that could not be had costs one client its connection; every other exception is a bug and ends the server. The reply that was
   * begun becomes the error, and stays open.
   */
  protected outOfMemory(client: Client, error: unknown): void {
    if (!(error instanceof RangeError || error instanceof StorageFullError)) throw error;
    this.server.log.write(
      'warning',
      `Closing client ${client.id} (${client.link.address}): ${error.stack ?? error.message}`,
    );
    this.encoder.endReply(false);
    this.encoder.beginReply();
    this.encoder.error('OOM not enough memory to run this command');
    client.link.closeAfterReply();
  }
}

/** A muted command has run: replies are on again, unless it asked for muting itself. */
const afterSkipped = (mode: ReplyMode): ReplyMode =>
  mode === 'skip' ? 'on' : mode === 'skip-next' ? 'skip' : mode;
