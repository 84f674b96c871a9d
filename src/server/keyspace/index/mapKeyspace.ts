/**
 * Flag `arena-storage`, baseline: a JavaScript `Map` from keys to entries, what a good engineer would ship first.
 *
 * The Map's key is the key as a string of one character a byte; its value is the entry's number. What is known of an entry lies
 * in an EntryStore (flag `compact-entries`), the bytes of string values in a StringStore (flag `sso-strings`).
 *
 * Two things a plain Map lacks are added, because Redis promises them and no stall is allowed. The Map is cut into
 * partitions by a seeded hash, so that no growth step moves more than a partition. And the number of an entry never
 * changes while it lives: SCAN walks the numbers, so what is present throughout is visited however much comes and goes.
 *
 * Memory is charged by live entries. Room that removed entries leave in a store serves later ones and goes back when the
 * keyspace is empty; were it charged, evicting down to a limit would not end before that.
 *
 * Rejected: iterating the Maps for SCAN (an iterator cannot be resumed from a stateless cursor).
 *
 * Length: one interface, a few lines for each of its methods.
 */

import { assert } from '../../../base/assert.ts';
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
import type { EntryStore } from '../record/entryStore.ts';
import { ReservedAccount } from '../record/reservedAccount.ts';
import type { StoredString, StoredValue } from '../record/storedValue.ts';
import type { StringStore } from '../record/stringStore.ts';
import type { Disposal } from '../release/disposal.ts';
import { ImmediateDisposal } from '../release/immediateDisposal.ts';
import { removeSome } from '../release/removeSome.ts';

/** At 10 million keys a partition holds about 10,000 entries, whose rehash takes about 100 us. */
const PARTITIONS = 1024;
/** Random numbers tried before the entries themselves are looked through. */
const RANDOM_ATTEMPTS = 100;
/** Free numbers a scan step passes over, per entry it was asked for: keeps a step bounded after mass deletion. */
const FREE_NUMBERS_PER_BUDGET = 10;
/** Numbers a step of a walk looks at. */
const WALK_NUMBERS = 512;

/** Of a string of V8's, before its characters. */
const KEY_HEADER_BYTES = 16;
/**
 * A Map of V8's takes 28 bytes for each entry there is room for (key, value, chain, half a bucket) and doubles when it is full: between
 * two doublings 28 to 56 an entry, 40 in the mean. Measured: 40 over the heap of 0.55 to 1.1 million entries.
 */
const MAP_NODE_BYTES = 40;
/** The array of partitions and the objects around it, and a partition's Map before its nodes: measured over small keyspaces. */
const KEYSPACE_BYTES = 8400;
const PARTITION_BYTES = 200;

/**
 * A Map of V8's has room for a power of two and doubles when one entry more comes. Nobody tells of it, so an insertion into one that may be
 * full is timed. Removed entries take room until then: where there are any it happens at other sizes, unseen.
 * Measured: 24 us with 512 entries, 50 with 1,024, 150 with 2,048; below 256 it is too short to be told.
 */
const DOUBLING_ENTRIES_MIN = 256;
const isFull = (entries: number): boolean =>
  (entries & (entries - 1)) === 0 && entries >= DOUBLING_ENTRIES_MIN;

/** V8 rounds objects up to words. */
const keyBytesCharged = (length: number): number => MAP_NODE_BYTES + KEY_HEADER_BYTES + ((length + 7) & ~7);

/** The parts of a Map keyspace that have variants. */
export interface MapStores {
  createEntries(account: ReservedAccount, growth: GrowthTimer): EntryStore;
  createStrings(account: ReservedAccount, growth: GrowthTimer): StringStore;
}

export class MapKeyspace implements Keyspace {
  readonly #hash: KeyHash;
  readonly #entries: EntryStore;
  readonly #strings: StringStore;
  readonly #growth: GrowthTimer;
  #partitions: (Map<string, number> | undefined)[] = new Array(PARTITIONS).fill(undefined);
  #partitionCount = 0;
  #bytes = 0;
  #collectionCount = 0;
  count = 0;
  expiringCount = 0;
  watcher: KeyspaceWatcher | undefined = undefined;

  constructor(hash: KeyHash, entries: EntryStore, strings: StringStore, growth: GrowthTimer) {
    this.#hash = hash;
    this.#entries = entries;
    this.#strings = strings;
    this.#growth = growth;
  }

  memoryBytes(): number {
    return this.count === 0 ? 0 : this.indexBytes() + this.#bytes;
  }

  /** The tables of the partitions are charged to their entries: V8 tells nothing of their size. */
  indexBytes(): number {
    return this.count === 0 ? 0 : KEYSPACE_BYTES + this.#partitionCount * PARTITION_BYTES;
  }

