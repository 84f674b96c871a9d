/** Storage whose databases tell of every change to a key before anyone else can see it. What they tell is which key and how, no more. */
import type { Rng } from '../../../ports/rng.ts';
import type {
  Collection,
  Keyspace,
  KeyspaceFactory,
  KeyspaceWatcher,
  Ref,
  ValueTypeId,
} from '../../keyspace/keyspace.ts';
import type { Disposal } from '../../keyspace/release/disposal.ts';

/** What happened to a key. `contents`: a collection was handed out, and may be changed in place. */
export type Touch = 'value' | 'expiry' | 'contents' | 'removed';

export interface KeyspaceListener {
  /** Called after the change; for `contents` before it. */
  touched(keyspace: Keyspace, key: Uint8Array, touch: Touch): void;
}

export class ObservedStorage implements KeyspaceFactory {
  readonly #inner: KeyspaceFactory;
  readonly #listener: KeyspaceListener;

  constructor(inner: KeyspaceFactory, listener: KeyspaceListener) {
    this.#inner = inner;
    this.#listener = listener;
  }

  createDatabase(): Keyspace {
    return new ObservedKeyspace(this.#inner.createDatabase(), this.#listener);
  }

  /** The fields of a hash: their key is what is observed. */
  create(): Keyspace {
    return this.#inner.create();
  }

  get disposal(): Disposal {
    return this.#inner.disposal;
  }

  set disposal(disposal: Disposal) {
    this.#inner.disposal = disposal;
  }

  reservedBytes(): number {
    return this.#inner.reservedBytes();
  }

  collectionsBytes(): number {
    return this.#inner.collectionsBytes();
  }

  charge(deltaBytes: number): void {
    this.#inner.charge(deltaBytes);
  }
}

class ObservedKeyspace implements Keyspace {
  readonly #inner: Keyspace;
  readonly #listener: KeyspaceListener;

  constructor(inner: Keyspace, listener: KeyspaceListener) {
    this.#inner = inner;
    this.#listener = listener;
  }

  #tell(ref: Ref, touch: Touch): void {
    this.#listener.touched(this, this.#inner.keyBytes(ref), touch);
  }

