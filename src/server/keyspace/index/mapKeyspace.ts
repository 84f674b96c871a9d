/**
 * Flag `arena-storage`, baseline: `Map<string, Entry>` with one heap object an entry, what a good engineer would ship first.
 *
 * Two things a plain Map lacks are added, because Redis promises them and no stall is allowed. The Map is cut into
 * partitions by a seeded hash, so that no growth step moves more than a partition. And every entry has a slot number that never
 * changes while it lives: SCAN walks slots, so what is present throughout is visited however much comes and goes.
 *
 * Rejected: iterating the Maps for SCAN (an iterator cannot be resumed from a stateless cursor).
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
import { SLOT_BYTES, SlotTable } from '../record/slotTable.ts';

/** At 10 million keys a partition holds about 10,000 entries, whose rehash takes about 100 us. */
const PARTITIONS = 1024;
/** Random slots tried before the entries themselves are looked through. */
const RANDOM_SLOT_ATTEMPTS = 100;
/** Empty slots a scan step passes over, per entry it was asked for: keeps a step bounded after mass deletion. */
const EMPTY_SLOTS_PER_BUDGET = 10;

/**
 * What V8 charges for an entry beside key and value bytes, measured as the slope of the heap over 1..4 million entries with
 * pointers of 8 bytes: Entry object 72, key string header 16, Map node 36; its slot 8; a string's typed array with its buffer 160.
 */
const ENTRY_BYTES = 124;
const STRING_OVERHEAD_BYTES = 160;
/** The array of partitions and the objects around it, and a partition's Map before its nodes: measured over small keyspaces. */
const KEYSPACE_BYTES = 8400;
const PARTITION_BYTES = 200;

class Entry {
  readonly key: string;
  readonly slot: number;
  type: ValueTypeId;
  value: Uint8Array | Collection;
  raw: boolean;
  expireAtMs: number;
  access = 0;

  constructor(
    key: string,
    slot: number,
    type: ValueTypeId,
    value: Uint8Array | Collection,
    raw: boolean,
    expireAtMs: number,
  ) {
    this.key = key;
    this.slot = slot;
    this.type = type;
    this.value = value;
    this.raw = raw;
    this.expireAtMs = expireAtMs;
  }
}

export class MapKeyspace implements Keyspace {
  readonly #hash: KeyHash;
  #partitions: (Map<string, Entry> | undefined)[] = new Array(PARTITIONS).fill(undefined);
  readonly #slots = new SlotTable<Entry>();
  #partitionCount = 0;
  #bytes = 0;
  #collectionCount = 0;
  count = 0;
  expiringCount = 0;

  constructor(hash: KeyHash) {
    this.#hash = hash;
  }

  memoryBytes(): number {
    if (this.count === 0) return 0;
    return KEYSPACE_BYTES + this.#partitionCount * PARTITION_BYTES + this.#slots.memoryBytes() + this.#bytes;
  }

  find(buffer: Uint8Array, start: number, end: number): Ref {
    const partition = this.#partitions[this.#hash.hash(buffer, start, end) & (PARTITIONS - 1)];
    if (partition === undefined) return 0;
    const entry = partition.get(latin1(buffer, start, end));
    return entry === undefined ? 0 : entry.slot + 1;
  }

