/**
 * Flag `arena-storage`, candidate: keys, values and headers as bytes in arenas, found through 32-bit addresses.
 *
 * No JavaScript object per entry: nothing for the garbage collector to trace, 8 bytes of header and those of the index beside
 * the key's and the value's own bytes, 8 more with an expiry. Records are in `record/records.ts`, the index is one of those behind
 * `recordIndex.ts`; this file joins them.
 *
 * A Ref is the index's: records may move when they are resized, their places in the index do not.
 *
 * Length: one interface, a few lines for each of its methods.
 */
import { assert } from '../../../base/assert.ts';
import { copyBytes, copyOf, resizeBytes } from '../../../base/bytes.ts';
import type { Rng } from '../../../ports/rng.ts';
import type { GrowthTimer } from '../growthTimer.ts';
import type { KeyHash } from '../hashing.ts';
import {
  type Collection,
  type Keyspace,
  type KeyspaceFactory,
  type KeyspaceWatcher,
  NO_EXPIRY,
  type Ref,
  ValueType,
  type ValueTypeId,
} from '../keyspace.ts';
import {
  EXPIRY_FLAGS,
  expiryFlags,
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
import type { Disposal } from '../release/disposal.ts';
import { ImmediateDisposal } from '../release/immediateDisposal.ts';
import type { CreateIndexPool, IndexPool, RecordIndex } from './recordIndex.ts';

/** The objects of a keyspace beside its records and segments, measured as the slope of the heap; charged while it holds anything. */
const KEYSPACE_BYTES = 800;
const NOTHING = new Uint8Array(0);

export class ArenaKeyspace implements Keyspace {
  readonly #hash: KeyHash;
  readonly #records: Records;
  readonly #index: RecordIndex;
  readonly #ownsStore: boolean;
  count = 0;
  expiringCount = 0;
  watcher: KeyspaceWatcher | undefined = undefined;

  /** @param ownsStore true if `store` and `pool` hold nothing else, so that `clear` may drop them whole. */
  constructor(hash: KeyHash, store: SlabStore, pool: IndexPool, ownsStore: boolean) {
    this.#hash = hash;
    this.#records = new Records(hash, store);
    this.#index = pool.createIndex(this.#records);
    this.#ownsStore = ownsStore;
  }

  /** Most records one insertion or removal has moved so far. */
  get movedMax(): number {
    return this.#index.movedMax;
  }

  memoryBytes(): number {
    return this.#records.memoryBytes() + this.indexBytes();
  }

  indexBytes(): number {
    const bytes = this.#index.memoryBytes();
    return this.count === 0 ? bytes : bytes + KEYSPACE_BYTES;
  }

  find(buffer: Uint8Array, start: number, end: number): Ref {
    if (this.count === 0) return 0;
    return this.#index.find(this.#hash.hash(buffer, start, end), buffer, start, end);
  }

  /** The key's hash: places change when the index grows, the hash never does. */
  handleOf(ref: Ref): number {
    return this.#records.hashOf(this.#address(ref));
  }

  findByHandle(handle: number, after: Ref): Ref {
    return this.count === 0 ? 0 : this.#index.findHash(handle, after);
  }

  #address(ref: Ref): number {
    return this.#index.address(ref);
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
    if (this.watcher !== undefined) this.watcher.changing(ref);
    const flags = expiryFlags(expireAtMs);
    const had = this.#records.meta(this.#address(ref)) & EXPIRY_FLAGS;
    if (had !== flags) this.#changeHeader(ref, flags);
    if (flags !== 0) this.#records.writeExpiry(this.#address(ref), expireAtMs);
    this.expiringCount += Number(flags !== 0) - Number(had !== 0);
  }

  /** Moves a record into one with room for such an expiry, or without any. */
  #changeHeader(ref: Ref, flags: number): void {
    const records = this.#records;
    const withFlags = (meta: number): number => (meta & ~EXPIRY_FLAGS) | flags;
    if (recordWords(withFlags(records.meta(this.#address(ref)))) > RECORD_WORDS_MAX) {
      // No room for a longer header: the value leaves the record.
      this.#rewrite(ref, NOTHING, 0, 0, this.isRaw(ref), copyOf(this.stringView(ref)));
    }
    const address = this.#address(ref);
    const target = records.allocate(withFlags(records.meta(address)));
    records.moveContents(address, target);
    records.free(address);
    this.#index.setAddress(ref, target);
  }

  access(ref: Ref): number {
    return this.#records.access(this.#address(ref));
  }

  setAccess(ref: Ref, word: number): void {
    this.#records.setAccess(this.#address(ref), word);
  }

  entryMemoryBytes(ref: Ref): number {
    return this.#records.recordBytes(this.#address(ref)) + Math.round(this.#index.bytesPerEntryMean);
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
    const flags = ValueType.string | (raw ? RAW : 0);
    return this.#putBytes(key, keyStart, keyEnd, flags, value, valueStart, valueEnd, expireAtMs);
  }

  putPacked(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    type: ValueTypeId,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): Ref {
    return this.#putBytes(key, keyStart, keyEnd, type | RAW, value, valueStart, valueEnd, expireAtMs);
  }

  isPacked(ref: Ref): boolean {
    const meta = this.#records.meta(this.#address(ref));
    return (meta & RAW) !== 0 && (meta & TYPE_MASK) !== ValueType.string;
  }

  /** @param kind type and RAW. */
  #putBytes(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    kind: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): Ref {
    const hash = this.#hash.hash(key, keyStart, keyEnd);
    const old = this.count === 0 ? 0 : this.#index.find(hash, key, keyStart, keyEnd);
    if (this.watcher !== undefined && old !== 0) this.watcher.changing(old);
    const keyLength = keyEnd - keyStart;
    const valueLength = valueEnd - valueStart;
    const flags = kind | expiryFlags(expireAtMs);
    if (!bothFit(keyLength, valueLength)) {
      if (old !== 0 && this.#overwriteOutside(old, flags, value, valueStart, valueEnd, expireAtMs))
        return old;
      return this.#putOutside(
        hash,
        old,
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
    if (old !== 0) {
      const address = this.#index.address(old);
      if (records.reusable(records.meta(address), meta)) {
        records.setMeta(address, meta);
        records.writeValue(address, meta, value, valueStart, valueEnd);
        if (expireAtMs !== NO_EXPIRY) records.writeExpiry(address, expireAtMs);
        return old;
      }
    }
    const address = records.allocate(meta);
    records.writeKey(address, meta, key, keyStart, keyEnd);
    records.writeValue(address, meta, value, valueStart, valueEnd);
    return this.#install(hash, old, address, expireAtMs, undefined);
  }

  putCollection(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Collection,
    expireAtMs: number,
  ): Ref {
    const hash = this.#hash.hash(key, keyStart, keyEnd);
    const old = this.count === 0 ? 0 : this.#index.find(hash, key, keyStart, keyEnd);
    if (this.watcher !== undefined && old !== 0) this.watcher.changing(old);
    const flags = value.type | expiryFlags(expireAtMs);
    const ref = this.#putOutside(hash, old, key, keyStart, keyEnd, flags, value, expireAtMs);
    value.adopt();
    return ref;
  }

  /** Gives an entry whose string lives on the heap another one in the same memory; false if that cannot be. */
  #overwriteOutside(
    ref: Ref,
    flags: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): boolean {
    const records = this.#records;
    const address = this.#index.address(ref);
    const meta = records.meta(address);
    if ((meta & VALUE_OUTSIDE) === 0 || ((meta ^ flags) & EXPIRY_FLAGS) !== 0) return false;
    if (!records.overwriteOutside(address, value, valueStart, valueEnd)) return false;
    records.setMeta(address, (meta & ~(TYPE_MASK | RAW)) | flags);
    if (expireAtMs !== NO_EXPIRY) records.writeExpiry(address, expireAtMs);
    return true;
  }

  /** Inserts or replaces an entry whose value (and perhaps key) lives on the heap. `old` is the key's present entry, or 0. */
  #putOutside(
    hash: number,
    old: Ref,
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
    return this.#install(hash, old, address, expireAtMs, value);
  }

  /** Puts a complete record in the place of that of `old`, which goes with all it holds (but `kept`), or in a new place. */
  #install(hash: number, old: Ref, address: number, expireAtMs: number, kept: unknown): Ref {
    if (expireAtMs !== NO_EXPIRY) {
      this.#records.writeExpiry(address, expireAtMs);
      this.expiringCount++;
    }
    if (old === 0) {
      this.count++;
      const ref = this.#index.insert(hash, address);
      if (this.watcher !== undefined) this.watcher.created(ref);
      return ref;
    }
    const replaced = this.#index.address(old);
    if ((this.#records.meta(replaced) & HAS_EXPIRY) !== 0) this.expiringCount--;
    const value = this.#records.takeOutside(replaced);
    this.#records.free(replaced);
    if (value !== undefined && value !== kept && !(value instanceof Uint8Array)) value.release();
    this.#index.setAddress(old, address);
    return old;
  }

  replaceString(ref: Ref, value: Uint8Array, valueStart: number, valueEnd: number, raw: boolean): void {
    if (this.watcher !== undefined) this.watcher.changing(ref);
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
      (meta & (TYPE_MASK | EXPIRY_FLAGS | KEY_OUTSIDE | (LENGTH_MASK << KEY_LENGTH_SHIFT))) | (raw ? RAW : 0);
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
    this.#index.setAddress(ref, target);
  }

  resizeString(ref: Ref, length: number): void {
    if (this.watcher !== undefined) this.watcher.changing(ref);
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
    if (this.watcher !== undefined) this.watcher.changing(ref);
    const records = this.#records;
    const address = this.#address(ref);
    const meta = records.meta(address);
    if ((meta & VALUE_OUTSIDE) !== 0)
      copyBytes(bytes, start, end, records.outsideOf(address, meta).value as Uint8Array, at);
    else copyBytes(bytes, start, end, records.bytes(address), records.valueAt(address, meta) + at);
  }

  collection(ref: Ref): Collection {
    if (this.watcher !== undefined) this.watcher.handingOut(ref);
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
    if (this.watcher !== undefined) this.watcher.changing(ref);
    const address = this.#address(ref);
    this.#index.remove(ref);
    if ((this.#records.meta(address) & HAS_EXPIRY) !== 0) this.expiringCount--;
    const value = this.#records.takeOutside(address);
    this.#records.free(address);
    this.count--;
    return value;
  }

  scan(cursor: number, budget: number, visit: (ref: Ref) => void): number {
    return this.#index.scan(cursor, budget, visit);
  }

  walk(from: number, visit: (ref: Ref) => void): number {
    return this.#index.walk(from, visit);
  }

  /** The key's hash, which the index is in order of. */
  walkPosition(ref: Ref): number {
    return this.handleOf(ref) >>> 0;
  }

  random(rng: Rng): Ref {
    return this.count === 0 ? 0 : this.#index.random(() => rng.float());
  }

  /** Storage of its own is dropped whole once the heap objects are released; shared storage takes its records back, some hundreds a step. */
  releaseSome(cursor: number, budget: number): number {
    if (this.watcher !== undefined) this.watcher.clearing();
    const next = this.#ownsStore
      ? this.#records.releaseOutside(cursor, budget)
      : this.#index.dismantle(cursor, budget, (ref) => this.#drop(this.#index.address(ref)));
    if (next === 0) {
      if (this.#ownsStore) {
        this.#records.clearStore();
        this.#index.forget();
      }
      this.count = 0;
      this.expiringCount = 0;
    }
    return next;
  }

  clear(): void {
    this.releaseSome(0, Number.POSITIVE_INFINITY);
  }

  #drop(address: number): void {
    const value = this.#records.takeOutside(address);
    this.#records.free(address);
    this.count--;
    if (value !== undefined && !(value instanceof Uint8Array)) value.release();
  }
}

export class ArenaKeyspaceFactory implements KeyspaceFactory {
  readonly #hash: KeyHash;
  readonly #growth: GrowthTimer;
  readonly #store: SlabStore;
  readonly #createPool: CreateIndexPool;
  readonly #pool: IndexPool;
  /** The shared one first, then each database's. */
  readonly #stores: SlabStore[];
  #collectionsBytes = 0;
  disposal: Disposal = new ImmediateDisposal();

  constructor(hash: KeyHash, createPool: CreateIndexPool, growth: GrowthTimer) {
    this.#hash = hash;
    this.#growth = growth;
    this.#store = new SlabStore(growth);
    this.#stores = [this.#store];
    this.#createPool = createPool;
    this.#pool = createPool(growth);
  }

  createDatabase(): Keyspace {
    const store = new SlabStore(this.#growth);
    this.#stores.push(store);
    return new ArenaKeyspace(this.#hash, store, this.#createPool(this.#growth), true);
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