  find(buffer: Uint8Array, start: number, end: number): Ref {
    const partition = this.#partitions[this.#hash.hash(buffer, start, end) & (PARTITIONS - 1)];
    if (partition === undefined) return 0;
    const entry = partition.get(latin1(buffer, start, end));
    return entry === undefined ? 0 : entry + 1;
  }

  /** An entry keeps its number as long as it lives. */
  handleOf(ref: Ref): number {
    return ref - 1;
  }

  findByHandle(handle: number, after: Ref): Ref {
    if (after !== 0 || handle >= this.#entries.numbersUsed) return 0;
    return this.#entries.has(handle) ? handle + 1 : 0;
  }

  type(ref: Ref): ValueTypeId {
    return this.#entries.type(ref - 1);
  }

  keyLength(ref: Ref): number {
    return this.#entries.key(ref - 1).length;
  }

  copyKey(ref: Ref, target: Uint8Array, at: number): void {
    const key = this.#entries.key(ref - 1);
    for (let i = 0; i < key.length; i++) target[at + i] = key.charCodeAt(i);
  }

  keyBytes(ref: Ref): Uint8Array {
    const key = new Uint8Array(this.keyLength(ref));
    this.copyKey(ref, key, 0);
    return key;
  }

  expireAtMs(ref: Ref): number {
    return this.#entries.expireAtMs(ref - 1);
  }

  setExpireAt(ref: Ref, expireAtMs: number): void {
    const entry = ref - 1;
    const before = this.#entries.expireAtMs(entry);
    if (before === expireAtMs) return;
    if (this.watcher !== undefined) this.watcher.changing(ref);
    this.#entries.setExpireAt(entry, expireAtMs);
    if ((before === NO_EXPIRY) === (expireAtMs === NO_EXPIRY)) return;
    this.expiringCount += expireAtMs === NO_EXPIRY ? -1 : 1;
    const value = this.#entries.value(entry);
    this.#bytes += this.#entries.memoryBytes(value, expireAtMs) - this.#entries.memoryBytes(value, before);
  }

  access(ref: Ref): number {
    return this.#entries.access(ref - 1);
  }

  setAccess(ref: Ref, word: number): void {
    this.#entries.setAccess(ref - 1, word);
  }

  entryMemoryBytes(ref: Ref): number {
    const entry = ref - 1;
    const own = keyBytesCharged(this.#entries.key(entry).length) + this.#valueBytes(entry);
    if (this.#holdsBytes(entry)) return own;
    return own + this.collection(ref).memoryBytes();
  }

  /** Bytes charged to the keyspace for all of an entry but its key; a collection's are its own account. */
  #valueBytes(entry: number): number {
    const entries = this.#entries;
    const value = entries.value(entry);
    const bytes = entries.memoryBytes(value, entries.expireAtMs(entry));
    if (!this.#holdsBytes(entry)) return bytes;
    return bytes + this.#strings.memoryBytes(value as StoredString);
  }

  /** A string, or a collection in its packed form, which is marked raw. */
  #holdsBytes(entry: number): boolean {
    return this.#entries.type(entry) === ValueType.string || this.#entries.isRaw(entry);
  }

  #string(ref: Ref): StoredString {
    return this.#entries.value(ref - 1) as StoredString;
  }

  stringLength(ref: Ref): number {
    return this.#strings.length(this.#string(ref));
  }

  copyString(ref: Ref, from: number, to: number, target: Uint8Array, at: number): void {
    this.#strings.copy(this.#string(ref), from, to, target, at);
  }

  stringView(ref: Ref): Uint8Array {
    return this.#strings.view(this.#string(ref));
  }

  isRaw(ref: Ref): boolean {
    return this.#entries.isRaw(ref - 1);
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
    return this.#putBytes(
      key,
      keyStart,
      keyEnd,
      ValueType.string,
      raw,
      value,
      valueStart,
      valueEnd,
      expireAtMs,
    );
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
    return this.#putBytes(key, keyStart, keyEnd, type, true, value, valueStart, valueEnd, expireAtMs);
  }

  isPacked(ref: Ref): boolean {
    return this.#entries.type(ref - 1) !== ValueType.string && this.#entries.isRaw(ref - 1);
  }

