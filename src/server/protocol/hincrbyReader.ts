/**
 * Flag `hincrby-direct`, candidate: HINCRBY recognised from its first bytes, key, field and increment taken where they lie, the field's
 * digits rewritten where they are.
 *
 *     *4 CR LF $7 CR LF HINCRBY CR LF   $n CR LF key CR LF   $n CR LF field CR LF   $n CR LF increment CR LF
 *
 * Done here: a live key that is a hash, a live field that holds a safe integer, a sum that is one. A new key or field, every error and
 * every unusual state (see `inPlaceReader.ts`), replication included, goes the general way, as do the calls that are timed.
 *
 * It is a layer over another reader, which sees a request only if it is not for this one: `fast-path` tries GET and SET before it gets
 * here, so that the layer costs them nothing. A process makes one reader class of it, so every call stays monomorphic.
 */

import { parseSafeInteger } from '../../base/integer.ts';
import type { Client } from '../clients/client.ts';
import { ValueType } from '../keyspace/keyspace.ts';
import { incrementField } from '../keyspace/value/fieldIncrement.ts';
import type { HashValue } from '../keyspace/value/hashValue.ts';
import type { InPlaceRequestReader } from './inPlaceReader.ts';
import type { RequestSource } from './requestReader.ts';

const NAME = [...'HINCRBY'].map((letter) => letter.charCodeAt(0));
const NAME_AT = 8;
/** `*4\r\n$7\r\nHINCRBY\r\n`. */
const PREFIX_BYTES = 17;
/** With a key, a field and an increment of one byte each. */
const REQUEST_BYTES_MIN = PREFIX_BYTES + 3 * 7;
const CR = 13;
const STAR = 42;
const DOLLAR = 36;
const FOUR = 52;
const SEVEN = 55;

function isHincrby(buffer: Uint8Array, at: number): boolean {
  if (
    buffer[at + 5] !== SEVEN ||
    buffer[at + 1] !== FOUR ||
    buffer[at] !== STAR ||
    buffer[at + 4] !== DOLLAR ||
    // Both length lines end as the decoder wants them to: in CR and any byte.
    buffer[at + 2] !== CR ||
    buffer[at + 6] !== CR
  )
    return false;
  // Letters in either case; the lower-case bit is masked away.
  for (let i = 0; i < NAME.length; i++) if ((buffer[at + NAME_AT + i]! & 0xdf) !== NAME[i]) return false;
  return true;
}

// biome-ignore lint/suspicious/noExplicitAny: TypeScript asks for this signature of a class that is extended by a function
type ReaderClass = new (...args: any[]) => InPlaceRequestReader;

/** The reader `Base` with HINCRBY executed in place. */
export function withHincrby<Base extends ReaderClass>(Base: Base) {
  return class HincrbyReader extends Base {
    readonly #number = this.server.commands.get('hincrby')!.number;

    protected override readOne(
      source: RequestSource,
      buffer: Uint8Array,
      start: number,
      end: number,
    ): number {
      if (end - start >= REQUEST_BYTES_MIN && isHincrby(buffer, start) && this.isPlain(source)) {
        const next = this.#incrementOrRefuse(source.client, buffer, start + PREFIX_BYTES, end);
        if (next >= 0) return next;
      }
      return super.readOne(source, buffer, start, end);
    }

    #incrementOrRefuse(client: Client, buffer: Uint8Array, at: number, end: number): number {
      try {
        return this.#increment(client, buffer, at, end);
      } catch (error) {
        this.encoder.beginReply();
        this.outOfMemory(client, error);
        this.encoder.endReply(true);
        return end;
      }
    }

    /** The offset behind the request, or negative, nothing changed, if the general way must take it. */
    #increment(client: Client, buffer: Uint8Array, at: number, end: number): number {
      const { server, encoder } = this;
      if (server.memoryLimitBytes !== 0 || server.isObserved) return -1;
      if (server.stats.callsByCommand[this.#number]! % server.timeEvery === 0) return -1;
      const keyLength = this.bulkLength(buffer, at, end);
      const keyStart = this.bulkStart;
      const keyEnd = keyStart + keyLength;
      if (keyLength < 0 || keyEnd + 2 > end) return -1;
      const fieldLength = this.bulkLength(buffer, keyEnd + 2, end);
      const fieldStart = this.bulkStart;
      const fieldEnd = fieldStart + fieldLength;
      if (fieldLength < 0 || fieldEnd + 2 > end) return -1;
      const incrementLength = this.bulkLength(buffer, fieldEnd + 2, end);
      const incrementEnd = this.bulkStart + incrementLength;
      if (incrementLength < 0 || incrementEnd + 2 > end) return -1;
      const increment = parseSafeInteger(buffer, this.bulkStart, incrementEnd);
      if (Number.isNaN(increment)) return -1;

      const database = server.databases[client.dbIndex]!;
      const { keyspace } = database;
      const ref = keyspace.find(buffer, keyStart, keyEnd);
      if (ref === 0 || database.isExpired(ref) || keyspace.type(ref) !== ValueType.hash) return -1;
      // A snapshot in progress must hear of it from the command.
      if (keyspace.watcher !== undefined) return -1;
      const hash = keyspace.collection(ref) as HashValue;
      const sum = incrementField(
        hash,
        buffer,
        fieldStart,
        fieldEnd,
        increment,
        server.context.nowMs,
        server.hashLimits,
      );
      if (Number.isNaN(sum)) return -1;
      this.begin(client, this.#number, 'hincrby');
      database.touch(ref);
      server.dirty++;
      encoder.integer(sum);
      encoder.endReply(true);
      return incrementEnd + 2;
    }
  };
}
