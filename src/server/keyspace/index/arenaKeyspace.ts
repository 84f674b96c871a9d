/**
 * Flag `arena-storage`, candidate: keys, values and headers as bytes in arenas, found through 32-bit addresses.
 *
 * No JavaScript object per entry: nothing for the garbage collector to trace, 8 bytes of header and 8.2 of index (on average) beside
 * the key's and the value's own bytes, 8 more with an expiry. The picture of a record is in `record/recordLayout.ts`, that of the
 * index in `segmentedIndex.ts`. What a record cannot hold (collections, long keys, values of more than about 4 KB) is a heap
 * object in a slot table.
 *
 * A Ref is the slot number in the index plus one: records may move when they are resized, slots do not.
 */
import { assert } from '../../../base/assert.ts';
import { copyBytes } from '../../../base/bytes.ts';
import type { Rng } from '../../../ports/rng.ts';
import type { KeyHash } from '../hashing.ts';
import { type Collection, type Keyspace, type KeyspaceFactory, NO_EXPIRY, type Ref, ValueType, type ValueTypeId } from '../keyspace.ts';
import {
  HAS_EXPIRY,
  headerWords,
  KEY_LENGTH_SHIFT,
  KEY_OUTSIDE,
  LENGTH_MASK,
  LENGTH_MAX,
  RAW,
  recordWords,
  TYPE_MASK,
  VALUE_LENGTH_SHIFT,
  VALUE_OUTSIDE,
} from '../record/recordLayout.ts';
import { ARENA_WORD_BITS, ARENA_WORD_MASK, RECORD_WORDS_MAX, SlabStore } from '../record/slabStore.ts';
import { SlotTable } from '../record/slotTable.ts';
import { CHUNK_SLOT_BITS, CHUNK_SLOT_MASK, SEGMENT_BYTES, SEGMENT_SLOT_MASK, SEGMENT_SLOTS, SegmentPool } from './segmentPool.ts';
import { NO_SLOT, type RecordKeys, SegmentedIndex, tagOf } from './segmentedIndex.ts';

const RECORD_BYTES_MAX = RECORD_WORDS_MAX * 4;
/** Header of a record with expiry and slot number: the most a header takes. */
const HEADER_BYTES_MAX = 20;
const HIGH_WORD = 0x1_0000_0000;
/** A heap object beside its bytes: the typed array or wrapper and its slot. */
const OUTSIDE_OVERHEAD_BYTES = 120;

/** What does not fit in a record. */
class Outside {
  /** Empty where the record holds the key. */
  key: Uint8Array;
  value: Uint8Array | Collection;

  constructor(key: Uint8Array, value: Uint8Array | Collection) {
    this.key = key;
    this.value = value;
  }
}

const NOTHING = new Uint8Array(0);

export class ArenaKeyspace implements Keyspace, RecordKeys {
  readonly #hash: KeyHash;
  readonly #store: SlabStore;
  readonly #ownsStore: boolean;
  readonly #index: SegmentedIndex;
  readonly #outside = new SlotTable<Outside>();
  /** The store's and the pool's arrays, kept here so that a lookup reaches them in one step. */
  readonly #bytes: Uint8Array[];
  readonly #words: Int32Array[];
  readonly #tags: Uint8Array[];
  readonly #addresses: Int32Array[];
  #recordWordsLive = 0;
  #outsideBytes = 0;
  count = 0;
  expiringCount = 0;

  constructor(hash: KeyHash, store: SlabStore, pool: SegmentPool, ownsStore: boolean) {
    this.#hash = hash;
    this.#store = store;
    this.#ownsStore = ownsStore;
    this.#index = new SegmentedIndex(pool, this);
    this.#bytes = store.bytes;
    this.#words = store.words;
    this.#tags = pool.tags;
    this.#addresses = pool.addresses;
  }

  /** Most records one insertion has moved so far. */
  get movedMax(): number {
    return this.#index.movedMax;
  }

