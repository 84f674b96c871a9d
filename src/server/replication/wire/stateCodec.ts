/**
 * Key states, deltas and version vectors as bytes. Canonical: equal states give equal bytes, whatever the order they came
 * about in, so that tests may compare nodes byte by byte.
 *
 *   state     whole register, count of fields, (field, register)*        fields ascending
 *   register  part bits, then the parts that are there:
 *             1 content: order; 2 content bytes; 4 content form is dump; 8 dot differs from order: dot
 *             16 counters: count, (born, stamp, total)*                  replicas ascending; the replica is the stamp's
 *             32 expiry: stamp, atMs
 */
import type { Stamp } from '../hybridClock.ts';
import { emptyKeyState, type KeyState } from '../keyState.ts';
import { type Content, type CounterEntry, emptyRegister, NEVER, type Register } from '../register.ts';
import { VersionVector } from '../versionVector.ts';
import { WireError, type WireReader, type WireWriter } from './wireBytes.ts';

const PART = { content: 1, bytes: 2, dump: 4, dot: 8, counters: 16, expiry: 32 } as const;
const PART_BITS = 63;
/** A stamp is at least 8 bytes of time and a reference. */
const STAMP_BYTES_MIN = 9;

const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : 1;
const same = (a: Stamp, b: Stamp): boolean => a.ticks === b.ticks && a.replica === b.replica;

export function writeRegister(writer: WireWriter, register: Register): void {
  const { content, counters, expiry } = register;
  let parts = 0;
  if (content !== undefined) {
    parts |= PART.content;
    if (content.bytes !== undefined) parts |= PART.bytes;
    if (content.form === 'dump') parts |= PART.dump;
    if (!same(content.order, content.dot)) parts |= PART.dot;
  }
  if (counters !== undefined) parts |= PART.counters;
  if (expiry !== undefined) parts |= PART.expiry;
  writer.byte(parts);
  if (content !== undefined) {
    writer.stamp(content.order);
    if (parts & PART.dot) writer.stamp(content.dot);
    if (content.bytes !== undefined) writer.bytes(content.bytes);
  }
  if (counters !== undefined) {
    writer.count(counters.size);
    for (const [, entry] of [...counters].sort(byName)) {
      writer.stamp(entry.born);
      writer.stamp(entry.stamp);
      writer.bigint(entry.total);
    }
  }
  if (expiry !== undefined) {
    writer.stamp(expiry.stamp);
    writer.integer(expiry.atMs);
  }
}

export function readRegister(reader: WireReader): Register {
  const parts = reader.byte();
  if (parts > PART_BITS) throw new WireError('a register of unknown parts');
  const register = emptyRegister();
  if (parts & PART.content) register.content = readContent(reader, parts);
  else if (parts & (PART.bytes | PART.dump | PART.dot)) throw new WireError('a content that is not there');
  if (parts & PART.counters) register.counters = readCounters(reader);
  if (parts & PART.expiry) {
    const stamp = reader.stamp();
    const atMs = reader.integer();
    if (atMs < NEVER) throw new WireError('an expiry lies before time');
    register.expiry = { stamp, atMs };
  }
  return register;
}

function readContent(reader: WireReader, parts: number): Content {
  const order = reader.stamp();
  const dot = parts & PART.dot ? reader.stamp() : order;
  return {
    order,
    dot,
    form: parts & PART.dump ? 'dump' : 'string',
    bytes: parts & PART.bytes ? reader.bytes() : undefined,
  };
}

function readCounters(reader: WireReader): Map<string, CounterEntry> {
  const counters = new Map<string, CounterEntry>();
  for (let left = reader.countOf(2 * STAMP_BYTES_MIN); left > 0; left--) {
    const born = reader.stamp();
    const stamp = reader.stamp();
    if (born.replica !== stamp.replica) throw new WireError('a counter of two replicas');
    counters.set(stamp.replica, { born, stamp, total: reader.bigint() });
  }
  if (counters.size === 0) throw new WireError('counters of nobody');
  return counters;
}

export function writeState(writer: WireWriter, state: KeyState): void {
  writeRegister(writer, state.whole);
  writer.count(state.fields.size);
  for (const [field, register] of [...state.fields].sort(byName)) {
    writer.latin1(field);
    writeRegister(writer, register);
  }
}

export function readState(reader: WireReader): KeyState {
  const state = emptyKeyState();
  Object.assign(state.whole, readRegister(reader));
  for (let left = reader.countOf(2); left > 0; left--) {
    const field = reader.latin1();
    state.fields.set(field, readRegister(reader));
  }
  return state;
}

export function writeVector(writer: WireWriter, vector: VersionVector): void {
  const entries = vector.entries();
  writer.count(entries.length);
  for (const stamp of entries) writer.stamp(stamp);
}

export function readVector(reader: WireReader): VersionVector {
  const vector = new VersionVector();
  for (let left = reader.countOf(STAMP_BYTES_MIN); left > 0; left--) {
    const { replica, ticks } = reader.stamp();
    vector.raise(replica, ticks);
  }
  return vector;
}
