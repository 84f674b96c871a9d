/**
 * Flag `arena-storage`, candidate: keys, values and headers as bytes in arenas, found through 32-bit addresses.
 *
 * No JavaScript object per entry: nothing for the garbage collector to trace, 8 bytes of header and 8.2 of index (on average) beside
 * the key's and the value's own bytes, 8 more with an expiry. Records are in `record/records.ts`, the index in `segmentedIndex.ts`;
 * this file joins them.
 *
 * A Ref is the slot number in the index plus one: records may move when they are resized, slots do not.
 */
import { assert } from '../../../base/assert.ts';
import { copyBytes, copyOf, resizeBytes } from '../../../base/bytes.ts';
import type { Rng } from '../../../ports/rng.ts';
import type { KeyHash } from '../hashing.ts';
import {
  type Collection,
  type Keyspace,
  type KeyspaceFactory,
  NO_EXPIRY,
  type Ref,
  ValueType,
  type ValueTypeId,
} from '../keyspace.ts';
import {
  HAS_EXPIRY,
  KEY_LENGTH_SHIFT,
  KEY_OUTSIDE,
  LENGTH_MASK,
  RAW,
  recordWords,
  TYPE_MASK,
  VALUE_LENGTH_SHIFT,
  VALUE_OUTSIDE,
} from '../record/recordLayout.ts';
import { bothFit, keyFits, Records } from '../record/records.ts';
import { RECORD_WORDS_MAX, SlabStore } from '../record/slabStore.ts';
import { NO_SLOT, SegmentedIndex, tagOf } from './segmentedIndex.ts';
import {
  CHUNK_SLOT_BITS,
  CHUNK_SLOT_MASK,
  SEGMENT_BYTES,
  SEGMENT_SLOT_MASK,
  SEGMENT_SLOTS,
  SegmentPool,
} from './segmentPool.ts';

/** Average share of a segment's slots that are live, over a doubling. */
const LOAD_MEAN = 0.62;
/** The objects of a keyspace beside its records and segments, measured as the slope of the heap; charged while it holds anything. */
const KEYSPACE_BYTES = 800;
const NOTHING = new Uint8Array(0);

export class ArenaKeyspace implements Keyspace {
  readonly #hash: KeyHash;
  readonly #records: Records;
  readonly #index: SegmentedIndex;
  readonly #ownsStore: boolean;
  /** The pool's arrays, kept here so that a lookup reaches them in one step. */
  readonly #tags: Uint8Array[];
  readonly #addresses: Int32Array[];
  count = 0;
  expiringCount = 0;

  /** @param ownsStore true if `store` and `pool` hold nothing else, so that `clear` may drop them whole. */
  constructor(hash: KeyHash, store: SlabStore, pool: SegmentPool, ownsStore: boolean) {
    this.#hash = hash;
    this.#records = new Records(hash, store);
    this.#index = new SegmentedIndex(pool, this.#records);
    this.#ownsStore = ownsStore;
    this.#tags = pool.tags;
    this.#addresses = pool.addresses;
  }

  /** Most records one insertion has moved so far. */
  get movedMax(): number {
    return this.#index.movedMax;
  }

  memoryBytes(): number {
    const bytes = this.#records.memoryBytes() + this.#index.memoryBytes();
    return this.count === 0 ? bytes : bytes + KEYSPACE_BYTES;
  }

  find(buffer: Uint8Array, start: number, end: number): Ref {
    if (this.count === 0) return 0;
    return this.#findSlot(this.#hash.hash(buffer, start, end), buffer, start, end) + 1;
  }

  /** The key's hash: slots change when a segment splits, the hash never does. */
  handleOf(ref: Ref): number {
    return this.#records.hashOf(this.#address(ref));
  }

  findByHandle(handle: number, after: Ref): Ref {
    return this.count === 0 ? 0 : this.#index.findHash(handle, after - 1) + 1;
  }

