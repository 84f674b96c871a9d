/**
 * One of the numbered databases: a keyspace plus what Redis does around it at each access: lazy expiry, hit and miss
 * counters, the access word. Commands go through here; only the fast path, which does the same in place, does not.
 */
import { copyOf } from '../../base/bytes.ts';
import type { Arguments } from '../commands/arguments.ts';
import { EventClass, type EventClassId } from '../events/eventClasses.ts';
import type { Deadlines } from '../expiry/deadlines.ts';
import type { ServerState } from '../serverState.ts';
import { idleSec, lfuInitial, lfuTouched, lruClock } from './access.ts';
import {
  type Collection,
  type Keyspace,
  NO_EXPIRY,
  type Ref,
  ValueType,
  type ValueTypeId,
} from './keyspace.ts';
import { FieldDeadlines } from './value/fieldDeadlines.ts';
import type { HashValue } from './value/hashValue.ts';
import { isPackable, packedBytes } from './value/packable.ts';

export class Database {
  readonly index: number;
  keyspace: Keyspace;
  /** Told of every expiry that an entry is given. */
  deadlines: Deadlines;
  /** The hashes with fields that expire. */
  fieldDeadlines = new FieldDeadlines();
  readonly #createDeadlines: (keyspace: Keyspace) => Deadlines;
  readonly #server: ServerState;

  constructor(
    index: number,
    keyspace: Keyspace,
    createDeadlines: (keyspace: Keyspace) => Deadlines,
    server: ServerState,
  ) {
    this.index = index;
    this.keyspace = keyspace;
    this.deadlines = createDeadlines(keyspace);
    this.#createDeadlines = createDeadlines;
    this.#server = server;
  }

  /** For commands that read: expired entries are gone, hits and misses count, the access word moves. 0 if absent. */
  lookupRead(args: Arguments, index: number): Ref {
    return this.readBytes(args.buffer, args.starts[index]!, args.ends[index]!);
  }

  readBytes(buffer: Uint8Array, start: number, end: number): Ref {
    const ref = this.#live(buffer, start, end);
    if (ref === 0) {
      const { keyEvents, stats } = this.#server;
      stats.keyspaceMisses++;
      if (keyEvents.wantsMisses)
        keyEvents.notify(this, copyOf(buffer, start, end), EventClass.keyMiss, 'keymiss');
      return 0;
    }
    this.#server.stats.keyspaceHits++;
    this.touch(ref);
    return ref;
  }

  /** For commands that write: as lookupRead, but hits and misses do not count. */
  lookupWrite(args: Arguments, index: number): Ref {
    const ref = this.#live(args.buffer, args.starts[index]!, args.ends[index]!);
    if (ref !== 0) this.touch(ref);
    return ref;
  }

  /** As lookupRead without counting and without touching (TTL, TYPE, OBJECT, EXISTS's touch-free cousins). */
  peek(args: Arguments, index: number): Ref {
    return this.#live(args.buffer, args.starts[index]!, args.ends[index]!);
  }

  peekBytes(buffer: Uint8Array, start: number, end: number): Ref {
    return this.#live(buffer, start, end);
  }

  /** True if the entry's expiry has passed at the current batch's instant. */
  isExpired(ref: Ref): boolean {
    const expireAtMs = this.keyspace.expireAtMs(ref);
    return expireAtMs !== NO_EXPIRY && expireAtMs <= this.#server.context.nowMs;
  }

  /** SET-like: replaces whatever was there. The bytes may lie in the read buffer. */
  putString(args: Arguments, keyIndex: number, valueIndex: number, expireAtMs: number): Ref {
    this.#announce(args, keyIndex);
    const accessBefore = this.#accessBefore(args, keyIndex);
    const ref = this.keyspace.putString(
      args.buffer,
      args.starts[keyIndex]!,
      args.ends[keyIndex]!,
      args.buffer,
      args.starts[valueIndex]!,
      args.ends[valueIndex]!,
      expireAtMs,
      false,
    );
    if (expireAtMs !== NO_EXPIRY) this.deadlines.add(ref, expireAtMs);
    this.#stamp(ref, accessBefore);
    return ref;
  }