  memoryBytes(): number {
    return this.#recordWordsLive * 4 + this.#outsideBytes + this.#index.memoryBytes();
  }

  find(buffer: Uint8Array, start: number, end: number): Ref {
    if (this.count === 0) return 0;
    return this.#findSlot(this.#hash.hash(buffer, start, end), buffer, start, end) + 1;
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
      if (seen === tag && this.#hasKey(this.#addresses[chunk]![first + home]!, buffer, start, end)) return base + home;
      home = (home + 1) & SEGMENT_SLOT_MASK;
      seen = tags[first + home]!;
    }
    return NO_SLOT;
  }

  #hasKey(address: number, buffer: Uint8Array, start: number, end: number): boolean {
    const arena = address >>> ARENA_WORD_BITS;
    const word = address & ARENA_WORD_MASK;
    const meta = this.#words[arena]![word]!;
    if ((meta & KEY_OUTSIDE) !== 0) return this.#hasOutsideKey(arena, word, meta, buffer, start, end);
    const length = end - start;
    if (((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK) !== length) return false;
    const bytes = this.#bytes[arena]!;
    const at = (word + headerWords(meta)) << 2;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== buffer[start + i]) return false;
    return true;
  }

  #hasOutsideKey(arena: number, word: number, meta: number, buffer: Uint8Array, start: number, end: number): boolean {
    const key = this.#outside.get(this.#words[arena]![word + headerWords(meta) - 1]!).key;
    if (key.length !== end - start) return false;
    for (let i = 0; i < key.length; i++) if (key[i] !== buffer[start + i]) return false;
    return true;
  }

  hashOf(address: number): number {
    const arena = address >>> ARENA_WORD_BITS;
    const word = address & ARENA_WORD_MASK;
    const meta = this.#words[arena]![word]!;
    if ((meta & KEY_OUTSIDE) !== 0) {
      const { key } = this.#outside.get(this.#words[arena]![word + headerWords(meta) - 1]!);
      return this.#hash.hash(key, 0, key.length);
    }
    const at = (word + headerWords(meta)) << 2;
    return this.#hash.hash(this.#bytes[arena]!, at, at + ((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK));
  }

  #address(ref: Ref): number {
    const slot = ref - 1;
    return this.#addresses[slot >>> CHUNK_SLOT_BITS]![slot & CHUNK_SLOT_MASK]!;
  }

  #meta(address: number): number {
    return this.#words[address >>> ARENA_WORD_BITS]![address & ARENA_WORD_MASK]!;
  }

  /** Byte offset of the key within its arena. */
  #keyAt(address: number, meta: number): number {
    return ((address & ARENA_WORD_MASK) + headerWords(meta)) << 2;
  }

  #valueAt(address: number, meta: number): number {
    return this.#keyAt(address, meta) + ((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK);
  }

  #outsideSlot(address: number, meta: number): number {
    return this.#words[address >>> ARENA_WORD_BITS]![(address & ARENA_WORD_MASK) + headerWords(meta) - 1]!;
  }

  #outsideOf(address: number, meta: number): Outside {
    return this.#outside.get(this.#outsideSlot(address, meta));
  }

  type(ref: Ref): ValueTypeId {
    return (this.#meta(this.#address(ref)) & TYPE_MASK) as ValueTypeId;
  }

  keyLength(ref: Ref): number {
    const address = this.#address(ref);
    const meta = this.#meta(address);
    return (meta & KEY_OUTSIDE) === 0 ? (meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK : this.#outsideOf(address, meta).key.length;
  }

  copyKey(ref: Ref, target: Uint8Array, at: number): void {
    const address = this.#address(ref);
    const meta = this.#meta(address);
    if ((meta & KEY_OUTSIDE) !== 0) {
      target.set(this.#outsideOf(address, meta).key, at);
      return;
    }
    const from = this.#keyAt(address, meta);
    copyBytes(this.#bytes[address >>> ARENA_WORD_BITS]!, from, from + ((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK), target, at);
  }

  keyBytes(ref: Ref): Uint8Array {
    const key = new Uint8Array(this.keyLength(ref));
    this.copyKey(ref, key, 0);
    return key;
  }

  expireAtMs(ref: Ref): number {
    return this.#expireAt(this.#address(ref));
  }

  #expireAt(address: number): number {
    const words = this.#words[address >>> ARENA_WORD_BITS]!;
    const word = address & ARENA_WORD_MASK;
    if ((words[word]! & HAS_EXPIRY) === 0) return NO_EXPIRY;
    return (words[word + 2]! >>> 0) + words[word + 3]! * HIGH_WORD;
  }

  #writeExpiry(address: number, expireAtMs: number): void {
    const words = this.#words[address >>> ARENA_WORD_BITS]!;
    const word = address & ARENA_WORD_MASK;
    words[word + 2] = expireAtMs % HIGH_WORD | 0;
    words[word + 3] = Math.floor(expireAtMs / HIGH_WORD);
  }

  setExpireAt(ref: Ref, expireAtMs: number): void {
    const address = this.#address(ref);
    const meta = this.#meta(address);
    const had = (meta & HAS_EXPIRY) !== 0;
    const has = expireAtMs !== NO_EXPIRY;
    if (had !== has) this.#changeHeader(ref, address, meta, has ? meta | HAS_EXPIRY : meta & ~HAS_EXPIRY);
    if (has) this.#writeExpiry(this.#address(ref), expireAtMs);
    this.expiringCount += Number(has) - Number(had);
  }

  /** Moves a record into one whose meta has another header, same key and value bytes. */
  #changeHeader(ref: Ref, address: number, meta: number, newMeta: number): void {
    const newWords = recordWords(newMeta);
    if (newWords > RECORD_WORDS_MAX) {
      this.#moveValueOutside(ref, address, meta);
      const moved = this.#address(ref);
      const movedMeta = this.#meta(moved);
      return this.#changeHeader(ref, moved, movedMeta, (movedMeta & ~HAS_EXPIRY) | (newMeta & HAS_EXPIRY));
    }
    const target = this.#allocate(newMeta);
    const words = this.#words[address >>> ARENA_WORD_BITS]!;
    const targetWords = this.#words[target >>> ARENA_WORD_BITS]!;
    targetWords[(target & ARENA_WORD_MASK) + 1] = words[(address & ARENA_WORD_MASK) + 1]!;
    if ((newMeta & (VALUE_OUTSIDE | KEY_OUTSIDE)) !== 0) {
      targetWords[(target & ARENA_WORD_MASK) + headerWords(newMeta) - 1] = this.#outsideSlot(address, meta);
    }
    const from = this.#keyAt(address, meta);
    const length = ((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK) + (meta >>> VALUE_LENGTH_SHIFT);
    copyBytes(this.#bytes[address >>> ARENA_WORD_BITS]!, from, from + length, this.#bytes[target >>> ARENA_WORD_BITS]!, this.#keyAt(target, newMeta));
    this.#free(address, meta);
    this.#index.setAddress(ref - 1, target);
  }

  /** A record's string value becomes a heap object, for lack of room. */
  #moveValueOutside(ref: Ref, address: number, meta: number): void {
    const value = this.stringView(ref).slice();
    this.#rewrite(ref, address, meta, NOTHING, 0, 0, (meta & RAW) !== 0, value);
  }

  access(ref: Ref): number {
    const address = this.#address(ref);
    return this.#words[address >>> ARENA_WORD_BITS]![(address & ARENA_WORD_MASK) + 1]! & 0xff_ffff;
  }

  setAccess(ref: Ref, word: number): void {
    const address = this.#address(ref);
    this.#words[address >>> ARENA_WORD_BITS]![(address & ARENA_WORD_MASK) + 1] = word;
  }

  entryMemoryBytes(ref: Ref): number {
    const address = this.#address(ref);
    const meta = this.#meta(address);
    let bytes = this.#store.roundedWords(recordWords(meta)) * 4 + Math.round(SEGMENT_BYTES / (SEGMENT_SLOTS * 0.62));
    if ((meta & (VALUE_OUTSIDE | KEY_OUTSIDE)) !== 0) {
      const { key, value } = this.#outsideOf(address, meta);
      bytes += OUTSIDE_OVERHEAD_BYTES + key.length + (value instanceof Uint8Array ? value.length : value.memoryBytes());
    }
    return bytes;
  }

  stringLength(ref: Ref): number {
    const address = this.#address(ref);
    const meta = this.#meta(address);
    return (meta & VALUE_OUTSIDE) === 0 ? meta >>> VALUE_LENGTH_SHIFT : (this.#outsideOf(address, meta).value as Uint8Array).length;
  }

  copyString(ref: Ref, from: number, to: number, target: Uint8Array, at: number): void {
    const address = this.#address(ref);
    const meta = this.#meta(address);
    if ((meta & VALUE_OUTSIDE) !== 0) {
      copyBytes(this.#outsideOf(address, meta).value as Uint8Array, from, to, target, at);
      return;
    }
    const start = this.#valueAt(address, meta);
    const bytes = this.#bytes[address >>> ARENA_WORD_BITS]!;
    if (to - from <= COPY_LOOP_BYTES_MAX) for (let i = start + from, j = at; i < start + to; i++, j++) target[j] = bytes[i]!;
    else target.set(bytes.subarray(start + from, start + to), at);
  }

  stringView(ref: Ref): Uint8Array {
    const address = this.#address(ref);
    const meta = this.#meta(address);
    if ((meta & VALUE_OUTSIDE) !== 0) return this.#outsideOf(address, meta).value as Uint8Array;
    const start = this.#valueAt(address, meta);
    return this.#bytes[address >>> ARENA_WORD_BITS]!.subarray(start, start + (meta >>> VALUE_LENGTH_SHIFT));
  }

  isRaw(ref: Ref): boolean {
    return (this.#meta(this.#address(ref)) & RAW) !== 0;
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
    const expiry = expireAtMs === NO_EXPIRY ? 0 : HAS_EXPIRY;
    const fits =
      keyLength <= LENGTH_MAX && valueLength <= LENGTH_MAX && keyLength + valueLength + HEADER_BYTES_MAX <= RECORD_BYTES_MAX;
    if (!fits) {
      return this.#putOutside(hash, slot, key, keyStart, keyEnd, ValueType.string, value.slice(valueStart, valueEnd), expireAtMs, raw);
    }
    const meta =
      ValueType.string | expiry | (raw ? RAW : 0) | (keyLength << KEY_LENGTH_SHIFT) | (valueLength << VALUE_LENGTH_SHIFT);
    let address: number;
    if (slot === NO_SLOT) {
      address = this.#allocate(meta);
      copyBytes(key, keyStart, keyEnd, this.#bytes[address >>> ARENA_WORD_BITS]!, this.#keyAt(address, meta));
      this.#writeValue(address, meta, value, valueStart, valueEnd);
      if (expiry !== 0) {
        this.#writeExpiry(address, expireAtMs);
        this.expiringCount++;
      }
      this.count++;
      return this.#index.insert(hash, address) + 1;
    }
    address = this.#index.address(slot);
    const oldMeta = this.#meta(address);
    if (this.#reusable(oldMeta, meta)) {
      this.#words[address >>> ARENA_WORD_BITS]![address & ARENA_WORD_MASK] = meta;
    } else {
      this.#dropValue(address, oldMeta);
      this.#free(address, oldMeta);
      address = this.#allocate(meta);
      copyBytes(key, keyStart, keyEnd, this.#bytes[address >>> ARENA_WORD_BITS]!, this.#keyAt(address, meta));
      this.#index.setAddress(slot, address);
      this.expiringCount += Number(expiry !== 0) - Number((oldMeta & HAS_EXPIRY) !== 0);
    }
    this.#writeValue(address, meta, value, valueStart, valueEnd);
    if (expiry !== 0) this.#writeExpiry(address, expireAtMs);
    return slot + 1;
  }

  /** True if a record of `oldMeta` can become one of `meta` where it lies. */
  #reusable(oldMeta: number, meta: number): boolean {
    return (
      ((oldMeta ^ meta) & (HAS_EXPIRY | VALUE_OUTSIDE | KEY_OUTSIDE)) === 0 &&
      (oldMeta & (VALUE_OUTSIDE | KEY_OUTSIDE)) === 0 &&
      ((oldMeta >>> VALUE_LENGTH_SHIFT) === (meta >>> VALUE_LENGTH_SHIFT) ||
        this.#sameRoom(recordWords(oldMeta), recordWords(meta)))
    );
  }

  /** Same size class: the account in words stays right because it counts whole classes. */
  #sameRoom(oldWords: number, newWords: number): boolean {
    return this.#store.sameClass(oldWords, newWords);
  }

  #writeValue(address: number, meta: number, value: Uint8Array, start: number, end: number): void {
    const at = this.#valueAt(address, meta);
    const bytes = this.#bytes[address >>> ARENA_WORD_BITS]!;
    if (end - start <= COPY_LOOP_BYTES_MAX) for (let i = start, j = at; i < end; i++, j++) bytes[j] = value[i]!;
    else bytes.set(value.subarray(start, end), at);
  }

  /** Room for a record with this meta, which is written; access word zero. */
  #allocate(meta: number): number {
    const words = recordWords(meta);
    const address = this.#store.allocate(words);
    this.#recordWordsLive += this.#store.roundedWords(words);
    const arena = this.#words[address >>> ARENA_WORD_BITS]!;
    arena[address & ARENA_WORD_MASK] = meta;
    arena[(address & ARENA_WORD_MASK) + 1] = 0;
    return address;
  }

  #free(address: number, meta: number): void {
    const words = recordWords(meta);
    this.#recordWordsLive -= this.#store.roundedWords(words);
    this.#store.free(address, words);
  }

  /** Takes the outside part of a record away, releasing a collection. */
  #dropValue(address: number, meta: number): void {
    const value = this.#takeOutside(address, meta);
    if (value !== undefined && !(value instanceof Uint8Array)) value.release();
  }

  #takeOutside(address: number, meta: number): Uint8Array | Collection | undefined {
    if ((meta & (VALUE_OUTSIDE | KEY_OUTSIDE)) === 0) return undefined;
    const slot = this.#outsideSlot(address, meta);
    const { key, value } = this.#outside.get(slot);
    this.#outside.release(slot);
    this.#outsideBytes -= OUTSIDE_OVERHEAD_BYTES + key.length + (value instanceof Uint8Array ? value.length : 0);
    return value;
  }

  #addOutside(key: Uint8Array, value: Uint8Array | Collection): number {
    const slot = this.#outside.take();
    this.#outside.set(slot, new Outside(key, value));
    this.#outsideBytes += OUTSIDE_OVERHEAD_BYTES + key.length + (value instanceof Uint8Array ? value.length : 0);
    return slot;
  }

  /** Inserts or replaces an entry whose value (and perhaps key) lives on the heap. `slot` is where the key is now, or NO_SLOT. */
  #putOutside(
    hash: number,
    slot: number,
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    type: ValueTypeId,
    value: Uint8Array | Collection,
    expireAtMs: number,
    raw: boolean,
  ): Ref {
    const keyLength = keyEnd - keyStart;
    const keyOutside = keyLength > LENGTH_MAX || keyLength + HEADER_BYTES_MAX > RECORD_BYTES_MAX;
    const expiry = expireAtMs === NO_EXPIRY ? 0 : HAS_EXPIRY;
    const meta =
      type | expiry | VALUE_OUTSIDE | (keyOutside ? KEY_OUTSIDE : keyLength << KEY_LENGTH_SHIFT) | (raw ? RAW : 0);
    const outsideKey = keyOutside ? key.slice(keyStart, keyEnd) : NOTHING;
    if (slot !== NO_SLOT) {
      const old = this.#index.address(slot);
      const oldMeta = this.#meta(old);
      const oldValue = this.#takeOutside(old, oldMeta);
      if (oldValue !== undefined && oldValue !== value && !(oldValue instanceof Uint8Array)) oldValue.release();
      this.#free(old, oldMeta);
      if ((oldMeta & HAS_EXPIRY) !== 0) this.expiringCount--;
    }
    const address = this.#allocate(meta);
    this.#words[address >>> ARENA_WORD_BITS]![(address & ARENA_WORD_MASK) + headerWords(meta) - 1] = this.#addOutside(outsideKey, value);
    if (!keyOutside) copyBytes(key, keyStart, keyEnd, this.#bytes[address >>> ARENA_WORD_BITS]!, this.#keyAt(address, meta));
    if (expiry !== 0) {
      this.#writeExpiry(address, expireAtMs);
      this.expiringCount++;
    }
    if (slot !== NO_SLOT) {
      this.#index.setAddress(slot, address);
      return slot + 1;
    }
    this.count++;
    return this.#index.insert(hash, address) + 1;
  }

  replaceString(ref: Ref, value: Uint8Array, valueStart: number, valueEnd: number, raw: boolean): void {
    const address = this.#address(ref);
    this.#rewrite(ref, address, this.#meta(address), value, valueStart, valueEnd, raw, undefined);
  }

  /**
   * Gives a string entry another value, key, expiry and access word kept: the bytes [valueStart, valueEnd) of `value`, inside the
   * record if they fit, or `outside` as it is.
   */
  #rewrite(
    ref: Ref,
    address: number,
    meta: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    raw: boolean,
    outside: Uint8Array | undefined,
  ): void {
    const length = valueEnd - valueStart;
    const keyLength = (meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK;
    const base = (meta & (TYPE_MASK | HAS_EXPIRY | KEY_OUTSIDE)) | (raw ? RAW : 0) | (keyLength << KEY_LENGTH_SHIFT);
    const inside =
      outside === undefined && (meta & KEY_OUTSIDE) === 0 && length <= LENGTH_MAX && keyLength + length + HEADER_BYTES_MAX <= RECORD_BYTES_MAX;
    const newMeta = inside ? base | (length << VALUE_LENGTH_SHIFT) : base | VALUE_OUTSIDE;
    if (inside && this.#reusable(meta, newMeta)) {
      this.#words[address >>> ARENA_WORD_BITS]![address & ARENA_WORD_MASK] = newMeta;
      this.#writeValue(address, newMeta, value, valueStart, valueEnd);
      return;
    }
    const key = (meta & KEY_OUTSIDE) !== 0 ? this.#outsideOf(address, meta).key : NOTHING;
    const accessWord = this.access(ref);
    const expireAtMs = this.#expireAt(address);
    const target = this.#allocate(newMeta);
    const from = this.#keyAt(address, meta);
    copyBytes(this.#bytes[address >>> ARENA_WORD_BITS]!, from, from + keyLength, this.#bytes[target >>> ARENA_WORD_BITS]!, this.#keyAt(target, newMeta));
    if (inside) {
      this.#writeValue(target, newMeta, value, valueStart, valueEnd);
    } else {
      const heapValue = outside ?? value.slice(valueStart, valueEnd);
      this.#words[target >>> ARENA_WORD_BITS]![(target & ARENA_WORD_MASK) + headerWords(newMeta) - 1] = this.#addOutside(key, heapValue);
    }
    this.#takeOutside(address, meta);
    this.#free(address, meta);
    if (expireAtMs !== NO_EXPIRY) this.#writeExpiry(target, expireAtMs);
    this.#index.setAddress(ref - 1, target);
    this.setAccess(ref, accessWord);
  }

  resizeString(ref: Ref, length: number): void {
    const resized = new Uint8Array(length);
    const old = this.stringView(ref);
    resized.set(length < old.length ? old.subarray(0, length) : old);
    this.replaceString(ref, resized, 0, length, true);
  }

  writeString(ref: Ref, at: number, bytes: Uint8Array, start: number, end: number): void {
    const address = this.#address(ref);
    const meta = this.#meta(address);
    assert(at + end - start <= this.stringLength(ref), 'writeString beyond the string');
    if ((meta & VALUE_OUTSIDE) !== 0) copyBytes(bytes, start, end, this.#outsideOf(address, meta).value as Uint8Array, at);
    else copyBytes(bytes, start, end, this.#bytes[address >>> ARENA_WORD_BITS]!, this.#valueAt(address, meta) + at);
  }

  collection(ref: Ref): Collection {
    const address = this.#address(ref);
    return this.#outsideOf(address, this.#meta(address)).value as Collection;
  }

  putCollection(key: Uint8Array, keyStart: number, keyEnd: number, value: Collection, expireAtMs: number): Ref {
    const hash = this.#hash.hash(key, keyStart, keyEnd);
    const slot = this.count === 0 ? NO_SLOT : this.#findSlot(hash, key, keyStart, keyEnd);
    return this.#putOutside(hash, slot, key, keyStart, keyEnd, value.type, value, expireAtMs, false);
  }

  remove(ref: Ref): void {
    const value = this.#unlink(ref);
    if (value !== undefined && !(value instanceof Uint8Array)) value.release();
  }

  detach(ref: Ref): Collection | undefined {
    const value = this.#unlink(ref);
    return value === undefined || value instanceof Uint8Array ? undefined : value;
  }

  #unlink(ref: Ref): Uint8Array | Collection | undefined {
    const address = this.#address(ref);
    const meta = this.#meta(address);
    this.#index.remove(ref - 1);
    const value = this.#takeOutside(address, meta);
    this.#free(address, meta);
    this.count--;
    if ((meta & HAS_EXPIRY) !== 0) this.expiringCount--;
    return value;
  }

  scan(cursor: number, budget: number, visit: (ref: Ref) => void): number {
    return this.#index.scan(cursor, budget, (slot) => visit(slot + 1));
  }

  random(rng: Rng): Ref {
    return this.count === 0 ? 0 : this.#index.random(() => rng.float()) + 1;
  }

  clear(): void {
    if (this.#outside.slotsUsed > 0) this.#releaseCollections();
    if (this.#ownsStore) {
      this.#index.clear();
      this.#store.clear();
      this.#index.pool.clear();
    } else {
      this.#index.forEach((slot) => {
        const address = this.#index.address(slot);
        this.#free(address, this.#meta(address));
      });
      this.#index.clear();
    }
    this.#outside.clear();
    this.#recordWordsLive = 0;
    this.#outsideBytes = 0;
    this.count = 0;
    this.expiringCount = 0;
  }

  #releaseCollections(): void {
    for (let slot = 0; slot < this.#outside.slotsUsed; slot++) {
      const value = this.#outside.peek(slot)?.value;
      if (value !== undefined && !(value instanceof Uint8Array)) value.release();
    }
  }
}

/** Values up to this length are copied by a byte loop, longer ones by `set` with a view: measured crossover. */
const COPY_LOOP_BYTES_MAX = 64;

export class ArenaKeyspaceFactory implements KeyspaceFactory {
  readonly #hash: KeyHash;
  readonly #store = new SlabStore();
  readonly #pool = new SegmentPool();

  constructor(hash: KeyHash) {
    this.#hash = hash;
  }

  createDatabase(): Keyspace {
    return new ArenaKeyspace(this.#hash, new SlabStore(), new SegmentPool(), true);
  }

  create(): Keyspace {
    return new ArenaKeyspace(this.#hash, this.#store, this.#pool, false);
  }

  reservedBytes(): number {
    return this.#store.reservedBytes();
  }
}
