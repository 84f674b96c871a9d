/**
 * A set in one of three forms, chosen as Redis does: integers in order (`intset`), a few short members packed (`listpack`), or a keyspace of
 * members without values (`hashtable`). The first two stand under their key as bytes, and an object of this class only holds them while a
 * command looks at them; the third never becomes one of them again.
 *
 *     packed, integers   bytes of one (2, 4, 8), then the integers, little-endian and ascending
 *     packed, members    0, their number (2 bytes, little-endian), the entries of a listpack in order of arrival
 */
import { fromLatin1 } from '../../../../base/bytes.ts';
import { writeInteger } from '../../../../base/integer.ts';
import type { Rng } from '../../../../ports/rng.ts';
import type { Reply } from '../../../commands/reply.ts';
import { type Keyspace, type KeyspaceFactory, NO_EXPIRY, type Ref, ValueType } from '../../keyspace.ts';
import type { Discarded } from '../../release/disposal.ts';
import { ChargedCollection } from '../chargedCollection.ts';
import { Listpack, Probe } from '../listpack.ts';
import type { Packable } from '../packable.ts';
import { type Integer, type IntegerBytes, IntSet } from './intSet.ts';

export interface SetLimits {
  /** set-max-intset-entries */
  readonly integersMax: number;
  /** set-max-listpack-entries */
  readonly entriesMax: number;
  /** set-max-listpack-value */
  readonly valueBytesMax: number;
}

/** This object and its fields, measured as the slope of the heap. */
const OBJECT_BYTES = 120;
const LISTPACK_HEADER_BYTES = 3;
const INTSET_HEADER_BYTES = 1;
const NOTHING = new Uint8Array(0);
const digits = new Uint8Array(20);

/** The integer that a string is, or undefined. */
const integerOf = (probe: Probe): Integer | undefined =>
  Number.isNaN(probe.integer) ? probe.wide : probe.integer;

const textOf = (value: Integer): Uint8Array =>
  typeof value === 'bigint' ? fromLatin1(value.toString()) : digits.slice(0, writeInteger(digits, 0, value));

/** Which form an empty set begins in. */
export type FirstForm = 'intset' | 'listpack' | 'hashtable';

export class SetValue extends ChargedCollection implements Packable, Discarded {
  readonly type = ValueType.set;
  #integers: IntSet | undefined = new IntSet();
  #members: Listpack | undefined = undefined;
  #table: Keyspace | undefined = undefined;

  constructor(storage: KeyspaceFactory, form: FirstForm = 'intset') {
    super(storage);
    if (form === 'listpack') this.loadMembers(new Listpack());
    if (form === 'hashtable') this.#hold(undefined, undefined, storage.create());
  }

  loadIntegers(integers: IntSet): void {
    this.#hold(integers, undefined, undefined);
  }

  loadMembers(members: Listpack): void {
    this.#hold(undefined, members, undefined);
  }

