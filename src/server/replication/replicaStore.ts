/**
 * All replicated keys of one node: the states, their digests by bucket, the clock and what has been received. Deterministic: no
 * clock, socket or random number but what is handed in.
 *
 * Local writes (`writeKey`, `addToKey`, ...) change the state at once and return the delta to gossip. Foreign ones come in as deltas
 * (`merge`) or as a peer's whole bucket (`reconcile`).
 *
 * Tombstones. A removed register stays, dead, until every known peer has acknowledged it, and this node has everything
 * the peers had written when they did (`collect`): then no older write can still be on its way here. What arrives after all the same
 * (a repeated message, a node started from an old snapshot) is covered by the version vector and is dropped as news from the dead.
 *
 * Memory: about 650 bytes a key (slope of the heap over 200,000 string keys), beside the key and the value, which are held a second time here.
 */
import { assert } from '../../base/assert.ts';
import { BucketDigests, bucketOf } from './bucketDigests.ts';
import { type HybridClock, NO_STAMP, type Stamp } from './hybridClock.ts';
import {
  type Change,
  dropForgottenParts,
  emptyKeyState,
  fieldShows,
  freshPart,
  isCollectible,
  isEmptyKeyState,
  isGone,
  joinKeyState,
  type KeyState,
  keyDots,
  latestOf,
  type RegisterObserver,
  viewOf,
} from './keyState.ts';
import {
  type Content,
  type ContentForm,
  emptyRegister,
  isDead,
  isEmptyRegister,
  latestStamp,
  NEVER,
  type Register,
} from './register.ts';
import { VersionVector } from './versionVector.ts';

export class ReplicaStore {
  readonly clock: HybridClock;
  readonly digests: BucketDigests;
  /** What this node has received, its own writes included. */
  readonly seen = new VersionVector();
  /** The latest write of each replica that was ever merged here, with gaps before it or without. */
  readonly #merged = new VersionVector();
  readonly #buckets: Map<string, KeyState>[];
  #collectCursor: { bucket: number; keys: string[] } = { bucket: 0, keys: [] };
  tombstonesCollected = 0;

  constructor(clock: HybridClock, bucketCount: number) {
    this.clock = clock;
    this.digests = new BucketDigests(bucketCount);
    this.#buckets = Array.from({ length: bucketCount }, () => new Map<string, KeyState>());
  }

  get(key: string): KeyState | undefined {
    return this.#buckets[this.#bucketOf(key)]!.get(key);
  }

  bucket(index: number): ReadonlyMap<string, KeyState> {
    return this.#buckets[index]!;
  }

  /** Keys held, tombstones included. */
  get keyCount(): number {
    return this.#buckets.reduce((sum, bucket) => sum + bucket.size, 0);
  }