  /** As putString with a value of the command's own making. */
  putBytes(args: Arguments, keyIndex: number, value: Uint8Array, expireAtMs: number, raw = false): Ref {
    this.#announce(args, keyIndex);
    const accessBefore = this.#accessBefore(args, keyIndex);
    const ref = this.keyspace.putString(
      args.buffer,
      args.starts[keyIndex]!,
      args.ends[keyIndex]!,
      value,
      0,
      value.length,
      expireAtMs,
      raw,
    );
    if (expireAtMs !== NO_EXPIRY) this.deadlines.add(ref, expireAtMs);
    this.#stamp(ref, accessBefore);
    return ref;
  }

  /** What is small enough to be packed is. */
  putCollection(args: Arguments, keyIndex: number, value: Collection, expireAtMs: number): Ref {
    if (isPackable(value) && value.isPacked) {
      const bytes = packedBytes(value);
      return this.putPacked(args, keyIndex, value.type, bytes, bytes.length, expireAtMs);
    }
    this.#announce(args, keyIndex);
    const accessBefore = this.#accessBefore(args, keyIndex);
    const ref = this.keyspace.putCollection(
      args.buffer,
      args.starts[keyIndex]!,
      args.ends[keyIndex]!,
      value,
      expireAtMs,
    );
    if (expireAtMs !== NO_EXPIRY) this.deadlines.add(ref, expireAtMs);
    if (value.type === ValueType.hash) {
      this.fieldDeadlines.watch(
        value as HashValue,
        this.keyspace,
        args.buffer,
        args.starts[keyIndex]!,
        args.ends[keyIndex]!,
      );
    }
    this.#stamp(ref, accessBefore);
    return ref;
  }

  /** As putCollection for a packed form: the first `length` bytes of `bytes`. */
  putPacked(
    args: Arguments,
    keyIndex: number,
    type: ValueTypeId,
    bytes: Uint8Array,
    length: number,
    expireAtMs: number,
  ): Ref {
    this.#announce(args, keyIndex);
    const accessBefore = this.#accessBefore(args, keyIndex);
    const { buffer, starts, ends } = args;
    const ref = this.keyspace.putPacked(
      buffer,
      starts[keyIndex]!,
      ends[keyIndex]!,
      type,
      bytes,
      0,
      length,
      expireAtMs,
    );
    if (expireAtMs !== NO_EXPIRY) this.deadlines.add(ref, expireAtMs);
    this.#stamp(ref, accessBefore);
    return ref;
  }

  /** Gives a live entry another expiry, or takes it off; the ref stays valid. */
  setExpireAt(ref: Ref, expireAtMs: number): void {
    this.keyspace.setExpireAt(ref, expireAtMs);
    if (expireAtMs !== NO_EXPIRY) this.deadlines.add(ref, expireAtMs);
  }

  /** Another keyspace takes the place of the one that was; nothing is known of its expiries yet, so it should be empty. */
  replaceContents(keyspace: Keyspace): void {
    this.keyspace = keyspace;
    this.deadlines = this.#createDeadlines(keyspace);
    this.fieldDeadlines = new FieldDeadlines();
  }

  /** SWAPDB: the contents change places, with all that is known of them. */
  swapContents(other: Database): void {
    this.#server.keyEvents.swapping(this, other);
    [this.keyspace, other.keyspace] = [other.keyspace, this.keyspace];
    [this.deadlines, other.deadlines] = [other.deadlines, this.deadlines];
    [this.fieldDeadlines, other.fieldDeadlines] = [other.fieldDeadlines, this.fieldDeadlines];
  }

  /** Removes the key if it is there and alive; true if so. */
  delete(args: Arguments, index: number): boolean {
    const ref = this.#live(args.buffer, args.starts[index]!, args.ends[index]!);
    if (ref === 0) return false;
    this.keyspace.remove(ref);
    return true;
  }

  /**
   * A command has changed the value or the expiry of the key in argument `index`, or created or removed it: to be called when that is done,
   * once for each event. What it costs while nobody listens is one look.
   */
  changed(args: Arguments, index: number, eventClass: EventClassId, event: string): void {
    const { keyEvents } = this.#server;
    if (keyEvents.active) keyEvents.changed(this, args.copy(index), eventClass, event);
  }

