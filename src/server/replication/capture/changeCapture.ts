/**
 * From what happened in the keyspace to what is replicated. Effects, never commands: after a command has run, the keys it touched are
 * compared with their replicated states, and what differs becomes a delta. So a SET NX that lost writes nothing, whatever
 * executes a write is covered, and a new command needs no line here.
 *
 * Two things cannot be told from the outcome, and a command says them by its name (`INTENTS`): that a number was added to, and
 * that a hash is changed field by field rather than replaced.
 *
 * Changes outside a command (the fast path's SET, expiry, eviction) are captured at once. A key that is gone because its time has come
 * makes no delta here: the store buries it itself, so that its tombstone removes what expired and nothing newer.
 *
 * SWAPDB and FLUSHDB touch every key in one step, in time proportional to the keys.
 */
import { equalBytes, toLatin1 } from '../../../base/bytes.ts';
import { parseInt64 } from '../../../base/integer.ts';
import type { Arguments } from '../../commands/arguments.ts';
import type { CommandSpec } from '../../commands/command.ts';
import type { Database } from '../../keyspace/database.ts';
import { type Keyspace, NO_EXPIRY, type Ref, ValueType, type ValueTypeId } from '../../keyspace/keyspace.ts';
import { dumpEntry } from '../../keyspace/serialization/dumpPayload.ts';
import type { HashValue } from '../../keyspace/value/hashValue.ts';
import type { ServerState } from '../../serverState.ts';
import { type KeyState, viewOf } from '../keyState.ts';
import { expiryMs, isDead, NEVER, registerBytes } from '../register.ts';
import type { ReplicaStore } from '../replicaStore.ts';
import { keyName } from './keyName.ts';
import { type KeyspaceListener, keysOf, type Touch } from './observedStorage.ts';

/** `replace`: whole values. `add`: an integer was added to. `fields`: fields of a hash among the arguments; `setFields`: pairs of them. `databases`: whole databases. */
export type Intent = 'replace' | 'add' | 'fields' | 'setFields' | 'databases';

const INTENTS: Record<string, Intent> = {
  incr: 'add',
  incrby: 'add',
  decr: 'add',
  decrby: 'add',
  hincrby: 'add',
  hset: 'setFields',
  hmset: 'setFields',
  hsetnx: 'setFields',
  swapdb: 'databases',
  flushdb: 'databases',
  flushall: 'databases',
};

interface Touched {
  readonly keyspace: Keyspace;
  readonly key: Uint8Array;
  readonly touches: Set<Touch>;
}

export class ChangeCapture implements KeyspaceListener {
  readonly #store: ReplicaStore;
  readonly #wrote: (key: string, delta: KeyState) => void;
  #server!: ServerState;
  /** Of the command that runs, if one does. */
  #touched: Map<Keyspace, Map<string, Touched>> | undefined;
  /** While foreign changes are put into the keyspace, which are no news. */
  #deaf = false;

  constructor(store: ReplicaStore, wrote: (key: string, delta: KeyState) => void) {
    this.#store = store;
    this.#wrote = wrote;
  }

  attach(server: ServerState): void {
    this.#server = server;
  }

