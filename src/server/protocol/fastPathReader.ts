/**
 * Flag `fast-path`, candidate: GET and SET recognised from their first bytes and executed where they lie.
 *
 * A plain `GET key` or `SET key value` in RESP form, whole in the buffer, needs no argument list, no table lookup and no call through
 * the command's record. Anything else (options, other case mixes of the header, split requests, inline form, clients in an unusual state)
 * falls back to the general way; both give the same replies and the same counts. So do the calls that are timed.
 */
import type { Client } from '../clients/client.ts';
import type { Arguments } from '../commands/arguments.ts';
import { WRONG_TYPE } from '../commands/errors.ts';
import { lruClock } from '../keyspace/access.ts';
import { NO_EXPIRY, ValueType } from '../keyspace/keyspace.ts';
import type { Dispatcher } from '../routing/dispatcher.ts';
import type { ServerState } from '../serverState.ts';
import { InPlaceRequestReader } from './inPlaceReader.ts';
import { REPLY_BYTES_PER_WRITE_MAX, type RequestSource } from './requestReader.ts';
import type { RespEncoder } from './respEncoder.ts';

const CR = 13;
const STAR = 42;
const DOLLAR = 36;
/** `*2\r\n$3\r\nGET\r\n` and `*3\r\n$3\r\nSET\r\n`. */
const PREFIX_BYTES = 13;
/** Shortest request that can be one: `*2\r\n$3\r\nGET\r\n$1\r\nk\r\n`. */
const REQUEST_BYTES_MIN = 20;

export class FastPathRequestReader extends InPlaceRequestReader {
  readonly #getNumber: number;
  readonly #setNumber: number;

  constructor(
    server: ServerState,
    encoder: RespEncoder,
    dispatcher: Dispatcher,
    holds: (client: Client, args: Arguments) => boolean,
  ) {
    super(server, encoder, dispatcher, holds);
    this.#getNumber = server.commands.get('get')!.number;
    this.#setNumber = server.commands.get('set')!.number;
  }

  override read(source: RequestSource, buffer: Uint8Array, start: number, end: number): number {
    try {
      return this.#read(source, buffer, start, end);
    } catch (error) {
      this.outOfMemory(source.client, error);
      this.encoder.endReply(true);
      return end;
    }
  }

  #read(source: RequestSource, buffer: Uint8Array, start: number, end: number): number {
    const client = source.client;
    const { encoder } = this;
    let at = start;
    while (at < end && !source.halted) {
      let next = -1;
      if (
        end - at >= REQUEST_BYTES_MIN &&
        buffer[at] === STAR &&
        buffer[at + 4] === DOLLAR &&
        buffer[at + 5] === 51 &&
        // Both length lines end as the decoder wants them to: in CR and any byte.
        buffer[at + 2] === CR &&
        buffer[at + 6] === CR &&
        this.isPlain(source)
      ) {
        const count = buffer[at + 1]!;
        // Letters in either case; the lower-case bit is masked away.
        if (
          count === 50 &&
          (buffer[at + 8]! & 0xdf) === 71 &&
          (buffer[at + 9]! & 0xdf) === 69 &&
          (buffer[at + 10]! & 0xdf) === 84
        ) {
          next = this.#get(client, buffer, at + PREFIX_BYTES, end);
        } else if (
          count === 51 &&
          (buffer[at + 8]! & 0xdf) === 83 &&
          (buffer[at + 9]! & 0xdf) === 69 &&
          (buffer[at + 10]! & 0xdf) === 84
        ) {
          next = this.#set(client, buffer, at + PREFIX_BYTES, end);
        }
      }
      if (next < 0) {
        next = this.readOne(source, buffer, at, end);
        if (next < 0) break;
      }
      at = next;
      if (encoder.unsentBytes() > REPLY_BYTES_PER_WRITE_MAX) source.sendReplies();
    }
    return at;
  }

  #get(client: Client, buffer: Uint8Array, at: number, end: number): number {
    const { server, encoder } = this;
    if (server.stats.callsByCommand[this.#getNumber]! % server.timeEvery === 0) return -1;
    const keyLength = this.bulkLength(buffer, at, end);
    if (keyLength < 0) return -1;
    const keyStart = this.bulkStart;
    const keyEnd = keyStart + keyLength;
    if (keyEnd + 2 > end) return -1;
    this.begin(client, this.#getNumber, 'get');
    const database = server.databases[client.dbIndex]!;
    const { keyspace } = database;
    const ref = keyspace.find(buffer, keyStart, keyEnd);
    if (ref === 0) {
      server.stats.keyspaceMisses++;
      encoder.nil();
    } else {
      const expireAtMs = keyspace.expireAtMs(ref);
      if (expireAtMs !== NO_EXPIRY && expireAtMs <= server.context.nowMs) {
        database.expire(ref);
        server.stats.keyspaceMisses++;
        encoder.nil();
      } else {
        server.stats.keyspaceHits++;
        if (server.lfu || client.noTouch) database.touch(ref);
        else keyspace.setAccess(ref, lruClock(server.context.nowMs));
        if (keyspace.type(ref) === ValueType.string) {
          encoder.bulkEntry(keyspace, ref);
        } else {
          encoder.error(WRONG_TYPE);
          server.stats.failedByCommand[this.#getNumber]!++;
        }
      }
    }
    encoder.endReply(true);
    return keyEnd + 2;
  }

  #set(client: Client, buffer: Uint8Array, at: number, end: number): number {
    const { server, encoder } = this;
    if (server.memoryLimitBytes !== 0 || server.lfu) return -1;
    if (server.stats.callsByCommand[this.#setNumber]! % server.timeEvery === 0) return -1;
    const keyLength = this.bulkLength(buffer, at, end);
    if (keyLength < 0) return -1;
    const keyStart = this.bulkStart;
    const keyEnd = keyStart + keyLength;
    if (keyEnd + 2 > end) return -1;
    const valueLength = this.bulkLength(buffer, keyEnd + 2, end);
    if (valueLength < 0) return -1;
    const valueStart = this.bulkStart;
    const valueEnd = valueStart + valueLength;
    if (valueEnd + 2 > end) return -1;
    this.begin(client, this.#setNumber, 'set');
    const database = server.databases[client.dbIndex]!;
    const { keyspace } = database;
    if (keyspace.expiringCount > 0) {
      // An expired entry is counted as such before it is overwritten.
      const old = keyspace.find(buffer, keyStart, keyEnd);
      if (old !== 0 && database.isExpired(old)) database.expire(old);
    }
    const ref = keyspace.putString(buffer, keyStart, keyEnd, buffer, valueStart, valueEnd, NO_EXPIRY, false);
    keyspace.setAccess(ref, lruClock(server.context.nowMs));
    server.dirty++;
    encoder.ok();
    encoder.endReply(true);
    return valueEnd + 2;
  }
}