  /** As `changed`, of a key that is no argument. */
  changedKey(key: Uint8Array, eventClass: EventClassId, event: string): void {
    const { keyEvents } = this.#server;
    if (keyEvents.active) keyEvents.changed(this, key, eventClass, event);
  }

  /** Whether the key is there, expired or not. */
  holds(key: Uint8Array): boolean {
    return this.keyspace.find(key, 0, key.length) !== 0;
  }

  /** Whether it is there and its time has come. */
  holdsExpired(key: Uint8Array): boolean {
    const ref = this.keyspace.find(key, 0, key.length);
    return ref !== 0 && this.isExpired(ref);
  }

  /** Tells of a key that a put will create. */
  #announce(args: Arguments, index: number): void {
    const { keyEvents } = this.#server;
    if (!keyEvents.wantsNewKeys) return;
    const { buffer, starts, ends } = args;
    if (this.keyspace.find(buffer, starts[index]!, ends[index]!) === 0)
      keyEvents.notify(this, args.copy(index), EventClass.newKey, 'new');
  }

  /** Moves the access word to now, unless the client asked for no touching. */
  touch(ref: Ref): void {
    const server = this.#server;
    const nowMs = server.context.nowMs;
    if (server.context.client.noTouch) return;
    if (server.lfu) {
      const word = this.keyspace.access(ref);
      this.keyspace.setAccess(
        ref,
        lfuTouched(word, nowMs, server.lfuDecayMinutes, server.lfuLogFactor, server.rng.float()),
      );
    } else {
      this.keyspace.setAccess(ref, lruClock(nowMs));
    }
  }

  /** Under LFU an overwritten key keeps its counter; 0 for none. */
  #accessBefore(args: Arguments, index: number): number {
    if (!this.#server.lfu) return 0;
    const ref = this.keyspace.find(args.buffer, args.starts[index]!, args.ends[index]!);
    return ref === 0 ? 0 : this.keyspace.access(ref);
  }

  #stamp(ref: Ref, accessBefore: number): void {
    const server = this.#server;
    const nowMs = server.context.nowMs;
    if (!server.lfu) return this.keyspace.setAccess(ref, lruClock(nowMs));
    if (accessBefore === 0) return this.keyspace.setAccess(ref, lfuInitial(nowMs));
    const uniform = server.rng.float();
    this.keyspace.setAccess(
      ref,
      lfuTouched(accessBefore, nowMs, server.lfuDecayMinutes, server.lfuLogFactor, uniform),
    );
  }

  /** Seconds since the last access. */
  idleSec(ref: Ref): number {
    return idleSec(this.keyspace.access(ref), this.#server.context.nowMs);
  }

  #live(buffer: Uint8Array, start: number, end: number): Ref {
    const ref = this.keyspace.find(buffer, start, end);
    if (ref === 0) return 0;
    const expireAtMs = this.keyspace.expireAtMs(ref);
    if (expireAtMs === NO_EXPIRY || expireAtMs > this.#server.context.nowMs) return ref;
    this.expire(ref);
    return 0;
  }

  /** Removes an entry whose time has come. */
  expire(ref: Ref): void {
    const { clients, context, keyEvents, propagation, stats } = this.#server;
    // During CLIENT PAUSE the data stays as it is: to those who read, the key has gone all the same.
    if (clients.isPausedAt(context.nowMs)) return;
    const isTold = keyEvents.active || propagation !== undefined;
    const key = isTold ? this.keyspace.keyBytes(ref) : undefined;
    this.keyspace.remove(ref);
    stats.expiredKeys++;
    if (key === undefined) return;
    propagation?.also(this, ['DEL', key]);
    if (keyEvents.active) keyEvents.removed(this, key, EventClass.expired, 'expired');
  }

  /** Removes an entry to make room. */
  evict(ref: Ref): void {
    const { keyEvents, propagation, stats } = this.#server;
    const isTold = keyEvents.active || propagation !== undefined;
    const key = isTold ? this.keyspace.keyBytes(ref) : undefined;
    this.keyspace.remove(ref);
    stats.evictedKeys++;
    if (key === undefined) return;
    propagation?.also(this, ['DEL', key]);
    if (keyEvents.active) keyEvents.removed(this, key, EventClass.evicted, 'evicted');
  }
}
