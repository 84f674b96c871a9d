/**
 * The replicated form of one key: a register for the key as a whole, and one for each field of a hash.
 *
 * A content of the key (SET, DEL, a whole value of another type) removes every field that is not younger. Where concurrent writes
 * left a string and fields side by side, the fields are shown: they are younger, or they would be gone.
 *
 * A `KeyState` is also a delta: one that holds only the parts that changed. Merging deltas with each other and with states is
 * the same operation, which is why any batching of them gives the same state.
 */
import { laterStamp, type Stamp } from './hybridClock.ts';
import {
  buryField,
  type ContentForm,
  dotsOf,
  dropForgotten,
  emptyRegister,
  expiryMs,
  isDead,
  isEmptyRegister,
  joinRegister,
  latestStamp,
  NEVER,
  type Register,
  registerBytes,
  withoutCovered,
} from './register.ts';
import type { VersionVector } from './versionVector.ts';

export interface KeyState {
  readonly whole: Register;
  readonly fields: Map<string, Register>;
}

export const emptyKeyState = (): KeyState => ({ whole: emptyRegister(), fields: new Map() });

export const isEmptyKeyState = (state: KeyState): boolean =>
  isEmptyRegister(state.whole) && state.fields.size === 0;

/** What a merge changed: the whole key, or these fields only. */
export interface Change {
  whole: boolean;
  readonly fields: Set<string>;
}

/** Called before a register changes and after it did: what keeps digests and sizes does so from here. `field` undefined: the whole. */
export type RegisterObserver = (field: string | undefined, register: Register, sign: 1 | -1) => void;

const unobserved: RegisterObserver = () => {};

/** Merges `delta` into `state`; undefined if that changed nothing. */
export function joinKeyState(
  state: KeyState,
  delta: KeyState,
  observe: RegisterObserver = unobserved,
): Change | undefined {
  const change: Change = { whole: false, fields: new Set() };
  observe(undefined, state.whole, -1);
  change.whole = joinRegister(state.whole, delta.whole);
  observe(undefined, state.whole, 1);
  const order = state.whole.content?.order;
  if (change.whole && order !== undefined) buryFields(state, order, observe);
  for (const [field, added] of delta.fields) {
    if (joinField(state, field, added, order, observe)) change.fields.add(field);
  }
  return change.whole || change.fields.size > 0 ? change : undefined;
}

function joinField(
  state: KeyState,
  field: string,
  added: Register,
  order: Stamp | undefined,
  observe: RegisterObserver,
): boolean {
  const alive: Register = { ...added };
  if (order !== undefined) buryField(alive, order);
  if (isEmptyRegister(alive)) return false;
  const known = state.fields.get(field);
  const register = known ?? emptyRegister();
  if (known !== undefined) observe(field, known, -1);
  const changed = joinRegister(register, alive);
  // An added counter may have been buried by the content that came with it or was there.
  if (isEmptyRegister(register)) state.fields.delete(field);
  else {
    state.fields.set(field, register);
    observe(field, register, 1);
  }
  return changed;
}

function buryFields(state: KeyState, order: Stamp, observe: RegisterObserver): void {
  for (const [field, register] of state.fields) {
    observe(field, register, -1);
    buryField(register, order);
    if (isEmptyRegister(register)) state.fields.delete(field);
    else observe(field, register, 1);
  }
}

/** The part of a delta that is news to a node that has seen `seen`. */
export function freshPart(delta: KeyState, seen: VersionVector): KeyState {
  const fresh: KeyState = { whole: withoutCovered(delta.whole, seen), fields: new Map() };
  for (const [field, register] of delta.fields) {
    const part = withoutCovered(register, seen);
    if (!isEmptyRegister(part)) fresh.fields.set(field, part);
  }
  return fresh;
}

/** Drops what a peer has seen and no longer holds; undefined if nothing went. */
export function dropForgottenParts(
  state: KeyState,
  peer: KeyState | undefined,
  peerSeen: VersionVector,
  observe: RegisterObserver,
): Change | undefined {
  const change: Change = { whole: false, fields: new Set() };
  observe(undefined, state.whole, -1);
  change.whole = dropForgotten(state.whole, peer?.whole, peerSeen);
  observe(undefined, state.whole, 1);
  for (const [field, register] of state.fields) {
    observe(field, register, -1);
    if (dropForgotten(register, peer?.fields.get(field), peerSeen)) change.fields.add(field);
    if (isEmptyRegister(register)) state.fields.delete(field);
    else observe(field, register, 1);
  }
  return change.whole || change.fields.size > 0 ? change : undefined;
}

/** What a client should see of a key. Expiries are for the reader to judge: an instant passed means gone. */
export type KeyView =
  | { readonly kind: 'absent' }
  | { readonly kind: ContentForm; readonly bytes: Uint8Array; readonly expireAtMs: number }
  | { readonly kind: 'hash'; readonly expireAtMs: number };

const ABSENT: KeyView = { kind: 'absent' };

export function viewOf(state: KeyState): KeyView {
  for (const register of state.fields.values())
    if (!isDead(register)) return { kind: 'hash', expireAtMs: expiryMs(state.whole) };
  const bytes = registerBytes(state.whole);
  if (bytes === undefined) return ABSENT;
  const kind = state.whole.content?.bytes === undefined ? 'string' : state.whole.content.form;
  return { kind, bytes, expireAtMs: expiryMs(state.whole) };
}

/** True if the key, or every field it has left, is past its expiry. Keys go at their instant, fields after it, as in Redis. */
export function isGone(state: KeyState, nowMs: number): boolean {
  const view = viewOf(state);
  if (view.kind === 'absent') return true;
  if (view.expireAtMs !== NEVER && view.expireAtMs <= nowMs) return true;
  return view.kind === 'hash' && ![...state.fields.values()].some((field) => fieldShows(field, nowMs));
}

export function fieldShows(field: Register, nowMs: number): boolean {
  if (isDead(field)) return false;
  const atMs = expiryMs(field);
  return atMs === NEVER || atMs >= nowMs;
}

/** The stamps that name the parts of a state in a version vector. */
export const keyDots = (state: KeyState): Stamp[] => [
  ...dotsOf(state.whole),
  ...[...state.fields.values()].flatMap(dotsOf),
];

/** The latest stamp anywhere in the key. */
export function latestOf(state: KeyState): Stamp {
  return [...state.fields.values()].map(latestStamp).reduce(laterStamp, latestStamp(state.whole));
}

/** True if everything in the register is dead and everyone has seen it. */
export const isCollectible = (register: Register, isStable: (dot: Stamp) => boolean): boolean =>
  isDead(register) && dotsOf(register).every(isStable);
