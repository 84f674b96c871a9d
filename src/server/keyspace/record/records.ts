/**
 * Records in a slab store: the bytes behind addresses. Layout in `recordLayout.ts`; what a record cannot hold (collections, long
 * keys, long values) is a heap object in a slot table, and the record keeps its slot.
 */
import { copyBytes } from '../../../base/bytes.ts';
import type { KeyHash } from '../hashing.ts';
import { type Collection, NO_EXPIRY } from '../keyspace.ts';
import { arrayBytes, viewBytes } from './heapBytes.ts';
import {
  EXPIRY_FLAGS,
  HAS_EXPIRY,
  HEADER_BYTES_MAX,
  headerWords,
  KEY_LENGTH_SHIFT,
  KEY_OUTSIDE,
  LENGTH_MASK,
  LENGTH_MAX,
  LONG_EXPIRY,
  recordWords,
  SHORT_EXPIRY_FROM_MS,
  VALUE_LENGTH_SHIFT,
  VALUE_OUTSIDE,
} from './recordLayout.ts';
import { ARENA_WORD_BITS, ARENA_WORD_MASK, RECORD_WORDS_MAX, type SlabStore } from './slabStore.ts';
import { SlotTable } from './slotTable.ts';

const RECORD_BYTES_MAX = RECORD_WORDS_MAX * 4;
const HIGH_WORD = 0x1_0000_0000;
const ACCESS_BITS = 24;
const ACCESS_MASK = 0xff_ffff;
/** A heap object's wrapper and its slot. */
const OUTSIDE_OBJECT_BYTES = 48;
/** Up to this many bytes a loop beats `set` with a view: measured crossover. */
const COPY_LOOP_BYTES_MAX = 64;

/** True if a record can hold a key of this length. */
export const keyFits = (length: number): boolean =>
  length <= LENGTH_MAX && length + HEADER_BYTES_MAX <= RECORD_BYTES_MAX;
/** True if a record can hold key and value. */
export const bothFit = (keyLength: number, valueLength: number): boolean =>
  valueLength <= LENGTH_MAX &&
  keyLength <= LENGTH_MAX &&
  keyLength + valueLength + HEADER_BYTES_MAX <= RECORD_BYTES_MAX;

/** What does not fit in a record. */
export class Outside {
  /** Empty where the record holds the key. */
  readonly key: Uint8Array;
  readonly value: Uint8Array | Collection;

  constructor(key: Uint8Array, value: Uint8Array | Collection) {
    this.key = key;
    this.value = value;
  }
}

/** Smaller arrays cost little to make. */
const OVERWRITTEN_BYTES_MIN = 1024;
/** Of the room that an overwritten array leaves at most a quarter empty. */
const OVERWRITTEN_SHARE_MIN = 0.75;

/** Bytes charged for a heap object, a value's spare room included; a collection's own bytes are its own account. */
const outsideBytes = (key: Uint8Array, value: Uint8Array | Collection): number =>
  OUTSIDE_OBJECT_BYTES + arrayBytes(key.length) + (value instanceof Uint8Array ? viewBytes(value) : 0);

export class Records {
  readonly #hash: KeyHash;
  readonly #store: SlabStore;
  readonly #bytes: Uint8Array[];
  readonly #words: Int32Array[];
  readonly #outside = new SlotTable<Outside>();
  #wordsLive = 0;
  #outsideBytes = 0;

  constructor(hash: KeyHash, store: SlabStore) {
    this.#hash = hash;
    this.#store = store;
    this.#bytes = store.bytes;
    this.#words = store.words;
  }

  memoryBytes(): number {
    return this.#wordsLive * 4 + this.#outsideBytes;
  }

  /** Bytes of this record and of what it keeps outside. */
  recordBytes(address: number): number {
    const meta = this.meta(address);
    const bytes = this.#store.roundedWords(recordWords(meta)) * 4;
    if ((meta & (VALUE_OUTSIDE | KEY_OUTSIDE)) === 0) return bytes;
    const { key, value } = this.outsideOf(address, meta);
    return bytes + outsideBytes(key, value) + (value instanceof Uint8Array ? 0 : value.memoryBytes());
  }

