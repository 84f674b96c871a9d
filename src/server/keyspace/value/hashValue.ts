/**
 * A hash: fields with values, each field with an optional expiry of its own.
 *
 * Two forms. Small ones are `SmallFields`, one byte array or (flag `adaptive-encoding` off) a Map. Large ones are a `Keyspace` made by the same factory as the
 * databases: fields are string entries and a field's expiry is its entry's, so the SCAN guarantee, growth in slices and
 * tight records come from there.
 *
 * The encoding that OBJECT ENCODING prints follows Redis's rules (listpack, listpackex once a field expiry was asked for,
 * hashtable past the configured thresholds; never back) and is kept apart from the form: a `hashtable` of a few fields
 * of which one is long stays small, because a keyspace of its own costs some kilobytes before its first entry.
 *
 * An expired field is still there until somebody removes it, as in Redis: HLEN counts it, HDEL deletes it. Commands look
 * at `isExpired`; the sweeper calls `expireFields`.
 *
 * Rejected: ordering the fields of a large hash by expiry (a heap or buckets beside the table). It would cost more bytes
 * per field than the expiry itself. Instead a lower bound of the earliest expiry is kept, and when it has passed, one
 * walk through the table, in slices, removes what is due and finds the next bound. A hash all of whose fields
 * expire at different times is thus walked about once per removal wave, a bounded slice at a time; reads never see an
 * expired field meanwhile.
 *
 * Its bytes are on the factory's account (`KeyspaceFactory.charge`) exactly while it stands under a key: the keyspaces adopt what is
 * put, disown what is detached, and release what is removed, replaced or cleared, and these are the only ways in and out. So a
 * hash that is built and dropped (RESTORE of a damaged payload, a copy nobody places) was never charged and cannot leak. While
 * adopted, every change ends with `settle`, which charges the difference to what was charged last: since that is absolute, an error
 * thrown half-way is made good by the next change, and no form keeps books of its own.
 * Rejected: charging from construction to release (whoever forgets a release leaks); the sum of the tables' shared
 * storage (counts what is not under a key, and the map variant has none).
 *
 * Invariants: exactly one of `small` and `table` is set; `encoding()` is hashtable whenever `table` is set;
 * #earliestExpiryMs <= every field's expiry; #chargedBytes is 0 or, between two changes, memoryBytes(). Field references (positions or refs) die with the next change.
 */
import type { Rng } from '../../../ports/rng.ts';
import { type Collection, type Keyspace, type KeyspaceFactory, NO_EXPIRY, ValueType } from '../keyspace.ts';
import type { Discarded } from '../release/disposal.ts';
import type { FieldDeadline } from './fieldDeadlines.ts';
import { FieldSweep } from './fieldSweep.ts';
import { type HashEncoding, type HashLimits, mayStayPacked } from './hashEncoding.ts';
import { packedEntryBytes } from './packedEntry.ts';
import type { CreateSmallFields, FieldRef, SmallFields } from './smallFields.ts';

export type { FieldRef, HashEncoding, HashLimits };

/** This object and its fields, measured as the slope of the heap. */
const OBJECT_BYTES = 128;

export class HashValue implements Collection, Discarded {
  readonly type = ValueType.hash;
  readonly #storage: KeyspaceFactory;
  readonly #createSmallFields: CreateSmallFields;
  /** The forms are for reading in place; whoever changes them directly calls `settle`. */
  small: SmallFields | undefined;
  table: Keyspace | undefined = undefined;
  #encoding: HashEncoding = 'listpack';
  /** Lower bound of all field expiries; infinite if no field expires. */
  #earliestExpiryMs = Number.POSITIVE_INFINITY;
  #sweep: FieldSweep | undefined = undefined;
  /** Its place among the database's hashes whose fields expire. */
  deadline: FieldDeadline | undefined = undefined;
  /** What stands on the factory's account for this hash; 0 unless adopted. */
  #chargedBytes = 0;

  /** @param capacityBytes room for the small form to begin with. */
  constructor(storage: KeyspaceFactory, createSmallFields: CreateSmallFields, capacityBytes = 0) {
    this.#storage = storage;
    this.#createSmallFields = createSmallFields;
    this.small = createSmallFields(capacityBytes);
  }

  /** Fields held, expired but not yet removed ones included. */
  get length(): number {
    return this.small !== undefined ? this.small.count : this.table!.count;
  }