  // --- changes --------------------------------------------------------------------------------------------------------------

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
    const ref = this.#inner.putString(key, keyStart, keyEnd, value, valueStart, valueEnd, expireAtMs, raw);
    this.#tell(ref, 'value');
    return ref;
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
    const ref = this.#inner.putPacked(key, keyStart, keyEnd, type, value, valueStart, valueEnd, expireAtMs);
    this.#tell(ref, 'value');
    return ref;
  }

  replaceString(ref: Ref, value: Uint8Array, valueStart: number, valueEnd: number, raw: boolean): void {
    const key = this.#inner.keyBytes(ref);
    this.#inner.replaceString(ref, value, valueStart, valueEnd, raw);
    this.#listener.touched(this, key, 'value');
  }

  resizeString(ref: Ref, length: number): void {
    const key = this.#inner.keyBytes(ref);
    this.#inner.resizeString(ref, length);
    this.#listener.touched(this, key, 'value');
  }

  writeString(ref: Ref, at: number, bytes: Uint8Array, start: number, end: number): void {
    this.#inner.writeString(ref, at, bytes, start, end);
    this.#tell(ref, 'value');
  }

  setExpireAt(ref: Ref, expireAtMs: number): void {
    this.#inner.setExpireAt(ref, expireAtMs);
    this.#tell(ref, 'expiry');
  }

  collection(ref: Ref): Collection {
    this.#tell(ref, 'contents');
    return this.#inner.collection(ref);
  }

  putCollection(
    key: Uint8Array,
    keyStart: number,
    keyEnd: number,
    value: Collection,
    expireAtMs: number,
  ): Ref {
    const ref = this.#inner.putCollection(key, keyStart, keyEnd, value, expireAtMs);
    this.#tell(ref, 'value');
    return ref;
  }

  remove(ref: Ref): void {
    const key = this.#inner.keyBytes(ref);
    this.#inner.remove(ref);
    this.#listener.touched(this, key, 'removed');
  }

  detach(ref: Ref): Collection | undefined {
    const key = this.#inner.keyBytes(ref);
    const collection = this.#inner.detach(ref);
    this.#listener.touched(this, key, 'removed');
    return collection;
  }

  clear(): void {
    const keys = keysOf(this.#inner);
    this.#inner.clear();
    for (const key of keys) this.#listener.touched(this, key, 'removed');
  }

  /** Nobody reads it any more: what was in it has been told of when it went out of sight. */
  releaseSome(cursor: number, budget: number): number {
    return this.#inner.releaseSome(cursor, budget);
  }

  // --- everything else ------------------------------------------------------------------------------------------------------

  get count(): number {
    return this.#inner.count;
  }

  get expiringCount(): number {
    return this.#inner.expiringCount;
  }

  memoryBytes(): number {
    return this.#inner.memoryBytes();
  }

  indexBytes(): number {
    return this.#inner.indexBytes();
  }

  find(buffer: Uint8Array, start: number, end: number): Ref {
    return this.#inner.find(buffer, start, end);
  }

  handleOf(ref: Ref): number {
    return this.#inner.handleOf(ref);
  }

  findByHandle(handle: number, after: Ref): Ref {
    return this.#inner.findByHandle(handle, after);
  }

  type(ref: Ref): ValueTypeId {
    return this.#inner.type(ref);
  }

  keyLength(ref: Ref): number {
    return this.#inner.keyLength(ref);
  }

  copyKey(ref: Ref, target: Uint8Array, at: number): void {
    this.#inner.copyKey(ref, target, at);
  }

  keyBytes(ref: Ref): Uint8Array {
    return this.#inner.keyBytes(ref);
  }

  expireAtMs(ref: Ref): number {
    return this.#inner.expireAtMs(ref);
  }

  access(ref: Ref): number {
    return this.#inner.access(ref);
  }

  setAccess(ref: Ref, word: number): void {
    this.#inner.setAccess(ref, word);
  }

  entryMemoryBytes(ref: Ref): number {
    return this.#inner.entryMemoryBytes(ref);
  }

  stringLength(ref: Ref): number {
    return this.#inner.stringLength(ref);
  }

  copyString(ref: Ref, from: number, to: number, target: Uint8Array, at: number): void {
    this.#inner.copyString(ref, from, to, target, at);
  }

  stringView(ref: Ref): Uint8Array {
    return this.#inner.stringView(ref);
  }

  isPacked(ref: Ref): boolean {
    return this.#inner.isPacked(ref);
  }

  isRaw(ref: Ref): boolean {
    return this.#inner.isRaw(ref);
  }

  scan(cursor: number, budget: number, visit: (ref: Ref) => void): number {
    return this.#inner.scan(cursor, budget, visit);
  }

  walk(from: number, visit: (ref: Ref) => void): number {
    return this.#inner.walk(from, visit);
  }

  walkPosition(ref: Ref): number {
    return this.#inner.walkPosition(ref);
  }

  get watcher(): KeyspaceWatcher | undefined {
    return this.#inner.watcher;
  }

  set watcher(watcher: KeyspaceWatcher | undefined) {
    this.#inner.watcher = watcher;
  }

  random(rng: Rng): Ref {
    return this.#inner.random(rng);
  }
}

/** Every key, in one go. */
export function keysOf(keyspace: Keyspace): Uint8Array[] {
  const keys: Uint8Array[] = [];
  let cursor = 0;
  do cursor = keyspace.scan(cursor, Math.max(keyspace.count, 1), (ref) => keys.push(keyspace.keyBytes(ref)));
  while (cursor !== 0);
  return keys;
}
