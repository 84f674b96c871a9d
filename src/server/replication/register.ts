/**
 * The replicated form of one value: a string key, a hash field, or a whole value of another type.
 *
 * It has three parts, each merged on its own:
 *
 *   content   {order, dot, bytes | absent}   last writer wins by `order`. SET writes bytes, DEL writes absence (a tombstone).
 *   counters  replica -> {born, stamp, total} what each replica has added (INCR, DECR, HINCRBY) since `born`: a PN counter. Only
 *                                             its own replica writes an entry, so the later stamp is the newer entry.
 *   expiry    {stamp, atMs | none}            an absolute instant, last writer wins.
 *
 * A content rules over what is older than it: counters born, and expiries stamped, at or before `order` are dead. Hence the
 * meaning of SET and INCR together: SET replaces the base and every counter born before it; what is added afterwards is
 * added to that base on every node. Increments on different nodes always add up. An increment made concurrently with a SET or DEL
 * shares the fate of its counter entry: it is lost if the entry was born before the SET's stamp.
 *
 * `dot` names the write for the version vector, `order` its place among writes. They differ in one case: the tombstone of an
 * expiry is ordered at the latest stamp that its writer had seen in this register, so that it removes what expired and never
 * a write that came in time but late to this node.
 *
 * Merge is per part a maximum in a total order followed by a filter that only grows: commutative, associative, idempotent.
 */
import { INT64_MAX, INT64_MIN, parseInt64 } from '../../base/integer.ts';
import { compareStamps, laterStamp, NO_STAMP, type Stamp } from './hybridClock.ts';
import type { VersionVector } from './versionVector.ts';

/** What the bytes of a content are: a string, or a whole value of another type in Redis's DUMP form. */
export type ContentForm = 'string' | 'dump';

export interface Content {
  readonly order: Stamp;
  readonly dot: Stamp;
  readonly form: ContentForm;
  /** Undefined: removed. */
  readonly bytes: Uint8Array | undefined;
}

export interface CounterEntry {
  readonly born: Stamp;
  readonly stamp: Stamp;
  readonly total: bigint;
}

export const NEVER = -1;

export interface Expiry {
  readonly stamp: Stamp;
  /** Absolute ms, or NEVER. */
  readonly atMs: number;
}

/** A register, or a part of one as a delta. The parts are immutable and may be shared. */
export interface Register {
  content: Content | undefined;
  counters: ReadonlyMap<string, CounterEntry> | undefined;
  expiry: Expiry | undefined;
}

export const emptyRegister = (): Register => ({
  content: undefined,
  counters: undefined,
  expiry: undefined,
});

export const isEmptyRegister = (register: Register): boolean =>
  register.content === undefined && register.counters === undefined && register.expiry === undefined;

/** Nothing to show, whatever the time. */
export const isDead = (register: Register): boolean =>
  register.content?.bytes === undefined && register.counters === undefined;

function compareContents(a: Content, b: Content): number {
  return compareStamps(a.order, b.order) || compareStamps(a.dot, b.dot);
}

/** Merges `delta` into `register`; true if that changed it. */
export function joinRegister(register: Register, delta: Register): boolean {
  let changed = false;
  const { content, expiry } = delta;
  if (content !== undefined && (!register.content || compareContents(content, register.content) > 0)) {
    register.content = content;
    changed = true;
  }
  if (delta.counters !== undefined) changed = joinCounters(register, delta.counters) || changed;
  if (expiry !== undefined && (!register.expiry || compareStamps(expiry.stamp, register.expiry.stamp) > 0)) {
    register.expiry = expiry;
    changed = true;
  }
  if (changed) buryBefore(register, register.content?.order ?? NO_STAMP);
  return changed;
}

function joinCounters(register: Register, added: ReadonlyMap<string, CounterEntry>): boolean {
  let merged: Map<string, CounterEntry> | undefined;
  for (const [replica, entry] of added) {
    const known = register.counters?.get(replica);
    if (known !== undefined && compareStamps(entry.stamp, known.stamp) <= 0) continue;
    merged ??= new Map(register.counters ?? []);
    merged.set(replica, entry);
  }
  if (merged === undefined) return false;
  register.counters = merged;
  return true;
}