  #hold(integers: IntSet | undefined, members: Listpack | undefined, table: Keyspace | undefined): void {
    this.#integers = integers;
    this.#members = members;
    this.#table = table;
  }

  get length(): number {
    return this.#integers?.count ?? this.#members?.count ?? this.#table!.count;
  }

  encoding(): FirstForm {
    if (this.#integers !== undefined) return 'intset';
    return this.#members !== undefined ? 'listpack' : 'hashtable';
  }

  /** For serialisation: the form that it has. */
  get integers(): IntSet | undefined {
    return this.#integers;
  }

  get members(): Listpack | undefined {
    return this.#members;
  }

  memoryBytes(): number {
    return OBJECT_BYTES + (this.#table?.memoryBytes() ?? this.packedLength);
  }

  get isPacked(): boolean {
    return this.#table === undefined;
  }

  get packedLength(): number {
    return this.#integers !== undefined
      ? INTSET_HEADER_BYTES + this.#integers.used
      : LISTPACK_HEADER_BYTES + this.#members!.used;
  }

  writePacked(target: Uint8Array): void {
    const integers = this.#integers;
    if (integers !== undefined) {
      target[0] = integers.width;
      target.set(integers.bytes.subarray(0, integers.used), INTSET_HEADER_BYTES);
      return;
    }
    const members = this.#members!;
    target[0] = 0;
    target[1] = members.count;
    target[2] = members.count >> 8;
    target.set(members.bytes.subarray(0, members.used), LISTPACK_HEADER_BYTES);
  }

  moved(): SetValue {
    const set = new SetValue(this.storage);
    set.#hold(this.#integers, this.#members, this.#table);
    this.#hold(new IntSet(), undefined, undefined);
    return set;
  }

  duplicate(): SetValue {
    const copy = new SetValue(this.storage);
    let table: Keyspace | undefined;
    if (this.#table !== undefined) {
      table = this.storage.create();
      this.visit((bytes, start, end) => put(table!, bytes, start, end));
    }
    copy.#hold(this.#integers?.duplicate(), this.#members?.duplicate(), table);
    return copy;
  }

  // --- release --------------------------------------------------------------------------------------------------------------

  override release(): void {
    if (this.#table === undefined) this.disown();
    else this.storage.disposal.discard(this);
  }

  get count(): number {
    return this.length;
  }

  releaseAll(): void {
    this.disown();
    this.#table!.clear();
  }

  releaseSome(cursor: number, budget: number): number {
    const next = this.#table!.releaseSome(cursor, budget);
    if (next === 0) this.disown();
    else this.settle();
    return next;
  }

  // --- members --------------------------------------------------------------------------------------------------------------

  has(member: Probe): boolean {
    if (this.#integers !== undefined) {
      const value = integerOf(member);
      return value !== undefined && this.#integers.has(value);
    }
    if (this.#members !== undefined) return this.#members.find(member) >= 0;
    return this.#table!.find(member.buffer, member.start, member.end) !== 0;
  }

  /** To be called before about `count` members come: too many for a packed form make it a table at once. */
  prepare(count: number, { entriesMax, integersMax }: SetLimits): void {
    if (this.#integers !== undefined ? count > integersMax : this.isPacked && count > entriesMax)
      this.#toTable();
  }

  /** False if it is there already. The member must not lie in this set. */
  add(member: Probe, limits: SetLimits): boolean {
    if (this.#integers !== undefined) return this.#addToIntegers(this.#integers, member, limits);
    if (this.#members !== undefined) return this.#addToMembers(this.#members, member, limits);
    return put(this.#table!, member.buffer, member.start, member.end);
  }

  #addToIntegers(integers: IntSet, member: Probe, limits: SetLimits): boolean {
    const value = integerOf(member);
    if (value !== undefined) {
      if (!integers.add(value)) return false;
      if (integers.count > limits.integersMax) this.#toTable();
      return true;
    }
    const { count } = integers;
    const longestDigits =
      count === 0 ? 0 : Math.max(textOf(integers.at(0)).length, textOf(integers.at(count - 1)).length);
    const staysPacked =
      count < limits.entriesMax &&
      member.end - member.start <= limits.valueBytesMax &&
      longestDigits <= limits.valueBytesMax;
    if (staysPacked) this.#toMembers();
    else this.#toTable();
    return this.add(member, limits);
  }

  #addToMembers(members: Listpack, member: Probe, limits: SetLimits): boolean {
    if (members.find(member) >= 0) return false;
    if (members.count < limits.entriesMax && member.end - member.start <= limits.valueBytesMax) {
      members.append(member);
      return true;
    }
    this.#toTable();
    return this.add(member, limits);
  }

  /** False if it is not there. */
  remove(member: Probe): boolean {
    if (this.#integers !== undefined) {
      const value = integerOf(member);
      return value !== undefined && this.#integers.remove(value);
    }
    if (this.#members !== undefined) {
      const at = this.#members.find(member);
      if (at >= 0) this.#members.remove(at);
      return at >= 0;
    }
    const ref = this.#table!.find(member.buffer, member.start, member.end);
    if (ref !== 0) this.#table!.remove(ref);
    return ref !== 0;
  }

  /** Every member once, as bytes [start, end), which are good until the visitor returns. The set must not change meanwhile. */
  visit(visitor: (bytes: Uint8Array, start: number, end: number) => void): void {
    this.visitWhile((bytes, start, end) => {
      visitor(bytes, start, end);
      return true;
    });
  }

  /** As visit, until the visitor answers false. */
  visitWhile(visitor: (bytes: Uint8Array, start: number, end: number) => boolean): void {
    const integers = this.#integers;
    if (integers !== undefined) {
      for (let place = 0; place < integers.count; place++) {
        const text = textOf(integers.at(place));
        if (!visitor(text, 0, text.length)) return;
      }
      return;
    }
    const members = this.#members;
    if (members !== undefined) {
      for (let at = members.first(); at >= 0; at = members.next(at)) {
        const text = members.view(at);
        if (!visitor(text, 0, text.length)) return;
      }
      return;
    }
    const table = this.#table!;
    let goesOn = true;
    let cursor = 0;
    do {
      cursor = table.scan(cursor, 64, (ref) => {
        if (!goesOn) return;
        const key = table.keyBytes(ref);
        goesOn = visitor(key, 0, key.length);
      });
    } while (cursor !== 0 && goesOn);
  }

  /** All members as bulk strings, without the aggregate's header. */
  replyAll(reply: Reply): void {
    const table = this.#table;
    if (table === undefined) return this.visit((bytes, start, end) => reply.bulk(bytes, start, end));
    let cursor = 0;
    do cursor = table.scan(cursor, table.count, (ref) => reply.bulkKey(table, ref));
    while (cursor !== 0);
  }

  /** As Keyspace.scan; packed forms are visited whole. */
  scan(
    cursor: number,
    budget: number,
    visitor: (bytes: Uint8Array, start: number, end: number) => void,
  ): number {
    const table = this.#table;
    if (table === undefined) {
      this.visit(visitor);
      return 0;
    }
    return table.scan(cursor, budget, (ref) => {
      const key = table.keyBytes(ref);
      visitor(key, 0, key.length);
    });
  }

  /** A random member, close to uniform; the set is not empty. */
  random(rng: Rng): Uint8Array {
    if (this.#table !== undefined) return this.#table.keyBytes(this.#table.random(rng));
    return this.nth(Math.floor(rng.float() * this.length));
  }

  /** Of a packed form: the member at this place. */
  nth(place: number): Uint8Array {
    if (this.#integers !== undefined) return textOf(this.#integers.at(place));
    return this.#members!.text(this.#members!.nth(place));
  }

  /** A result of only integers, few enough, becomes an intset. */
  toIntegersIfFew({ integersMax }: SetLimits): void {
    if (this.#integers !== undefined || this.length > integersMax) return;
    const integers = new IntSet();
    let areAll = true;
    this.visitWhile((bytes, start, end) => {
      const value = integerOf(new Probe(bytes, start, end));
      areAll = value !== undefined;
      if (value !== undefined) integers.add(value);
      return areAll;
    });
    if (!areAll) return;
    this.#table?.clear();
    this.loadIntegers(integers);
  }

  #toMembers(): void {
    const members = new Listpack();
    this.visit((bytes, start, end) => members.append(new Probe(bytes, start, end)));
    this.loadMembers(members);
  }

  #toTable(): void {
    const table = this.storage.create();
    this.visit((bytes, start, end) => put(table, bytes, start, end));
    this.#hold(undefined, undefined, table);
  }

  // --- as SORT and DEBUG DIGEST see it --------------------------------------------------------------------------------------

  get elementCount(): number {
    return this.length;
  }

  readonly ordered = false;

  elements(from: number, to: number, backwards: boolean): Uint8Array[] {
    const elements: Uint8Array[] = [];
    this.visit((bytes, start, end) => elements.push(bytes.slice(start, end)));
    if (backwards) elements.reverse();
    return elements.slice(from, to);
  }
}

/** False if it is there already. */
function put(table: Keyspace, bytes: Uint8Array, start: number, end: number): boolean {
  const ref: Ref = table.find(bytes, start, end);
  if (ref !== 0) return false;
  table.putString(bytes, start, end, NOTHING, 0, 0, NO_EXPIRY, false);
  return true;
}

/** A set from its packed form, which becomes its own. */
export function unpackSet(bytes: Uint8Array, storage: KeyspaceFactory): SetValue {
  const set = new SetValue(storage);
  loadPacked(set, bytes, bytes.length);
  return set;
}

/** Fills a set with the packed form in the first `length` bytes, which become its own. */
export function loadPacked(set: SetValue, bytes: Uint8Array, length: number): void {
  if (bytes[0] === 0) {
    const count = bytes[1]! | (bytes[2]! << 8);
    set.loadMembers(
      new Listpack(bytes.subarray(LISTPACK_HEADER_BYTES), length - LISTPACK_HEADER_BYTES, count),
    );
  } else {
    const width = bytes[0] as IntegerBytes;
    const count = (length - INTSET_HEADER_BYTES) / width;
    set.loadIntegers(new IntSet(bytes.subarray(INTSET_HEADER_BYTES), width, count));
  }
}