  /** Slot of the key, NO_SLOT (-1) if absent. The index must not be empty. */
  #findSlot(hash: number, buffer: Uint8Array, start: number, end: number): number {
    const base = this.#index.segmentBase(hash);
    const chunk = base >>> CHUNK_SLOT_BITS;
    const tags = this.#tags[chunk]!;
    const first = base & CHUNK_SLOT_MASK;
    const tag = tagOf(hash);
    let home = hash & SEGMENT_SLOT_MASK;
    let seen = tags[first + home]!;
    while (seen !== 0) {
      if (seen === tag && this.#records.hasKey(this.#addresses[chunk]![first + home]!, buffer, start, end))
        return base + home;
      home = (home + 1) & SEGMENT_SLOT_MASK;
      seen = tags[first + home]!;
    }
    return NO_SLOT;
  }

  #address(ref: Ref): number {
    const slot = ref - 1;
    return this.#addresses[slot >>> CHUNK_SLOT_BITS]![slot & CHUNK_SLOT_MASK]!;
  }

  type(ref: Ref): ValueTypeId {
    return (this.#records.meta(this.#address(ref)) & TYPE_MASK) as ValueTypeId;
  }

  keyLength(ref: Ref): number {
    return this.#records.keyLength(this.#address(ref));
  }

  copyKey(ref: Ref, target: Uint8Array, at: number): void {
    this.#records.copyKey(this.#address(ref), target, at);
  }

  keyBytes(ref: Ref): Uint8Array {
    const key = new Uint8Array(this.keyLength(ref));
    this.copyKey(ref, key, 0);
    return key;
  }

  expireAtMs(ref: Ref): number {
    return this.#records.expireAt(this.#address(ref));
  }

  setExpireAt(ref: Ref, expireAtMs: number): void {
    const has = expireAtMs !== NO_EXPIRY;
    const had = (this.#records.meta(this.#address(ref)) & HAS_EXPIRY) !== 0;
    if (had !== has) this.#toggleExpiry(ref);
    if (has) this.#records.writeExpiry(this.#address(ref), expireAtMs);
    this.expiringCount += Number(has) - Number(had);
  }

  /** Moves a record into one with room for an expiry, or without it. */
  #toggleExpiry(ref: Ref): void {
    const records = this.#records;
    if (recordWords(records.meta(this.#address(ref)) ^ HAS_EXPIRY) > RECORD_WORDS_MAX) {
      // No room for a longer header: the value leaves the record.
      this.#rewrite(ref, NOTHING, 0, 0, this.isRaw(ref), copyOf(this.stringView(ref)));
    }
    const address = this.#address(ref);
    const target = records.allocate(records.meta(address) ^ HAS_EXPIRY);
    records.moveContents(address, target);
    records.free(address);
    this.#index.setAddress(ref - 1, target);
  }

  access(ref: Ref): number {
    return this.#records.access(this.#address(ref));
  }

  setAccess(ref: Ref, word: number): void {
    this.#records.setAccess(this.#address(ref), word);
  }

  entryMemoryBytes(ref: Ref): number {
    return (
      this.#records.recordBytes(this.#address(ref)) + Math.round(SEGMENT_BYTES / (SEGMENT_SLOTS * LOAD_MEAN))
    );
  }

  stringLength(ref: Ref): number {
    return this.#records.valueLength(this.#address(ref));
  }

  copyString(ref: Ref, from: number, to: number, target: Uint8Array, at: number): void {
    this.#records.copyValue(this.#address(ref), from, to, target, at);
  }

  stringView(ref: Ref): Uint8Array {
    return this.#records.valueView(this.#address(ref));
  }

  isRaw(ref: Ref): boolean {
    return (this.#records.meta(this.#address(ref)) & RAW) !== 0;
  }

  putString(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
    raw: boolean,
  ): Ref {
    const hash = this.#hash.hash(key, keyStart, keyEnd);
    const slot = this.count === 0 ? NO_SLOT : this.#findSlot(hash, key, keyStart, keyEnd);
    const keyLength = keyEnd - keyStart;
    const valueLength = valueEnd - valueStart;
    const flags = ValueType.string | (expireAtMs === NO_EXPIRY ? 0 : HAS_EXPIRY) | (raw ? RAW : 0);
    if (!bothFit(keyLength, valueLength)) {
      return this.#putOutside(
        hash,
        slot,
        key,
        keyStart,
        keyEnd,
        flags,
        copyOf(value, valueStart, valueEnd),
        expireAtMs,
      );
    }
    const records = this.#records;
    const meta = flags | (keyLength << KEY_LENGTH_SHIFT) | (valueLength << VALUE_LENGTH_SHIFT);
    if (slot !== NO_SLOT) {
      const address = this.#index.address(slot);
      if (records.reusable(records.meta(address), meta)) {
        records.setMeta(address, meta);
        records.writeValue(address, meta, value, valueStart, valueEnd);
        if (expireAtMs !== NO_EXPIRY) records.writeExpiry(address, expireAtMs);
        return slot + 1;
      }
    }
    const address = records.allocate(meta);
    records.writeKey(address, meta, key, keyStart, keyEnd);
    records.writeValue(address, meta, value, valueStart, valueEnd);
    return this.#install(hash, slot, address, expireAtMs, undefined);
  }

  putCollection(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Collection,
    expireAtMs: number,
  ): Ref {
    const hash = this.#hash.hash(key, keyStart, keyEnd);
    const slot = this.count === 0 ? NO_SLOT : this.#findSlot(hash, key, keyStart, keyEnd);
    const flags = value.type | (expireAtMs === NO_EXPIRY ? 0 : HAS_EXPIRY);
    const ref = this.#putOutside(hash, slot, key, keyStart, keyEnd, flags, value, expireAtMs);
    value.adopt();
    return ref;
  }

  /** Inserts or replaces an entry whose value (and perhaps key) lives on the heap. `slot` is where the key is now, or NO_SLOT. */
  #putOutside(
    hash: number,
    slot: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    flags: number,
    value: Uint8Array | Collection,
    expireAtMs: number,
  ): Ref {
    const keyInside = keyFits(keyEnd - keyStart);
    const meta = flags | VALUE_OUTSIDE | (keyInside ? (keyEnd - keyStart) << KEY_LENGTH_SHIFT : KEY_OUTSIDE);
    const address = this.#records.allocate(meta);
    this.#records.setOutside(address, meta, keyInside ? NOTHING : copyOf(key, keyStart, keyEnd), value);
    if (keyInside) this.#records.writeKey(address, meta, key, keyStart, keyEnd);
    return this.#install(hash, slot, address, expireAtMs, value);
  }

  /** Puts a complete record in the place of the one at `slot`, which goes with all it holds (but `kept`), or in a new slot. */
  #install(hash: number, slot: number, address: number, expireAtMs: number, kept: unknown): Ref {
    if (expireAtMs !== NO_EXPIRY) {
      this.#records.writeExpiry(address, expireAtMs);
      this.expiringCount++;
    }
    if (slot === NO_SLOT) {
      this.count++;
      return this.#index.insert(hash, address) + 1;
    }
    const old = this.#index.address(slot);
    if ((this.#records.meta(old) & HAS_EXPIRY) !== 0) this.expiringCount--;
    const value = this.#records.takeOutside(old);
    this.#records.free(old);
    if (value !== undefined && value !== kept && !(value instanceof Uint8Array)) value.release();
    this.#index.setAddress(slot, address);
    return slot + 1;
  }

  replaceString(ref: Ref, value: Uint8Array, valueStart: number, valueEnd: number, raw: boolean): void {
    this.#rewrite(ref, value, valueStart, valueEnd, raw, undefined);
  }

  /**
   * Gives a string entry another value, key, expiry and access word kept: the bytes [valueStart, valueEnd) of `value`, inside the
   * record if they fit, or `outside` as it is.
   */
  #rewrite(
    ref: Ref,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    raw: boolean,
    outside: Uint8Array | undefined,
  ): void {
    const records = this.#records;
    const address = this.#address(ref);
    const meta = records.meta(address);
    const length = valueEnd - valueStart;
    const keyLength = (meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK;
    const base =
      (meta & (TYPE_MASK | HAS_EXPIRY | KEY_OUTSIDE | (LENGTH_MASK << KEY_LENGTH_SHIFT))) | (raw ? RAW : 0);
    const inside = outside === undefined && (meta & KEY_OUTSIDE) === 0 && bothFit(keyLength, length);
    const newMeta = inside ? base | (length << VALUE_LENGTH_SHIFT) : base | VALUE_OUTSIDE;
    if (records.reusable(meta, newMeta)) {
      records.setMeta(address, newMeta);
      records.writeValue(address, newMeta, value, valueStart, valueEnd);
      return;
    }
    const target = records.allocate(newMeta);
    const from = records.keyAt(address, meta);
    records.writeKey(target, newMeta, records.bytes(address), from, from + keyLength);
    if (inside) {
      records.writeValue(target, newMeta, value, valueStart, valueEnd);
    } else {
      const key = (meta & KEY_OUTSIDE) !== 0 ? records.outsideOf(address, meta).key : NOTHING;
      records.setOutside(target, newMeta, key, outside ?? copyOf(value, valueStart, valueEnd));
    }
    records.setAccess(target, records.access(address));
    if ((meta & HAS_EXPIRY) !== 0) records.writeExpiry(target, records.expireAt(address));
    records.takeOutside(address);
    records.free(address);
    this.#index.setAddress(ref - 1, target);
  }

  resizeString(ref: Ref, length: number): void {
    const address = this.#address(ref);
    const meta = this.#records.meta(address);
    const old = this.stringView(ref);
    if ((meta & VALUE_OUTSIDE) !== 0) {
      this.#rewrite(ref, NOTHING, 0, 0, true, resizeBytes(old, length));
      return;
    }
    const resized = new Uint8Array(length);
    resized.set(length < old.length ? old.subarray(0, length) : old);
    this.replaceString(ref, resized, 0, length, true);
  }

  writeString(ref: Ref, at: number, bytes: Uint8Array, start: number, end: number): void {
    assert(at + end - start <= this.stringLength(ref), 'writeString beyond the string');
    const records = this.#records;
    const address = this.#address(ref);
    const meta = records.meta(address);
    if ((meta & VALUE_OUTSIDE) !== 0)
      copyBytes(bytes, start, end, records.outsideOf(address, meta).value as Uint8Array, at);
    else copyBytes(bytes, start, end, records.bytes(address), records.valueAt(address, meta) + at);
  }

  collection(ref: Ref): Collection {
    const address = this.#address(ref);
    return this.#records.outsideOf(address, this.#records.meta(address)).value as Collection;
  }

  remove(ref: Ref): void {
    const value = this.#unlink(ref);
    if (value !== undefined && !(value instanceof Uint8Array)) value.release();
  }

  detach(ref: Ref): Collection | undefined {
    const value = this.#unlink(ref);
    if (value === undefined || value instanceof Uint8Array) return undefined;
    value.disown();
    return value;
  }

  #unlink(ref: Ref): Uint8Array | Collection | undefined {
    const address = this.#address(ref);
    this.#index.remove(ref - 1);
    if ((this.#records.meta(address) & HAS_EXPIRY) !== 0) this.expiringCount--;
    const value = this.#records.takeOutside(address);
    this.#records.free(address);
    this.count--;
    return value;
  }

  scan(cursor: number, budget: number, visit: (ref: Ref) => void): number {
    return this.#index.scan(cursor, budget, (slot) => visit(slot + 1));
  }

  random(rng: Rng): Ref {
    return this.count === 0 ? 0 : this.#index.random(() => rng.float()) + 1;
  }

  clear(): void {
    this.#records.clearOutside();
    if (this.#ownsStore) {
      this.#records.clearStore();
      this.#index.forget();
    } else {
      this.#index.visitAll((slot) => this.#records.free(this.#index.address(slot)));
      this.#index.clear();
    }
    this.count = 0;
    this.expiringCount = 0;
  }
}

export class ArenaKeyspaceFactory implements KeyspaceFactory {
  readonly #hash: KeyHash;
  readonly #store = new SlabStore();
  readonly #pool = new SegmentPool();
  /** The shared one first, then each database's. */
  readonly #stores = [this.#store];
  #collectionsBytes = 0;

  constructor(hash: KeyHash) {
    this.#hash = hash;
  }

  createDatabase(): Keyspace {
    const store = new SlabStore();
    this.#stores.push(store);
    return new ArenaKeyspace(this.#hash, store, new SegmentPool(), true);
  }

  create(): Keyspace {
    return new ArenaKeyspace(this.#hash, this.#store, this.#pool, false);
  }

  reservedBytes(): number {
    let bytes = 0;
    for (const store of this.#stores) bytes += store.reservedBytes();
    return bytes;
  }

  collectionsBytes(): number {
    return this.#collectionsBytes;
  }

  charge(deltaBytes: number): void {
    this.#collectionsBytes += deltaBytes;
    assert(this.#collectionsBytes >= 0, 'collections gave back more bytes than they took');
  }
}