  touched(keyspace: Keyspace, key: Uint8Array, touch: Touch): void {
    if (this.#deaf) return;
    if (this.#touched === undefined) {
      // Outside a command a hash is handed out to be read.
      if (touch !== 'contents')
        this.#capture({ keyspace, key, touches: new Set([touch]) }, 'replace', undefined);
      return;
    }
    const keys = this.#touched.get(keyspace) ?? new Map<string, Touched>();
    this.#touched.set(keyspace, keys);
    const name = toLatin1(key);
    const known = keys.get(name);
    if (known !== undefined) known.touches.add(touch);
    else keys.set(name, { keyspace, key, touches: new Set([touch]) });
  }

  /** Runs `change` without taking what it does for this node's own writes. */
  unheard(change: () => void): void {
    this.#deaf = true;
    try {
      change();
    } finally {
      this.#deaf = false;
    }
  }

  /** The command, with what it changes captured once it has run. */
  observe(spec: CommandSpec): CommandSpec {
    const { execute, flags: traits } = spec;
    if (execute === undefined || !traits.includes('write')) return spec;
    const intent = INTENTS[spec.name] ?? (spec.categories.includes('hash') ? 'fields' : 'replace');
    if (intent === 'databases')
      return { ...spec, execute: (context, args) => this.#captureDatabases(() => execute(context, args)) };
    return {
      ...spec,
      execute: (context, args) => {
        const outer = this.#touched;
        const touched = new Map<Keyspace, Map<string, Touched>>();
        this.#touched = touched;
        const dirtyBefore = context.server.dirty;
        try {
          execute(context, args);
        } finally {
          this.#touched = outer;
          const changed = context.server.dirty !== dirtyBefore;
          for (const keys of touched.values())
            for (const each of keys.values())
              if (changed || !isLookOnly(each)) this.#capture(each, intent, args);
        }
      },
    };
  }

  /** For what replaces or empties databases: every key of those that are not what they were is looked at. */
  #captureDatabases(execute: () => void): void {
    const { databases } = this.#server;
    const before = databases.map(({ keyspace }) => ({ keyspace, keys: keysOf(keyspace) }));
    this.unheard(execute);
    const changed = databases.filter(({ keyspace }, index) => {
      const old = before[index]!;
      return keyspace !== old.keyspace || keyspace.count !== old.keys.length;
    });
    const keys = new Map<string, Uint8Array>();
    for (const { index } of changed) for (const key of before[index]!.keys) keys.set(toLatin1(key), key);
    for (const { keyspace } of changed)
      for (const key of keys.values())
        this.#capture({ keyspace, key, touches: new Set(['value']) }, 'replace', undefined);
  }

  #capture(touched: Touched, intent: Intent, args: Arguments | undefined): void {
    const database = this.#server.databases.find(({ keyspace }) => keyspace === touched.keyspace);
    if (database === undefined) return;
    const { key } = touched;
    const name = keyName(database.index, key);
    const buried = this.#store.buryExpired(name, this.#server.context.nowMs);
    if (buried !== undefined) this.#wrote(name, buried);
    // Looking at a hash to capture it must not count as touching it.
    this.unheard(() => {
      const ref = database.keyspace.find(key, 0, key.length);
      const type = ref === 0 ? undefined : database.keyspace.type(ref);
      const isFieldwise = intent !== 'replace' && args !== undefined;
      if (isFieldwise && (type === ValueType.hash || (ref === 0 && touched.touches.has('contents'))))
        this.#captureFields(name, database, ref, intent, args);
      else if (ref === 0) this.#captureRemoval(name);
      else if (touched.touches.has('value') || isHandedOut(touched, type))
        this.#captureValue(name, database, ref, intent);
      if (ref !== 0) this.#captureExpiry(name, database.keyspace.expireAtMs(ref));
    });
  }

