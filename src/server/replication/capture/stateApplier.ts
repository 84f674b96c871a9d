/** Puts what a merge changed into the keyspace, so that clients see it. What has expired meanwhile is not put there to begin with. */
import { fromLatin1 } from '../../../base/bytes.ts';
import type { Client } from '../../clients/client.ts';
import { NO_LINK } from '../../clients/noLink.ts';
import { Arguments } from '../../commands/arguments.ts';
import type { Database } from '../../keyspace/database.ts';
import { NO_EXPIRY, type Ref, ValueType } from '../../keyspace/keyspace.ts';
import { hasValidFooter, restoreValue } from '../../keyspace/serialization/dumpPayload.ts';
import { SORTED_SET_TYPE } from '../../keyspace/serialization/sortedSetSerialization.ts';
import type { ValueEnvironment } from '../../keyspace/serialization/valueSerialization.ts';
import { HashValue } from '../../keyspace/value/hashValue.ts';
import type { ServerState } from '../../serverState.ts';
import { type Change, fieldShows, isGone, type KeyState, viewOf } from '../keyState.ts';
import { expiryMs, NEVER, registerBytes } from '../register.ts';
import type { ReplicaStore } from '../replicaStore.ts';
import { parseKeyName } from './keyName.ts';

/** NEVER and NO_EXPIRY are each other's only. */
const asExpireAt = (atMs: number): number => (atMs === NEVER ? NO_EXPIRY : atMs);

export class StateApplier {
  readonly #store: ReplicaStore;
  readonly #server: ServerState;
  /** Names the key for the database's methods. */
  readonly #args = new Arguments();
  /** Who acts: no client of this node. */
  readonly #peer: Client;

  constructor(store: ReplicaStore, server: ServerState) {
    this.#store = store;
    this.#server = server;
    this.#peer = server.clients.outsider(NO_LINK, server.clock.nowMs());
  }

  apply(name: string, change: Change): void {
    const { database: index, key } = parseKeyName(name);
    // A peer may be configured with more databases than this node.
    const database = this.#server.databases[index];
    if (database === undefined) return;
    this.#server.context.nowMs = this.#server.clock.nowMs();
    this.#server.context.client = this.#peer;
    this.#args.buffer = key;
    this.#args.count = 0;
    this.#args.push(0, key.length);
    const state = this.#store.get(name);
    const ref = database.keyspace.find(key, 0, key.length);
    if (state === undefined || isGone(state, this.#server.context.nowMs)) {
      if (ref !== 0) database.keyspace.remove(ref);
    } else if (viewOf(state).kind === 'hash') {
      this.#applyHash(database, ref, state, change);
    } else {
      this.#applyValue(database, state);
    }
    this.#server.dirty++;
    this.#server.keyEvents.touched(database, key);
  }

  #applyValue(database: Database, state: KeyState): void {
    const view = viewOf(state);
    if (view.kind !== 'string' && view.kind !== 'dump') return;
    const { bytes } = view;
    const expireAtMs = asExpireAt(view.expireAtMs);
    if (view.kind === 'string') {
      database.putBytes(this.#args, 0, bytes, expireAtMs);
      return;
    }
    const value = hasValidFooter(bytes, 0, bytes.length)
      ? restoreValue(bytes, 0, bytes.length, this.#environmentFor(bytes))
      : undefined;
    if (value === undefined) {
      this.#server.log.write('warning', 'Replication: a peer sent a value of a type this node cannot read.');
    } else if (value.collection !== undefined) {
      database.putCollection(this.#args, 0, value.collection, expireAtMs);
    }
  }

  serveBlocked(): void {
    if (this.#server.blocked.isDue) this.#server.serveBlocked();
    this.#server.tracking.broadcast();
  }

  /** A sorted set arrives in the form that it has at its origin, whatever the limits here: packed scores have no -0. */
  #environmentFor(bytes: Uint8Array): ValueEnvironment {
    const { capacity, createSmallFields, hashLimits, listFill, setLimits, sortedSetLimits, storage } =
      this.#server;
    const isUnpacked = bytes[0] === SORTED_SET_TYPE.doubles;
    return {
      capacity,
      createSmallFields,
      hashLimits,
      listFill,
      setLimits,
      sortedSetLimits: isUnpacked ? { ...sortedSetLimits, entriesMax: 0 } : sortedSetLimits,
      storage,
    };
  }

  #applyHash(database: Database, ref: Ref, state: KeyState, change: Change): void {
    const { keyspace } = database;
    const isHash = ref !== 0 && keyspace.type(ref) === ValueType.hash;
    // Where the key as a whole changed, any field may have gone with it.
    const isWhole = change.whole || !isHash;
    const { storage, createSmallFields } = this.#server;
    const hash = isWhole
      ? new HashValue(storage, createSmallFields)
      : (keyspace.collection(ref) as HashValue);
    if (isWhole) database.putCollection(this.#args, 0, hash, NO_EXPIRY);
    for (const field of isWhole ? state.fields.keys() : change.fields) this.#applyField(hash, field, state);
    const { buffer } = this.#args;
    const placed = keyspace.find(buffer, 0, buffer.length);
    const expireAtMs = asExpireAt(expiryMs(state.whole));
    if (keyspace.expireAtMs(placed) !== expireAtMs) database.setExpireAt(placed, expireAtMs);
    database.fieldDeadlines.watch(hash, keyspace, buffer, 0, buffer.length);
  }

  #applyField(hash: HashValue, name: string, state: KeyState): void {
    const field = fromLatin1(name);
    const register = state.fields.get(name);
    const value = register === undefined ? undefined : registerBytes(register);
    if (register === undefined || value === undefined || !fieldShows(register, this.#server.context.nowMs)) {
      const ref = hash.find(field, 0, field.length);
      if (ref !== 0) hash.remove(ref);
      return;
    }
    hash.set(field, 0, field.length, value, 0, value.length, false, this.#server.hashLimits);
    const atMs = asExpireAt(expiryMs(register));
    if (atMs !== NO_EXPIRY) hash.setExpireAt(hash.find(field, 0, field.length), atMs);
  }
}