  #entry(ref: Ref): Entry {
    return this.#slots.get(ref - 1);
  }

  type(ref: Ref): ValueTypeId {
    return this.#entry(ref).type;
  }

  keyLength(ref: Ref): number {
    return this.#entry(ref).key.length;
  }

  copyKey(ref: Ref, target: Uint8Array, at: number): void {
    const key = this.#entry(ref).key;
    for (let i = 0; i < key.length; i++) target[at + i] = key.charCodeAt(i);
  }

  keyBytes(ref: Ref): Uint8Array {
    const key = new Uint8Array(this.#entry(ref).key.length);
    this.copyKey(ref, key, 0);
    return key;
  }

  expireAtMs(ref: Ref): number {
    return this.#entry(ref).expireAtMs;
  }

  setExpireAt(ref: Ref, expireAtMs: number): void {
    const entry = this.#entry(ref);
    this.expiringCount += Number(expireAtMs !== NO_EXPIRY) - Number(entry.expireAtMs !== NO_EXPIRY);
    entry.expireAtMs = expireAtMs;
  }

  access(ref: Ref): number {
    return this.#entry(ref).access;
  }

  setAccess(ref: Ref, word: number): void {
    this.#entry(ref).access = word;
  }

  entryMemoryBytes(ref: Ref): number {
    const entry = this.#entry(ref);
    return ENTRY_BYTES + SLOT_BYTES + entry.key.length + valueBytes(entry.value);
  }

  stringLength(ref: Ref): number {
    return (this.#entry(ref).value as Uint8Array).length;
  }

  copyString(ref: Ref, from: number, to: number, target: Uint8Array, at: number): void {
    copyBytes(this.#entry(ref).value as Uint8Array, from, to, target, at);
  }

  stringView(ref: Ref): Uint8Array {
    return this.#entry(ref).value as Uint8Array;
  }

  isRaw(ref: Ref): boolean {
    return this.#entry(ref).raw;
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
    return this.#put(
      key,
      keyStart,
      keyEnd,
      ValueType.string,
      copyOf(value, valueStart, valueEnd),
      raw,
      expireAtMs,
    );
  }

  replaceString(ref: Ref, value: Uint8Array, valueStart: number, valueEnd: number, raw: boolean): void {
    this.#setValue(this.#entry(ref), ValueType.string, copyOf(value, valueStart, valueEnd), raw);
  }

  resizeString(ref: Ref, length: number): void {
    const entry = this.#entry(ref);
    const old = entry.value as Uint8Array;
    this.#setValue(entry, ValueType.string, resizeBytes(old, length), true);
  }

  writeString(ref: Ref, at: number, bytes: Uint8Array, start: number, end: number): void {
    const value = this.#entry(ref).value as Uint8Array;
    assert(at + end - start <= value.length, 'writeString beyond the string');
    copyBytes(bytes, start, end, value, at);
  }

  collection(ref: Ref): Collection {
    return this.#entry(ref).value as Collection;
  }

  putCollection(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Collection,
    expireAtMs: number,
  ): Ref {
    const ref = this.#put(key, keyStart, keyEnd, value.type, value, false, expireAtMs);
    value.adopt();
    return ref;
  }

  remove(ref: Ref): void {
    const value = this.#unlink(this.#entry(ref));
    if (!(value instanceof Uint8Array)) value.release();
  }

  detach(ref: Ref): Collection | undefined {
    const value = this.#unlink(this.#entry(ref));
    if (value instanceof Uint8Array) return undefined;
    value.disown();
    return value;
  }

  scan(cursor: number, budget: number, visit: (ref: Ref) => void): number {
    let slot = Number.isSafeInteger(cursor) && cursor > 0 ? cursor : 0;
    const end = Math.min(this.#slots.slotsUsed, slot + budget * EMPTY_SLOTS_PER_BUDGET);
    let visited = 0;
    for (; slot < end && visited < budget; slot++) {
      if (this.#slots.peek(slot) === undefined) continue;
      visit(slot + 1);
      visited++;
    }
    return slot >= this.#slots.slotsUsed ? 0 : slot;
  }

  random(rng: Rng): Ref {
    if (this.count === 0) return 0;
    for (let attempt = 0; attempt < RANDOM_SLOT_ATTEMPTS; attempt++) {
      const slot = Math.floor(rng.float() * this.#slots.slotsUsed);
      if (this.#slots.peek(slot) !== undefined) return slot + 1;
    }
    // Nearly all slots are empty: any entry of the next partition that has one.
    for (let number = Math.floor(rng.float() * PARTITIONS); ; number = (number + 1) % PARTITIONS) {
      for (const entry of this.#partitions[number]?.values() ?? []) return entry.slot + 1;
    }
  }

  clear(): void {
    if (this.#collectionCount > 0) {
      for (let slot = 0; slot < this.#slots.slotsUsed; slot++) {
        const entry = this.#slots.peek(slot);
        if (entry !== undefined && !(entry.value instanceof Uint8Array)) entry.value.release();
      }
    }
    this.#reset();
  }

  #reset(): void {
    this.#collectionCount = 0;
    this.#partitions = new Array(PARTITIONS).fill(undefined);
    this.#partitionCount = 0;
    this.#slots.clear();
    this.#bytes = 0;
    this.count = 0;
    this.expiringCount = 0;
  }

  #put(
    buffer: Uint8Array,
    keyStart: number,
    keyEnd: number,
    type: ValueTypeId,
    value: Uint8Array | Collection,
    raw: boolean,
    expireAtMs: number,
  ): Ref {
    const number = this.#hash.hash(buffer, keyStart, keyEnd) & (PARTITIONS - 1);
    let partition = this.#partitions[number];
    if (partition === undefined) {
      this.#partitions[number] = partition = new Map();
      this.#partitionCount++;
    }
    const key = latin1(buffer, keyStart, keyEnd);
    const known = partition.get(key);
    if (known !== undefined) {
      const old = known.value;
      this.#setValue(known, type, value, raw);
      this.setExpireAt(known.slot + 1, expireAtMs);
      if (!(old instanceof Uint8Array) && old !== value) old.release();
      return known.slot + 1;
    }
    const slot = this.#slots.take();
    const entry = new Entry(key, slot, type, value, raw, expireAtMs);
    this.#slots.set(slot, entry);
    partition.set(key, entry);
    this.count++;
    if (expireAtMs !== NO_EXPIRY) this.expiringCount++;
    if (type !== ValueType.string) this.#collectionCount++;
    this.#bytes += ENTRY_BYTES + key.length + ownBytes(value);
    return slot + 1;
  }

  #setValue(entry: Entry, type: ValueTypeId, value: Uint8Array | Collection, raw: boolean): void {
    this.#bytes -= ownBytes(entry.value);
    this.#bytes += ownBytes(value);
    this.#collectionCount += Number(type !== ValueType.string) - Number(entry.type !== ValueType.string);
    entry.type = type;
    entry.value = value;
    entry.raw = raw;
  }

  #unlink(entry: Entry): Uint8Array | Collection {
    const key = entry.key;
    const bytes = new Uint8Array(key.length);
    this.copyKey(entry.slot + 1, bytes, 0);
    this.#partitions[this.#hash.hash(bytes, 0, bytes.length) & (PARTITIONS - 1)]!.delete(key);
    this.#slots.release(entry.slot);
    this.count--;
    if (entry.expireAtMs !== NO_EXPIRY) this.expiringCount--;
    this.#bytes -= ENTRY_BYTES + key.length + ownBytes(entry.value);
    if (entry.type !== ValueType.string) this.#collectionCount--;
    if (this.count === 0) this.#reset();
    return entry.value;
  }
}

const latin1 = (buffer: Uint8Array, start: number, end: number): string =>
  Buffer.prototype.latin1Slice.call(buffer, start, end);

/** Bytes charged to the keyspace for a value; a collection's are its own account. Not `buffer.byteLength`: asking for the buffer moves a small array off the heap. */
const ownBytes = (value: Uint8Array | Collection): number =>
  value instanceof Uint8Array ? STRING_OVERHEAD_BYTES + value.length : 0;

const valueBytes = (value: Uint8Array | Collection): number =>
  value instanceof Uint8Array ? ownBytes(value) : value.memoryBytes();

export class MapKeyspaceFactory implements KeyspaceFactory {
  readonly #hash: KeyHash;
  #collectionsBytes = 0;

  constructor(hash: KeyHash) {
    this.#hash = hash;
  }

  create(): Keyspace {
    return new MapKeyspace(this.#hash);
  }

  createDatabase(): Keyspace {
    return new MapKeyspace(this.#hash);
  }

  reservedBytes(): number {
    return 0;
  }

  collectionsBytes(): number {
    return this.#collectionsBytes;
  }

  charge(deltaBytes: number): void {
    this.#collectionsBytes += deltaBytes;
    assert(this.#collectionsBytes >= 0, 'collections gave back more bytes than they took');
  }
}