  #captureRemoval(name: string): void {
    const state = this.#store.get(name);
    if (state !== undefined && viewOf(state).kind !== 'absent')
      this.#wrote(name, this.#store.writeKey(name, 'string', undefined));
  }

  #captureValue(name: string, { keyspace }: Database, ref: Ref, intent: Intent): void {
    const type = keyspace.type(ref);
    if (type === ValueType.string) {
      const bytes = Uint8Array.from(keyspace.stringView(ref));
      const added = intent === 'add' ? this.#amountAdded(name, bytes) : undefined;
      if (added !== undefined) return this.#wrote(name, this.#store.addToKey(name, added));
      return this.#wrote(name, this.#store.writeKey(name, 'string', bytes));
    }
    if (type !== ValueType.hash) return this.#captureDump(name, dumpEntry(keyspace, ref, false));
    this.#wrote(name, this.#store.writeKey(name, 'string', undefined));
    (keyspace.collection(ref) as HashValue).forEach((field, value, expireAtMs) => {
      const delta = this.#store.writeField(
        name,
        toLatin1(field),
        Uint8Array.from(value),
        asExpiry(expireAtMs),
      );
      this.#wrote(name, delta);
    });
  }

  /** A value that was only looked at is what it was. */
  #captureDump(name: string, bytes: Uint8Array): void {
    const state = this.#store.get(name);
    const view = state === undefined ? undefined : viewOf(state);
    const known = view?.kind === 'dump' ? view.bytes : undefined;
    if (known !== undefined && equalBytes(known, 0, known.length, bytes, 0, bytes.length)) return;
    this.#wrote(name, this.#store.writeKey(name, 'dump', bytes));
  }

  /** What the replicated value lacks of `bytes`; undefined if either is no integer. */
  #amountAdded(name: string, bytes: Uint8Array): bigint | undefined {
    const state = this.#store.get(name);
    const view = state === undefined ? undefined : viewOf(state);
    const after = parseInt64(bytes, 0, bytes.length);
    if (view === undefined || view.kind === 'absent') return after;
    const before = view.kind === 'string' ? parseInt64(view.bytes, 0, view.bytes.length) : undefined;
    return after === undefined || before === undefined ? undefined : after - before;
  }

  #captureExpiry(name: string, expireAtMs: number): void {
    const state = this.#store.get(name);
    const known = state === undefined ? NEVER : expiryMs(state.whole);
    if (known !== asExpiry(expireAtMs))
      this.#wrote(name, this.#store.expireKeyAt(name, asExpiry(expireAtMs)));
  }

  /** The fields are among the arguments; what else stands there (a time, a condition) is hardly ever a field too, and if so unchanged. */
  #captureFields(name: string, { keyspace }: Database, ref: Ref, intent: Intent, args: Arguments): void {
    const hash = ref === 0 ? undefined : (keyspace.collection(ref) as HashValue);
    const step = intent === 'setFields' ? 2 : 1;
    for (let i = 2; i < args.count; i += step) this.#captureField(name, hash, args.copy(i), intent);
    if (hash !== undefined) return;
    // With its last field the key is gone, and with it a string of another node that the fields had hidden.
    const hidden = this.#store.buryWhole(name);
    if (hidden !== undefined) this.#wrote(name, hidden);
  }

  #captureField(name: string, hash: HashValue | undefined, field: Uint8Array, intent: Intent): void {
    const fieldName = toLatin1(field);
    const store = this.#store;
    const register = store.get(name)?.fields.get(fieldName);
    const shown = register === undefined || isDead(register) ? undefined : registerBytes(register);
    const ref = hash?.find(field, 0, field.length) ?? 0;
    if (hash === undefined || ref === 0) {
      if (shown !== undefined) this.#wrote(name, store.writeField(name, fieldName, undefined));
      return;
    }
    const value = Uint8Array.from(hash.valueView(ref));
    const expireAtMs = asExpiry(hash.expireAtMs(ref));
    const isSame = shown !== undefined && equalBytes(shown, 0, shown.length, value, 0, value.length);
    if (intent === 'setFields' || (intent === 'fields' && !isSame)) {
      this.#wrote(name, store.writeField(name, fieldName, value, expireAtMs));
      return;
    }
    if (intent === 'add' && !isSame)
      this.#wrote(name, this.#fieldAdded(name, fieldName, shown, value, expireAtMs));
    const known = store.get(name)?.fields.get(fieldName);
    if (known !== undefined && expiryMs(known) !== expireAtMs)
      this.#wrote(name, store.expireFieldAt(name, fieldName, expireAtMs));
  }

  #fieldAdded(
    name: string,
    field: string,
    shown: Uint8Array | undefined,
    value: Uint8Array,
    expireAtMs: number,
  ): KeyState {
    const before = shown === undefined ? 0n : parseInt64(shown, 0, shown.length);
    const after = parseInt64(value, 0, value.length);
    if (before === undefined || after === undefined)
      return this.#store.writeField(name, field, value, expireAtMs);
    return this.#store.addToField(name, field, after - before);
  }
}

const asExpiry = (expireAtMs: number): number => (expireAtMs === NO_EXPIRY ? NEVER : expireAtMs);
/** A list, set or sorted set that may have been changed in place. */
const isHandedOut = ({ touches }: Touched, type: ValueTypeId | undefined): boolean =>
  touches.has('contents') && type !== ValueType.hash;
const isLookOnly = ({ touches }: Touched): boolean => touches.size === 1 && touches.has('contents');