  /** Fields with an expiry. */
  get expiringCount(): number {
    return this.small !== undefined ? this.small.expiringCount : this.table!.expiringCount;
  }

  encoding(): HashEncoding {
    return this.#encoding;
  }

  memoryBytes(): number {
    return OBJECT_BYTES + (this.small !== undefined ? this.small.memoryBytes() : this.table!.memoryBytes());
  }

  duplicate(): HashValue {
    const copy = new HashValue(this.#storage, this.#createSmallFields);
    copy.#encoding = this.#encoding;
    copy.#earliestExpiryMs = this.#earliestExpiryMs;
    if (this.small !== undefined) {
      copy.small = this.small.duplicate();
    } else {
      const table = this.#storage.create();
      this.forEach((field, value, expireAtMs) => {
        table.putString(field, 0, field.length, value, 0, value.length, expireAtMs, false);
      });
      copy.small = undefined;
      copy.table = table;
    }
    return copy;
  }

  adopt(): void {
    const bytes = this.memoryBytes();
    this.#storage.charge(bytes - this.#chargedBytes);
    this.#chargedBytes = bytes;
  }

  disown(): void {
    this.#storage.charge(-this.#chargedBytes);
    this.#chargedBytes = 0;
  }

  release(): void {
    this.deadline?.owner.forget(this.deadline);
    if (this.table === undefined) this.disown();
    else this.#storage.disposal.discard(this);
  }

  /** Fields to release. */
  get count(): number {
    return this.length;
  }

  releaseAll(): void {
    this.disown();
    this.table!.clear();
  }

  releaseSome(cursor: number, budget: number): number {
    const next = this.table!.releaseSome(cursor, budget);
    if (next === 0) this.disown();
    else this.settle();
    return next;
  }

  /** Brings the account up to date: after every change, and by whoever has changed a form directly. */
  settle(): void {
    if (this.#chargedBytes === 0) return;
    const bytes = this.memoryBytes();
    if (bytes === this.#chargedBytes) return;
    this.#storage.charge(bytes - this.#chargedBytes);
    this.#chargedBytes = bytes;
  }

  find(buffer: Uint8Array, start: number, end: number): FieldRef {
    const small = this.small;
    return small !== undefined ? small.find(buffer, start, end) : this.table!.find(buffer, start, end);
  }

  fieldLength(ref: FieldRef): number {
    return this.small !== undefined ? this.small.fieldLength(ref) : this.table!.keyLength(ref);
  }

  valueLength(ref: FieldRef): number {
    return this.small !== undefined ? this.small.valueLength(ref) : this.table!.stringLength(ref);
  }

  /** The value in place or as a copy: read-only, valid until the next change. */
  valueView(ref: FieldRef): Uint8Array {
    const small = this.small;
    if (small === undefined) return this.table!.stringView(ref);
    return small.valueBytes(ref).subarray(small.valueStart(ref), small.valueEnd(ref));
  }

  /** The field in place or as a copy: read-only, valid until the next change. */
  fieldView(ref: FieldRef): Uint8Array {
    const small = this.small;
    if (small === undefined) return this.table!.keyBytes(ref);
    return small.fieldBytes(ref).subarray(small.fieldStart(ref), small.fieldEnd(ref));
  }

  /** Absolute ms, or NO_EXPIRY. */
  expireAtMs(ref: FieldRef): number {
    return this.small !== undefined ? this.small.expireAtMs(ref) : this.table!.expireAtMs(ref);
  }

  /** As Redis has it for fields: gone once the instant of expiry lies in the past, not at it. */
  isExpired(ref: FieldRef, nowMs: number): boolean {
    if (nowMs <= this.#earliestExpiryMs) return false;
    const expireAtMs = this.expireAtMs(ref);
    return expireAtMs !== NO_EXPIRY && expireAtMs < nowMs;
  }

  /**
   * To be called before a command sets `pairs` pairs with `payloadBytes` in all, the longest of them `longestBytes`: decides
   * on the encoding as Redis does, before looking at what is there. Returns the bytes that all pairs will take here if the hash is
   * empty and stays packed, 0 otherwise: for `makeRoom`.
   */
  prepare(pairs: number, payloadBytes: number, longestBytes: number, limits: HashLimits): number {
    const { small } = this;
    if (small === undefined) return 0;
    if (pairs > limits.entriesMax || longestBytes > limits.valueBytesMax) this.#encoding = 'hashtable';
    const growthBytes = payloadBytes + pairs * packedEntryBytes(0, 0, false);
    const staysPacked = mayStayPacked(this.#encoding, small.count + pairs, small.used + growthBytes);
    if (!staysPacked) this.#toTable();
    this.settle();
    return staysPacked && small.count === 0 ? growthBytes : 0;
  }

  /** Room for so many bytes more in the small form, without slack. */
  makeRoom(bytes: number): void {
    this.small?.reserve(bytes);
    this.settle();
  }

  /**
   * Sets a field; true if it is new. Its expiry goes unless `keepExpiry`. The bytes must not lie in this hash.
   * A field past its expiry counts as present, as in Redis.
   */
  set(
    field: Uint8Array,
    fieldStart: number,
    fieldEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    keepExpiry: boolean,
    limits: HashLimits,
  ): boolean {
    const isNew = this.#put(field, fieldStart, fieldEnd, value, valueStart, valueEnd, keepExpiry, limits);
    this.settle();
    return isNew;
  }

  #put(
    field: Uint8Array,
    fieldStart: number,
    fieldEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    keepExpiry: boolean,
    limits: HashLimits,
  ): boolean {
    if (this.small !== undefined) {
      const fieldLength = fieldEnd - fieldStart;
      const valueLength = valueEnd - valueStart;
      if (fieldLength > limits.valueBytesMax || valueLength > limits.valueBytesMax)
        this.#encoding = 'hashtable';
      const bytesMore = packedEntryBytes(fieldLength, valueLength, false);
      if (!mayStayPacked(this.#encoding, this.small.count, this.small.used + bytesMore)) this.#toTable();
    }
    const small = this.small;
    if (small === undefined)
      return this.#setInTable(field, fieldStart, fieldEnd, value, valueStart, valueEnd, keepExpiry);
    const position = small.find(field, fieldStart, fieldEnd);
    if (position === 0) {
      small.append(field, fieldStart, fieldEnd, value, valueStart, valueEnd, NO_EXPIRY);
    } else {
      small.setValue(position, value, valueStart, valueEnd);
      if (!keepExpiry) small.setExpireAt(position, NO_EXPIRY);
    }
    if (small.count > limits.entriesMax) this.#encoding = 'hashtable';
    if (!mayStayPacked(this.#encoding, small.count, small.used)) this.#toTable();
    return position === 0;
  }

  remove(ref: FieldRef): void {
    if (this.small !== undefined) this.small.remove(ref);
    else this.table!.remove(ref);
    this.settle();
  }

  /** HEXPIRE and its kin do this first, whether or not a field is then given an expiry. */
  allowFieldExpiry(): void {
    if (this.#encoding === 'listpack') this.#encoding = 'listpackex';
  }

  /** Sets, changes or (NO_EXPIRY) drops a field's expiry; the reference stays valid. */
  setExpireAt(ref: FieldRef, expireAtMs: number): void {
    if (expireAtMs !== NO_EXPIRY) {
      this.allowFieldExpiry();
      if (expireAtMs < this.#earliestExpiryMs) this.#earliestExpiryMs = expireAtMs;
      this.#sweep?.noteExpiry(expireAtMs);
    }
    if (this.small !== undefined) this.small.setExpireAt(ref, expireAtMs);
    else this.table!.setExpireAt(ref, expireAtMs);
    this.settle();
  }

  /** Fields that are not expired at `nowMs`. Walks the fields only if one may be. */
  liveCount(nowMs: number): number {
    if (nowMs <= this.#earliestExpiryMs || this.expiringCount === 0) return this.length;
    let live = 0;
    if (this.small !== undefined) {
      const cursor = this.small.cursor();
      while (cursor.next()) if (cursor.expireAtMs === NO_EXPIRY || cursor.expireAtMs >= nowMs) live++;
      return live;
    }
    this.visit((ref) => {
      if (!this.isExpired(ref, nowMs)) live++;
    });
    return live;
  }

  /** Every field once, in no particular order. The visitor must not change the hash. */
  visit(visitor: (ref: FieldRef) => void): void {
    const small = this.small;
    if (small !== undefined) {
      for (let ref = small.first(); ref !== 0; ref = small.next(ref)) visitor(ref);
      return;
    }
    const table = this.table!;
    let cursor = 0;
    do {
      cursor = table.scan(cursor, table.count, visitor);
    } while (cursor !== 0);
  }

  /** Every field with its value and expiry (or NO_EXPIRY), expired ones included: for DUMP, DEBUG DIGEST and snapshots. */
  forEach(visitor: (field: Uint8Array, value: Uint8Array, expireAtMs: number) => void): void {
    if (this.small === undefined) {
      this.visit((ref) => visitor(this.fieldView(ref), this.valueView(ref), this.expireAtMs(ref)));
      return;
    }
    const at = this.small.cursor();
    while (at.next()) {
      visitor(
        at.field.subarray(at.fieldStart, at.fieldEnd),
        at.value.subarray(at.valueStart, at.valueEnd),
        at.expireAtMs,
      );
    }
  }

  /** As Keyspace.scan: the next cursor, 0 at the end. The small form is visited whole, as Redis does. */
  scan(cursor: number, budget: number, visitor: (ref: FieldRef) => void): number {
    if (this.table !== undefined) return this.table.scan(cursor, budget, visitor);
    this.visit(visitor);
    return 0;
  }

  /** A random field, close to uniform; 0 if empty. */
  random(rng: Rng): FieldRef {
    const small = this.small;
    if (small === undefined) return this.table!.random(rng);
    return small.nth(Math.floor(rng.float() * small.count));
  }

  /** When the sweeper should next call `expireFields`: never later than the earliest expiry, NO_EXPIRY if no field expires. */
  nextFieldExpiryMs(): number {
    return this.expiringCount === 0 ? NO_EXPIRY : this.#earliestExpiryMs;
  }

  /**
   * Removes about `budget` fields that are due, or fewer after looking at four times as many, and returns how many went:
   * some 50 us with a budget of 64. There may be more: call again while `nextFieldExpiryMs()` is neither NO_EXPIRY nor
   * later than now; each call goes on where the last stopped.
   * When `length` is 0 afterwards, the key must go.
   */
  expireFields(nowMs: number, budget: number): number {
    if (this.expiringCount === 0) {
      this.#earliestExpiryMs = Number.POSITIVE_INFINITY;
      this.#sweep = undefined;
      return 0;
    }
    if (nowMs <= this.#earliestExpiryMs) return 0;
    this.#sweep ??= new FieldSweep();
    const removed =
      this.small !== undefined
        ? this.#sweep.walkSmall(this.small, nowMs, budget)
        : this.#sweep.walkTable(this.table!, nowMs, budget);
    this.settle();
    if (this.#sweep.finished) {
      this.#earliestExpiryMs = this.#sweep.earliestExpiryMs;
      this.#sweep = undefined;
    }
    return removed;
  }

  /** Removes every field that is due (HRANDFIELD, as in Redis). Returns how many went. */
  expireAllFields(nowMs: number): number {
    // A walk that is under way has passed over fields that have become due since: finish it, then make one of our own. If the clock was
    // set back since it began, nothing is due and the walk waits.
    let removed = 0;
    for (let walk = this.#sweep === undefined ? 1 : 0; walk < 2; walk++) {
      do removed += this.expireFields(nowMs, Math.max(this.length, 1));
      while (this.#sweep !== undefined && nowMs > this.#earliestExpiryMs);
    }
    return removed;
  }

  #toTable(): void {
    const small = this.small!;
    const table = this.#storage.create();
    const at = small.cursor();
    while (at.next()) {
      table.putString(
        at.field,
        at.fieldStart,
        at.fieldEnd,
        at.value,
        at.valueStart,
        at.valueEnd,
        at.expireAtMs,
        false,
      );
    }
    this.small = undefined;
    this.table = table;
    this.#encoding = 'hashtable';
    this.#sweep = undefined;
  }

  #setInTable(
    field: Uint8Array,
    fieldStart: number,
    fieldEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    keepExpiry: boolean,
  ): boolean {
    const table = this.table!;
    if (keepExpiry) {
      const ref = table.find(field, fieldStart, fieldEnd);
      if (ref !== 0) {
        table.replaceString(ref, value, valueStart, valueEnd, false);
        return false;
      }
    }
    const countBefore = table.count;
    table.putString(field, fieldStart, fieldEnd, value, valueStart, valueEnd, NO_EXPIRY, false);
    return table.count !== countBefore;
  }
}