  /** Room for a record with this meta, which is written; access word zero, the rest undefined. */
  allocate(meta: number): number {
    const words = recordWords(meta);
    const address = this.#store.allocate(words);
    this.#wordsLive += this.#store.roundedWords(words);
    const arena = this.#words[address >>> ARENA_WORD_BITS]!;
    arena[address & ARENA_WORD_MASK] = meta;
    arena[(address & ARENA_WORD_MASK) + 1] = 0;
    return address;
  }

  free(address: number): void {
    const words = recordWords(this.meta(address));
    this.#wordsLive -= this.#store.roundedWords(words);
    this.#store.free(address, words);
  }

  /** True if a record of `oldMeta` can become one of `meta` where it lies: nothing outside, same header, same size class. */
  reusable(oldMeta: number, meta: number): boolean {
    return (
      ((oldMeta ^ meta) & EXPIRY_FLAGS) === 0 &&
      ((oldMeta | meta) & (VALUE_OUTSIDE | KEY_OUTSIDE)) === 0 &&
      (oldMeta >>> VALUE_LENGTH_SHIFT === meta >>> VALUE_LENGTH_SHIFT ||
        this.#store.sameClass(recordWords(oldMeta), recordWords(meta)))
    );
  }

  meta(address: number): number {
    return this.#words[address >>> ARENA_WORD_BITS]![address & ARENA_WORD_MASK]!;
  }

  setMeta(address: number, meta: number): void {
    this.#words[address >>> ARENA_WORD_BITS]![address & ARENA_WORD_MASK] = meta;
  }

  access(address: number): number {
    return this.#words[address >>> ARENA_WORD_BITS]![(address & ARENA_WORD_MASK) + 1]! & ACCESS_MASK;
  }

  setAccess(address: number, word: number): void {
    const words = this.#words[address >>> ARENA_WORD_BITS]!;
    const at = (address & ARENA_WORD_MASK) + 1;
    // The clock ticks once a second: reading mostly finds its own mark, and a line not written need not be written back.
    const old = words[at]!;
    if ((old & ACCESS_MASK) !== word) words[at] = (old & ~ACCESS_MASK) | word;
  }

  /** Absolute ms, or NO_EXPIRY. */
  expireAt(address: number): number {
    const words = this.#words[address >>> ARENA_WORD_BITS]!;
    const word = address & ARENA_WORD_MASK;
    const meta = words[word]!;
    if ((meta & HAS_EXPIRY) === 0) return NO_EXPIRY;
    const low = words[word + 2]! >>> 0;
    return (meta & LONG_EXPIRY) === 0
      ? SHORT_EXPIRY_FROM_MS + low + (words[word + 1]! >>> ACCESS_BITS) * HIGH_WORD
      : low + words[word + 3]! * HIGH_WORD;
  }

  /** The record must have the flags of this expiry. */
  writeExpiry(address: number, expireAtMs: number): void {
    const words = this.#words[address >>> ARENA_WORD_BITS]!;
    const word = address & ARENA_WORD_MASK;
    if ((words[word]! & LONG_EXPIRY) === 0) {
      const sinceMs = expireAtMs - SHORT_EXPIRY_FROM_MS;
      words[word + 1] = (words[word + 1]! & ACCESS_MASK) | (Math.floor(sinceMs / HIGH_WORD) << ACCESS_BITS);
      words[word + 2] = (sinceMs % HIGH_WORD) | 0;
    } else {
      words[word + 2] = (expireAtMs % HIGH_WORD) | 0;
      words[word + 3] = Math.floor(expireAtMs / HIGH_WORD);
    }
  }

  /** The arena's bytes that hold this record. */
  bytes(address: number): Uint8Array {
    return this.#bytes[address >>> ARENA_WORD_BITS]!;
  }

  /** Offset of the key's first byte in its arena. */
  keyAt(address: number, meta: number): number {
    return ((address & ARENA_WORD_MASK) + headerWords(meta)) << 2;
  }

  valueAt(address: number, meta: number): number {
    return this.keyAt(address, meta) + ((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK);
  }

  keyLength(address: number): number {
    const meta = this.meta(address);
    return (meta & KEY_OUTSIDE) === 0
      ? (meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK
      : this.outsideOf(address, meta).key.length;
  }

  copyKey(address: number, target: Uint8Array, at: number): void {
    const meta = this.meta(address);
    if ((meta & KEY_OUTSIDE) !== 0) {
      target.set(this.outsideOf(address, meta).key, at);
      return;
    }
    const from = this.keyAt(address, meta);
    copyBytes(this.bytes(address), from, from + ((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK), target, at);
  }

  writeKey(address: number, meta: number, key: Uint8Array, start: number, end: number): void {
    copyBytes(key, start, end, this.bytes(address), this.keyAt(address, meta));
  }

  writeValue(address: number, meta: number, value: Uint8Array, start: number, end: number): void {
    const at = this.valueAt(address, meta);
    const bytes = this.bytes(address);
    if (end - start <= COPY_LOOP_BYTES_MAX)
      for (let i = start, j = at; i < end; i++, j++) bytes[j] = value[i]!;
    else bytes.set(value.subarray(start, end), at);
  }

  /** Value bytes [from, to) of a string record to `target` at `at`. */
  copyValue(address: number, from: number, to: number, target: Uint8Array, at: number): void {
    const meta = this.meta(address);
    if ((meta & VALUE_OUTSIDE) !== 0) {
      copyBytes(this.outsideOf(address, meta).value as Uint8Array, from, to, target, at);
      return;
    }
    const start = this.valueAt(address, meta);
    const bytes = this.bytes(address);
    if (to - from <= COPY_LOOP_BYTES_MAX)
      for (let i = start + from, j = at; i < start + to; i++, j++) target[j] = bytes[i]!;
    else target.set(bytes.subarray(start + from, start + to), at);
  }

  valueLength(address: number): number {
    const meta = this.meta(address);
    return (meta & VALUE_OUTSIDE) === 0
      ? meta >>> VALUE_LENGTH_SHIFT
      : (this.outsideOf(address, meta).value as Uint8Array).length;
  }

  /** A string's bytes in place. */
  valueView(address: number): Uint8Array {
    const meta = this.meta(address);
    if ((meta & VALUE_OUTSIDE) !== 0) return this.outsideOf(address, meta).value as Uint8Array;
    const start = this.valueAt(address, meta);
    return this.bytes(address).subarray(start, start + (meta >>> VALUE_LENGTH_SHIFT));
  }

  hasKey(address: number, buffer: Uint8Array, start: number, end: number): boolean {
    const word = address & ARENA_WORD_MASK;
    const meta = this.#words[address >>> ARENA_WORD_BITS]![word]!;
    const length = end - start;
    let key: Uint8Array;
    let at = 0;
    if ((meta & KEY_OUTSIDE) === 0) {
      if (((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK) !== length) return false;
      key = this.#bytes[address >>> ARENA_WORD_BITS]!;
      at = (word + headerWords(meta)) << 2;
    } else {
      key = this.outsideOf(address, meta).key;
      if (key.length !== length) return false;
    }
    for (let i = 0; i < length; i++) if (key[at + i] !== buffer[start + i]) return false;
    return true;
  }

  /** Hash of the record's key. */
  hashOf(address: number): number {
    const meta = this.meta(address);
    if ((meta & KEY_OUTSIDE) !== 0) {
      const { key } = this.outsideOf(address, meta);
      return this.#hash.hash(key, 0, key.length);
    }
    const at = this.keyAt(address, meta);
    return this.#hash.hash(this.bytes(address), at, at + ((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK));
  }

  /** What the record keeps on the heap; it must keep something there. */
  outsideOf(address: number, meta: number): Outside {
    return this.#outside.get(this.#outsideSlot(address, meta));
  }

  #outsideSlot(address: number, meta: number): number {
    return this.#words[address >>> ARENA_WORD_BITS]![(address & ARENA_WORD_MASK) + headerWords(meta) - 1]!;
  }

  /** Puts a heap object behind a record whose meta has room for a slot. */
  setOutside(address: number, meta: number, key: Uint8Array, value: Uint8Array | Collection): void {
    const slot = this.#outside.take();
    this.#outside.set(slot, new Outside(key, value));
    this.#outsideBytes += outsideBytes(key, value);
    this.#words[address >>> ARENA_WORD_BITS]![(address & ARENA_WORD_MASK) + headerWords(meta) - 1] = slot;
  }

  /**
   * Writes a string over the bytes that the record keeps on the heap, if those are a string's and have about as much room; false otherwise,
   * and nothing is changed. A new array for every value would have V8 collect the old ones all the time.
   */
  overwriteOutside(address: number, value: Uint8Array, start: number, end: number): boolean {
    const slot = this.#outsideSlot(address, this.meta(address));
    const { key, value: old } = this.#outside.get(slot);
    if (!(old instanceof Uint8Array) || old.length < OVERWRITTEN_BYTES_MIN) return false;
    const room = old.buffer.byteLength - old.byteOffset;
    const length = end - start;
    if (length > room || length < room * OVERWRITTEN_SHARE_MIN) return false;
    const target = length === old.length ? old : new Uint8Array(old.buffer, old.byteOffset, length);
    if (target !== old) this.#outside.set(slot, new Outside(key, target));
    copyBytes(value, start, end, target, 0);
    return true;
  }

  /** Takes away what the record keeps on the heap, if anything: its value, unreleased. The record is good only for `free` then. */
  takeOutside(address: number): Uint8Array | Collection | undefined {
    const meta = this.meta(address);
    if ((meta & (VALUE_OUTSIDE | KEY_OUTSIDE)) === 0) return undefined;
    const slot = this.#outsideSlot(address, meta);
    const { key, value } = this.#outside.get(slot);
    this.#outside.release(slot);
    this.#outsideBytes -= outsideBytes(key, value);
    return value;
  }

  /** Copies access word, heap slot, key and value bytes to a record with another header and the same lengths. */
  moveContents(from: number, to: number): void {
    const meta = this.meta(from);
    const newMeta = this.meta(to);
    this.setAccess(to, this.access(from));
    if ((newMeta & (VALUE_OUTSIDE | KEY_OUTSIDE)) !== 0) {
      this.#words[to >>> ARENA_WORD_BITS]![(to & ARENA_WORD_MASK) + headerWords(newMeta) - 1] =
        this.#outsideSlot(from, meta);
    }
    const start = this.keyAt(from, meta);
    const length = ((meta >>> KEY_LENGTH_SHIFT) & LENGTH_MASK) + (meta >>> VALUE_LENGTH_SHIFT);
    copyBytes(this.bytes(from), start, start + length, this.bytes(to), this.keyAt(to, newMeta));
  }

  /** Releases the heap objects in about `budget` slots from `slot` on; returns the next slot, 0 once none is left. Their records are void. */
  releaseOutside(slot: number, budget: number): number {
    const end = Math.min(slot + budget, this.#outside.slotsUsed);
    for (let at = slot; at < end; at++) {
      const object = this.#outside.peek(at);
      if (object === undefined) continue;
      this.#outside.release(at);
      this.#outsideBytes -= outsideBytes(object.key, object.value);
      if (!(object.value instanceof Uint8Array)) object.value.release();
    }
    if (end < this.#outside.slotsUsed) return end;
    this.#outside.clear();
    return 0;
  }

  /** Forgets all records at once, where the store holds no others. */
  clearStore(): void {
    this.#store.clear();
    this.#wordsLive = 0;
  }
}