  #putBytes(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    type: ValueTypeId,
    raw: boolean,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
    expireAtMs: number,
  ): Ref {
    const partition = this.#partition(key, keyStart, keyEnd);
    const name = latin1(key, keyStart, keyEnd);
    const known = partition.get(name);
    if (known === undefined) {
      const stored = this.#strings.store(value, valueStart, valueEnd);
      return this.#add(partition, name, type, raw, stored, expireAtMs);
    }
    if (this.watcher !== undefined) this.watcher.changing(known + 1);
    if (this.#holdsBytes(known)) {
      this.#replaceBytes(known, type, raw, value, valueStart, valueEnd);
    } else {
      const old = this.#entries.value(known) as Collection;
      this.#setValue(known, type, raw, this.#strings.store(value, valueStart, valueEnd));
      old.release();
    }
    this.setExpireAt(known + 1, expireAtMs);
    return known + 1;
  }

  replaceString(ref: Ref, value: Uint8Array, valueStart: number, valueEnd: number, raw: boolean): void {
    if (this.watcher !== undefined) this.watcher.changing(ref);
    this.#replaceBytes(ref - 1, this.#entries.type(ref - 1), raw, value, valueStart, valueEnd);
  }

  #replaceBytes(
    entry: number,
    type: ValueTypeId,
    raw: boolean,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    const bytesBefore = this.#valueBytes(entry);
    const stored = this.#strings.replace(this.#string(entry + 1), value, valueStart, valueEnd);
    this.#entries.setValue(entry, type, raw, stored);
    this.#bytes += this.#valueBytes(entry) - bytesBefore;
  }

  resizeString(ref: Ref, length: number): void {
    if (this.watcher !== undefined) this.watcher.changing(ref);
    const bytesBefore = this.#valueBytes(ref - 1);
    const stored = this.#strings.resize(this.#string(ref), length);
    this.#entries.setValue(ref - 1, ValueType.string, true, stored);
    this.#bytes += this.#valueBytes(ref - 1) - bytesBefore;
  }

  writeString(ref: Ref, at: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.watcher !== undefined) this.watcher.changing(ref);
    const string = this.#string(ref);
    assert(at + end - start <= this.#strings.length(string), 'writeString beyond the string');
    this.#strings.write(string, at, bytes, start, end);
  }

  collection(ref: Ref): Collection {
    if (this.watcher !== undefined) this.watcher.handingOut(ref);
    return this.#entries.value(ref - 1) as Collection;
  }

  putCollection(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Collection,
    expireAtMs: number,
  ): Ref {
    const partition = this.#partition(key, keyStart, keyEnd);
    const name = latin1(key, keyStart, keyEnd);
    const known = partition.get(name);
    if (known === undefined) {
      const ref = this.#add(partition, name, value.type, false, value, expireAtMs);
      value.adopt();
      return ref;
    }
    if (this.watcher !== undefined) this.watcher.changing(known + 1);
    const wasString = this.#holdsBytes(known);
    const old = this.#entries.value(known);
    this.#setValue(known, value.type, false, value);
    this.setExpireAt(known + 1, expireAtMs);
    if (wasString) this.#strings.release(old as StoredString);
    else if (old !== value) (old as Collection).release();
    value.adopt();
    return known + 1;
  }

  remove(ref: Ref): void {
    this.#unlink(ref)?.release();
  }

  detach(ref: Ref): Collection | undefined {
    const value = this.#unlink(ref);
    value?.disown();
    return value;
  }

  scan(cursor: number, budget: number, visit: (ref: Ref) => void): number {
    const entries = this.#entries;
    let entry = Number.isSafeInteger(cursor) && cursor > 0 ? cursor : 0;
    const end = Math.min(entries.numbersUsed, entry + budget * FREE_NUMBERS_PER_BUDGET);
    let visited = 0;
    for (; entry < end && visited < budget; entry++) {
      if (!entries.has(entry)) continue;
      visit(entry + 1);
      visited++;
    }
    return entry >= entries.numbersUsed ? 0 : entry;
  }

  walk(from: number, visit: (ref: Ref) => void): number {
    const entries = this.#entries;
    const end = Math.min(entries.numbersUsed, from + WALK_NUMBERS);
    for (let entry = from; entry < end; entry++) if (entries.has(entry)) visit(entry + 1);
    return end >= entries.numbersUsed ? Number.POSITIVE_INFINITY : end;
  }

  walkPosition(ref: Ref): number {
    return ref - 1;
  }

  random(rng: Rng): Ref {
    if (this.count === 0) return 0;
    for (let attempt = 0; attempt < RANDOM_ATTEMPTS; attempt++) {
      const entry = Math.floor(rng.float() * this.#entries.numbersUsed);
      if (this.#entries.has(entry)) return entry + 1;
    }
    // Nearly all numbers are free: any entry of the next partition that has one.
    for (let number = Math.floor(rng.float() * PARTITIONS); ; number = (number + 1) % PARTITIONS) {
      for (const entry of this.#partitions[number]?.values() ?? []) return entry + 1;
    }
  }

  clear(): void {
    if (this.watcher !== undefined) this.watcher.clearing();
    const entries = this.#entries;
    if (this.#collectionCount > 0) {
      for (let entry = 0; entry < entries.numbersUsed; entry++) {
        if (entries.has(entry) && !this.#holdsBytes(entry)) this.collection(entry + 1).release();
      }
    }
    this.#reset();
  }

  releaseSome(cursor: number, budget: number): number {
    if (this.watcher !== undefined) this.watcher.clearing();
    if (this.#collectionCount > 0) return removeSome(this, cursor, budget);
    // Entries on the heap are the garbage collector's, and it works in slices of its own.
    this.clear();
    return 0;
  }

  #reset(): void {
    this.#collectionCount = 0;
    this.#partitions = new Array(PARTITIONS).fill(undefined);
    this.#partitionCount = 0;
    this.#entries.clear();
    this.#strings.clear();
    this.#bytes = 0;
    this.count = 0;
    this.expiringCount = 0;
  }

  /** The partition of a key, made if it is not there yet. */
  #partition(buffer: Uint8Array, keyStart: number, keyEnd: number): Map<string, number> {
    const number = this.#hash.hash(buffer, keyStart, keyEnd) & (PARTITIONS - 1);
    let partition = this.#partitions[number];
    if (partition === undefined) {
      this.#partitions[number] = partition = new Map();
      this.#partitionCount++;
    }
    return partition;
  }

  #add(
    partition: Map<string, number>,
    key: string,
    type: ValueTypeId,
    raw: boolean,
    value: StoredValue,
    expireAtMs: number,
  ): Ref {
    const entry = this.#entries.add(key, type, raw, value, expireAtMs);
    if (isFull(partition.size)) this.#setAndGrow(partition, key, entry);
    else partition.set(key, entry);
    this.count++;
    if (expireAtMs !== NO_EXPIRY) this.expiringCount++;
    if (!this.#holdsBytes(entry)) this.#collectionCount++;
    this.#bytes += keyBytesCharged(key.length) + this.#valueBytes(entry);
    if (this.watcher !== undefined) this.watcher.created(entry + 1);
    return entry + 1;
  }

  #setAndGrow(partition: Map<string, number>, key: string, entry: number): void {
    const startUs = this.#growth.start();
    partition.set(key, entry);
    this.#growth.stop(startUs, partition.size - 1);
  }

  #setValue(entry: number, type: ValueTypeId, raw: boolean, value: StoredValue): void {
    this.#bytes -= this.#valueBytes(entry);
    const heldBytes = this.#holdsBytes(entry);
    this.#entries.setValue(entry, type, raw, value);
    this.#collectionCount += Number(heldBytes) - Number(this.#holdsBytes(entry));
    this.#bytes += this.#valueBytes(entry);
  }

  /** Takes the entry out; a collection is handed over, a string given back. */
  #unlink(ref: Ref): Collection | undefined {
    if (this.watcher !== undefined) this.watcher.changing(ref);
    const entry = ref - 1;
    const key = this.#entries.key(entry);
    const bytes = this.keyBytes(ref);
    this.#partitions[this.#hash.hash(bytes, 0, bytes.length) & (PARTITIONS - 1)]!.delete(key);
    this.#bytes -= keyBytesCharged(key.length) + this.#valueBytes(entry);
    const isString = this.#holdsBytes(entry);
    const value = this.#entries.value(entry);
    if (isString) this.#strings.release(value as StoredString);
    else this.#collectionCount--;
    if (this.#entries.expireAtMs(entry) !== NO_EXPIRY) this.expiringCount--;
    this.#entries.remove(entry);
    this.count--;
    if (this.count === 0) this.#reset();
    return isString ? undefined : (value as Collection);
  }
}

