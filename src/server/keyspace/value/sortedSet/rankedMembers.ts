/**
 * The large form of a sorted set: a keyspace from members to scores, and a tree that has them in order.
 *
 * A member's entry holds its score (8 bytes) and a serial number that tells apart those few members whose handles in the keyspace are the
 * same; handle and serial together are the id in the tree, which thus leads back to the member without keeping its bytes twice.
 */
import { compareBytes } from '../../../../base/bytes.ts';
import type { Rng } from '../../../../ports/rng.ts';
import { type Keyspace, type KeyspaceFactory, NO_EXPIRY, type Ref } from '../../keyspace.ts';
import { type IsBefore, ScoreTree } from './scoreTree.ts';

const VALUE_BYTES = 9;
const SERIAL_AT = 8;
const SERIALS = 256;

const value = new Uint8Array(VALUE_BYTES);
const valueView = new DataView(value.buffer);

export class RankedMembers {
  readonly #table: Keyspace;
  readonly #tree: ScoreTree;

  constructor(storage: KeyspaceFactory) {
    this.#table = storage.create();
    this.#tree = new ScoreTree((id) => this.memberOf(id));
  }

  get count(): number {
    return this.#table.count;
  }

  memoryBytes(): number {
    return this.#table.memoryBytes() + this.#tree.memoryBytes();
  }

  releaseSome(cursor: number, budget: number): number {
    return this.#table.releaseSome(cursor, budget);
  }

  clear(): void {
    this.#table.clear();
  }

  #read(ref: Ref): void {
    this.#table.copyString(ref, 0, VALUE_BYTES, value, 0);
  }

  #scoreOf(ref: Ref): number {
    this.#read(ref);
    return valueView.getFloat64(0, true);
  }

  #idOf(ref: Ref): number {
    this.#read(ref);
    return this.#table.handleOf(ref) * SERIALS + value[SERIAL_AT]!;
  }

  #refOf(id: number): Ref {
    const handle = Math.floor(id / SERIALS);
    const serial = id - handle * SERIALS;
    let ref = this.#table.findByHandle(handle, 0);
    while (true) {
      this.#read(ref);
      if (value[SERIAL_AT] === serial) return ref;
      ref = this.#table.findByHandle(handle, ref);
    }
  }

  /** The bytes of the member that an id in the tree stands for. */
  memberOf(id: number): Uint8Array {
    return this.#table.keyBytes(this.#refOf(id));
  }

  score(buffer: Uint8Array, start: number, end: number): number | undefined {
    const ref = this.#table.find(buffer, start, end);
    return ref === 0 ? undefined : this.#scoreOf(ref);
  }

  /** Adds a member, or gives it another score. */
  set(buffer: Uint8Array, start: number, end: number, score: number): void {
    const member = buffer.subarray(start, end);
    const known = this.#table.find(buffer, start, end);
    if (known !== 0) {
      const id = this.#idOf(known);
      this.#tree.removeAt(this.#tree.rankOf(this.#scoreOf(known), member));
      this.#write(known, score, id - Math.floor(id / SERIALS) * SERIALS);
      this.#tree.insert(score, member, id);
      return;
    }
    valueView.setFloat64(0, score, true);
    value[SERIAL_AT] = 0;
    const ref = this.#table.putString(buffer, start, end, value, 0, VALUE_BYTES, NO_EXPIRY, false);
    const serial = this.#freeSerial(ref);
    if (serial !== 0) this.#write(ref, score, serial);
    this.#tree.insert(score, member, this.#table.handleOf(ref) * SERIALS + serial);
  }

  #write(ref: Ref, score: number, serial: number): void {
    valueView.setFloat64(0, score, true);
    value[SERIAL_AT] = serial;
    this.#table.replaceString(ref, value, 0, VALUE_BYTES, false);
  }

  /** A serial that no other member with the same handle has: nearly always there is none, and it is 0. */
  #freeSerial(ref: Ref): number {
    const handle = this.#table.handleOf(ref);
    const taken = new Set<number>();
    for (
      let other = this.#table.findByHandle(handle, 0);
      other !== 0;
      other = this.#table.findByHandle(handle, other)
    ) {
      if (other === ref) continue;
      this.#read(other);
      taken.add(value[SERIAL_AT]!);
    }
    let serial = 0;
    while (taken.has(serial)) serial++;
    return serial;
  }

  /** False if it is not there. */
  remove(buffer: Uint8Array, start: number, end: number): boolean {
    const ref = this.#table.find(buffer, start, end);
    if (ref === 0) return false;
    this.#tree.removeAt(this.#tree.rankOf(this.#scoreOf(ref), buffer.subarray(start, end)));
    this.#table.remove(ref);
    return true;
  }

  /** Removes `count` members from this place on. */
  removeRange(rank: number, count: number): void {
    const ids: number[] = [];
    this.#tree.visit(rank, count, false, (_, id) => {
      ids.push(id);
      return true;
    });
    for (const id of ids) {
      this.#tree.removeAt(rank);
      this.#table.remove(this.#refOf(id));
    }
  }

  /** Its place in the order, or undefined if it is not there. */
  rank(buffer: Uint8Array, start: number, end: number): number | undefined {
    const ref = this.#table.find(buffer, start, end);
    return ref === 0 ? undefined : this.#tree.rankOf(this.#scoreOf(ref), buffer.subarray(start, end));
  }

  /** Members whose score is below a bound, or at it where that is not `exclusive` of them. */
  countBelowScore(bound: number, withBound: boolean): number {
    return this.#tree.countWhile(withBound ? (score) => score <= bound : (score) => score < bound);
  }

  /** Members that stand before a bound in the order of bytes, or at it; all scores are taken to be equal. */
  countBelowMember(bound: Uint8Array, withBound: boolean): number {
    const most = withBound ? 0 : -1;
    const isBefore: IsBefore = (_, id) => Math.sign(compareBytes(this.memberOf(id), bound)) <= most;
    return this.#tree.countWhile(isBefore);
  }

  /** As ScoreTree.visit, with the members' bytes, which are the visitor's. */
  visit(
    rank: number,
    count: number,
    backwards: boolean,
    visitor: (member: Uint8Array, score: number) => boolean,
  ): void {
    this.#tree.visit(rank, count, backwards, (score, id) => visitor(this.memberOf(id), score));
  }

  scan(cursor: number, budget: number, visitor: (member: Uint8Array, score: number) => void): number {
    return this.#table.scan(cursor, budget, (ref) => visitor(this.#table.keyBytes(ref), this.#scoreOf(ref)));
  }

  /** A random member's place; there must be one. */
  randomRank(rng: Rng): number {
    return Math.floor(rng.float() * this.count);
  }
}