  *keys(): Iterable<string> {
    for (const bucket of this.#buckets) yield* bucket.keys();
  }

  // --- local writes ---------------------------------------------------------------------------------------------------------

  /** Replaces the whole key; `bytes` undefined removes it. */
  writeKey(key: string, form: ContentForm, bytes: Uint8Array | undefined, expireAtMs = NEVER): KeyState {
    const delta = emptyKeyState();
    delta.whole.content = this.#content(form, bytes);
    if (expireAtMs !== NEVER) delta.whole.expiry = { stamp: this.#stamp(), atMs: expireAtMs };
    return this.#apply(key, delta);
  }

  /** Adds to a key that is an integer or absent. */
  addToKey(key: string, amount: bigint): KeyState {
    const delta = emptyKeyState();
    delta.whole.counters = this.#added(this.get(key)?.whole, amount);
    return this.#apply(key, delta);
  }

  expireKeyAt(key: string, atMs: number): KeyState {
    const delta = emptyKeyState();
    delta.whole.expiry = { stamp: this.#stamp(), atMs };
    return this.#apply(key, delta);
  }

  /** Sets a field and drops its expiry, or gives it one; `bytes` undefined removes it. */
  writeField(key: string, field: string, bytes: Uint8Array | undefined, expireAtMs = NEVER): KeyState {
    const register = emptyRegister();
    register.content = this.#content('string', bytes);
    if (expireAtMs !== NEVER) register.expiry = { stamp: this.#stamp(), atMs: expireAtMs };
    return this.#applyField(key, field, register);
  }

  addToField(key: string, field: string, amount: bigint): KeyState {
    const register = emptyRegister();
    register.counters = this.#added(this.get(key)?.fields.get(field), amount);
    return this.#applyField(key, field, register);
  }

  expireFieldAt(key: string, field: string, atMs: number): KeyState {
    const register = emptyRegister();
    register.expiry = { stamp: this.#stamp(), atMs };
    return this.#applyField(key, field, register);
  }

  /**
   * Turns what is past its expiry into tombstones; undefined if nothing is. To be called before a write to the key, so that the write
   * starts from nothing as it does in the keyspace.
   */
  buryExpired(key: string, nowMs: number): KeyState | undefined {
    const state = this.get(key);
    if (state === undefined) return undefined;
    const view = viewOf(state);
    if (view.kind === 'absent') return undefined;
    if (view.expireAtMs !== NEVER && view.expireAtMs <= nowMs) {
      const delta = emptyKeyState();
      delta.whole.content = { ...this.#content('string', undefined), order: latestOf(state) };
      return this.#apply(key, delta);
    }
    const delta = emptyKeyState();
    for (const [field, register] of state.fields) {
      if (isDead(register) || fieldShows(register, nowMs)) continue;
      const buried = emptyRegister();
      buried.content = { ...this.#content('string', undefined), order: latestStamp(register) };
      delta.fields.set(field, buried);
    }
    return delta.fields.size === 0 ? undefined : this.#apply(key, delta);
  }

  /** Removes what the key shows once its fields are gone, and nothing newer than that; undefined if that is nothing. */
  buryWhole(key: string): KeyState | undefined {
    const state = this.get(key);
    if (state === undefined || isDead(state.whole)) return undefined;
    const delta = emptyKeyState();
    delta.whole.content = { ...this.#content('string', undefined), order: latestStamp(state.whole) };
    return this.#apply(key, delta);
  }

  isGone(key: string, nowMs: number): boolean {
    const state = this.get(key);
    return state === undefined || isGone(state, nowMs);
  }

  #stamp(): Stamp {
    return this.clock.next();
  }

  #content(form: ContentForm, bytes: Uint8Array | undefined): Content {
    const stamp = this.#stamp();
    return { order: stamp, dot: stamp, form, bytes };
  }

  #added(register: Register | undefined, amount: bigint): Register['counters'] {
    const stamp = this.#stamp();
    const known = register?.counters?.get(stamp.replica);
    const entry =
      known === undefined
        ? { born: stamp, stamp, total: amount }
        : { born: known.born, stamp, total: known.total + amount };
    return new Map([[stamp.replica, entry]]);
  }

  #applyField(key: string, field: string, register: Register): KeyState {
    const delta = emptyKeyState();
    delta.fields.set(field, register);
    return this.#apply(key, delta);
  }

  #apply(key: string, delta: KeyState): KeyState {
    this.#join(key, delta);
    this.seen.raise(this.clock.replica, this.clock.ticks);
    return delta;
  }

  // --- foreign writes -------------------------------------------------------------------------------------------------------

  /** Takes in a foreign delta or state; what changed, undefined if nothing did. */
  merge(key: string, delta: KeyState): Change | undefined {
    const latest = latestOf(delta);
    if (latest !== NO_STAMP) this.clock.observe(latest.ticks);
    const fresh = freshPart(delta, this.seen);
    return isEmptyKeyState(fresh) ? undefined : this.#join(key, fresh);
  }

  /** After a peer's whole bucket has been merged: drops what the peer had seen and no longer holds. Calls back for keys that changed. */
  reconcile(
    bucket: number,
    peerStates: ReadonlyMap<string, KeyState>,
    peerSeen: VersionVector,
    changed: (key: string, change: Change) => void,
  ): void {
    const states = this.#buckets[bucket]!;
    for (const [key, state] of states) {
      const change = dropForgottenParts(state, peerStates.get(key), peerSeen, this.#observer(bucket, key));
      if (isEmptyKeyState(state)) states.delete(key);
      if (change !== undefined) changed(key, change);
    }
  }

  /** Everything up to here has been received from whoever vouches for it. */
  hasSeen(vector: VersionVector): void {
    this.seen.merge(vector);
    this.clock.observe(vector.latestTicks);
  }

  mergedReplicas(): string[] {
    return this.#merged.entries().map(({ replica }) => replica);
  }

  /** What was merged of these replicas is all there is of them: they have departed, and what nobody has is gone. */
  seal(replicas: readonly string[]): void {
    for (const replica of replicas) this.seen.raise(replica, this.#merged.get(replica));
  }

  #join(key: string, delta: KeyState): Change | undefined {
    for (const dot of keyDots(delta)) this.#merged.raise(dot.replica, dot.ticks);
    const index = this.#bucketOf(key);
    const states = this.#buckets[index]!;
    const known = states.get(key);
    const state = known ?? emptyKeyState();
    const change = joinKeyState(state, delta, this.#observer(index, key));
    if (isEmptyKeyState(state)) states.delete(key);
    else if (known === undefined) states.set(key, state);
    return change;
  }

  #observer(bucket: number, key: string): RegisterObserver {
    return (field, register, sign) => this.digests.account(bucket, key, field, register, sign);
  }

  // --- tombstones -----------------------------------------------------------------------------------------------------------

  /**
   * Looks at about `budget` keys from where the last call stopped: buries what has expired, and collects tombstones for which
   * `isStable` holds. Deltas of burials go to `buried`.
   */
  sweep(
    budget: number,
    nowMs: number,
    isStable: (dot: Stamp) => boolean,
    buried: (key: string, delta: KeyState) => void,
  ): void {
    const cursor = this.#collectCursor;
    for (let looked = 0; looked < budget; looked++) {
      const key = cursor.keys.pop();
      if (key === undefined) {
        cursor.bucket = (cursor.bucket + 1) % this.#buckets.length;
        cursor.keys = [...this.#buckets[cursor.bucket]!.keys()];
        continue;
      }
      const delta = this.buryExpired(key, nowMs);
      if (delta !== undefined) buried(key, delta);
      this.#collect(cursor.bucket, key, isStable);
    }
  }

  #collect(bucket: number, key: string, isStable: (dot: Stamp) => boolean): void {
    const states = this.#buckets[bucket]!;
    const state = states.get(key);
    if (state === undefined) return;
    const observe = this.#observer(bucket, key);
    for (const [field, register] of state.fields) {
      if (!isCollectible(register, isStable)) continue;
      observe(field, register, -1);
      state.fields.delete(field);
      this.tombstonesCollected++;
    }
    if (state.fields.size > 0 || !isCollectible(state.whole, isStable)) return;
    observe(undefined, state.whole, -1);
    if (!isEmptyRegister(state.whole)) this.tombstonesCollected++;
    states.delete(key);
  }

  #bucketOf(key: string): number {
    return bucketOf(key, this.#buckets.length);
  }

  // --- snapshots ------------------------------------------------------------------------------------------------------------

  /** For a store that holds nothing yet: what a snapshot held. The replica's name must be new. */
  restore(states: Iterable<readonly [string, KeyState]>, seen: VersionVector, ticks: number): void {
    assert(this.keyCount === 0, 'a snapshot is restored into an empty store');
    this.clock.observe(ticks);
    for (const [key, state] of states) this.#join(key, state);
    this.hasSeen(seen);
  }
}