const latin1 = (buffer: Uint8Array, start: number, end: number): string =>
  Buffer.prototype.latin1Slice.call(buffer, start, end);

export class MapKeyspaceFactory implements KeyspaceFactory {
  readonly #hash: KeyHash;
  readonly #stores: MapStores;
  readonly #growth: GrowthTimer;
  readonly #reserved = new ReservedAccount();
  #collectionsBytes = 0;
  disposal: Disposal = new ImmediateDisposal();

  constructor(hash: KeyHash, stores: MapStores, growth: GrowthTimer) {
    this.#hash = hash;
    this.#stores = stores;
    this.#growth = growth;
  }

  create(): Keyspace {
    const growth = this.#growth;
    const entries = this.#stores.createEntries(this.#reserved, growth);
    const strings = this.#stores.createStrings(this.#reserved, growth);
    return new MapKeyspace(this.#hash, entries, strings, growth);
  }

  createDatabase(): Keyspace {
    return this.create();
  }

  reservedBytes(): number {
    return this.#reserved.bytes;
  }

  collectionsBytes(): number {
    return this.#collectionsBytes;
  }

  charge(deltaBytes: number): void {
    this.#collectionsBytes += deltaBytes;
    assert(this.#collectionsBytes >= 0, 'collections gave back more bytes than they took');
  }
}