/** Drops what is not younger than `order`: dead counters and expiries. The content itself stays. */
function buryBefore(register: Register, order: Stamp): void {
  if (register.counters !== undefined)
    keepCounters(register, (_replica, entry) => compareStamps(entry.born, order) > 0);
  if (register.expiry !== undefined && compareStamps(register.expiry.stamp, order) <= 0)
    register.expiry = undefined;
}

function keepCounters(register: Register, keep: (replica: string, entry: CounterEntry) => boolean): void {
  if (register.counters === undefined) return;
  const kept = [...register.counters].filter(([replica, entry]) => keep(replica, entry));
  if (kept.length === register.counters.size) return;
  register.counters = kept.length === 0 ? undefined : new Map(kept);
}

/** For a field when its whole key was replaced at `order`: nothing that is not younger survives, the content included. */
export function buryField(field: Register, order: Stamp): void {
  if (field.content !== undefined && compareStamps(field.content.order, order) <= 0)
    field.content = undefined;
  buryBefore(field, order);
}

/** The parts of `delta` that the vector does not cover: what is covered has been merged before and may since have been collected. */
export function withoutCovered(delta: Register, seen: VersionVector): Register {
  const fresh: Register = { content: delta.content, counters: delta.counters, expiry: delta.expiry };
  if (fresh.content !== undefined && seen.covers(fresh.content.dot)) fresh.content = undefined;
  keepCounters(fresh, (_replica, entry) => !seen.covers(entry.stamp));
  if (fresh.expiry !== undefined && seen.covers(fresh.expiry.stamp)) fresh.expiry = undefined;
  return fresh;
}

/**
 * Drops what a peer has seen (its vector covers it) and no longer holds: there it was replaced or collected.
 * True if anything went.
 */
export function dropForgotten(
  register: Register,
  peer: Register | undefined,
  peerSeen: VersionVector,
): boolean {
  let changed = false;
  const { content, counters, expiry } = register;
  const gone = (dot: Stamp, peerDot: Stamp | undefined): boolean =>
    peerSeen.covers(dot) && (peerDot === undefined || compareStamps(peerDot, dot) !== 0);
  if (content !== undefined && gone(content.dot, peer?.content?.dot)) {
    register.content = undefined;
    changed = true;
  }
  keepCounters(register, (replica, entry) => !gone(entry.stamp, peer?.counters?.get(replica)?.stamp));
  if (register.counters !== counters) changed = true;
  if (expiry !== undefined && gone(expiry.stamp, peer?.expiry?.stamp)) {
    register.expiry = undefined;
    changed = true;
  }
  return changed;
}

/** The stamps that name this register's parts in a version vector. */
export function dotsOf(register: Register): Stamp[] {
  const dots: Stamp[] = [];
  if (register.content !== undefined) dots.push(register.content.dot);
  for (const entry of register.counters?.values() ?? []) dots.push(entry.stamp);
  if (register.expiry !== undefined) dots.push(register.expiry.stamp);
  return dots;
}

/** The latest stamp in the register: where the tombstone of its expiry is ordered. */
export function latestStamp(register: Register): Stamp {
  return dotsOf(register).reduce(laterStamp, register.content?.order ?? NO_STAMP);
}

/** Bytes to show, expiry disregarded; undefined if there are none. A base that is no integer hides counters beside it. */
export function registerBytes(register: Register): Uint8Array | undefined {
  const base = register.content?.bytes;
  if (register.counters === undefined || register.content?.form === 'dump') return base;
  let sum = base === undefined ? 0n : parseInt64(base, 0, base.length);
  if (sum === undefined) return base;
  for (const entry of register.counters.values()) sum += entry.total;
  // Each node's own sum stayed within 64 bits; together they may not.
  if (sum > INT64_MAX) sum = INT64_MAX;
  if (sum < INT64_MIN) sum = INT64_MIN;
  return new TextEncoder().encode(sum.toString());
}

export const expiryMs = (register: Register): number => register.expiry?.atMs ?? NEVER;

const PART_BYTES = 24;

/** About what a register takes on the wire. */
export function deltaBytes(register: Register): number {
  const parts = Number(register.content !== undefined) + Number(register.expiry !== undefined);
  return (parts + (register.counters?.size ?? 0)) * PART_BYTES + (register.content?.bytes?.length ?? 0);
}
