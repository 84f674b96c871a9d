/**
 * A sorted set in one of two forms, chosen as Redis does: a few short members with their scores, in order and packed (`listpack`), or a
 * keyspace and a tree (`skiplist`, as OBJECT ENCODING calls the form that has any number of members). The first stands under its key as bytes, and an object of this class only
 * holds it while a command looks at it; the second becomes the first again only where a command stores a result.
 *
 *     packed   the number of members (2 bytes, little-endian), then of each in order: the member, its score (entries of a listpack)
 */
import { compareBytes, fromLatin1 } from '../../../../base/bytes.ts';
import { formatDouble, parseDouble } from '../../../../base/double.ts';
import { type KeyspaceFactory, ValueType } from '../../keyspace.ts';
import type { Discarded } from '../../release/disposal.ts';
import { ChargedCollection } from '../chargedCollection.ts';
import { Listpack, Probe } from '../listpack.ts';
import type { Packable } from '../packable.ts';
import { RankedMembers } from './rankedMembers.ts';

export interface SortedSetLimits {
  /** zset-max-listpack-entries */
  readonly entriesMax: number;
  /** zset-max-listpack-value */
  readonly valueBytesMax: number;
}

/** This object and its fields, measured as the slope of the heap. */
const OBJECT_BYTES = 120;
const COUNT_BYTES = 2;
/** Beyond this a score is no 64-bit integer. */
const INTEGER_SCORE_MAX = 2 ** 62;

/** A score as an entry: an integer's digits, or the shortest text that reads back to it. */
export function scoreProbe(score: number): Probe {
  const isInteger = Number.isInteger(score) && Math.abs(score) < INTEGER_SCORE_MAX;
  const text = fromLatin1(isInteger ? BigInt(score).toString() : formatDouble(score));
  return new Probe(text, 0, text.length);
}

export class SortedSetValue extends ChargedCollection implements Packable, Discarded {
  readonly type = ValueType.zset;
  #pairs: Listpack | undefined = new Listpack();
  #ranked: RankedMembers | undefined = undefined;

  constructor(storage: KeyspaceFactory) {
    super(storage);
  }

  /** Makes it the packed one with these pairs, which become its own. */
  load(pairs: Listpack): void {
    this.#pairs = pairs;
    this.#ranked = undefined;
  }

  get length(): number {
    return this.#pairs === undefined ? this.#ranked!.count : this.#pairs.count / 2;
  }

  encoding(): 'listpack' | 'skiplist' {
    return this.#pairs === undefined ? 'skiplist' : 'listpack';
  }

  /** For serialisation: the packed form's entries. */
  get pairs(): Listpack | undefined {
    return this.#pairs;
  }

  memoryBytes(): number {
    return OBJECT_BYTES + (this.#ranked?.memoryBytes() ?? this.packedLength);
  }

  get isPacked(): boolean {
    return this.#pairs !== undefined;
  }

  get packedLength(): number {
    return COUNT_BYTES + this.#pairs!.used;
  }

  writePacked(target: Uint8Array): void {
    const pairs = this.#pairs!;
    target[0] = this.length;
    target[1] = this.length >> 8;
    target.set(pairs.bytes.subarray(0, pairs.used), COUNT_BYTES);
  }

  moved(): SortedSetValue {
    const set = new SortedSetValue(this.storage);
    set.#pairs = this.#pairs;
    set.#ranked = this.#ranked;
    this.load(new Listpack());
    return set;
  }

  duplicate(): SortedSetValue {
    const copy = new SortedSetValue(this.storage);
    if (this.#pairs !== undefined) copy.#pairs = this.#pairs.duplicate();
    else {
      copy.#unpack();
      this.forEachScored((member, score) => copy.#ranked!.set(member, 0, member.length, score));
    }
    return copy;
  }

  // --- release --------------------------------------------------------------------------------------------------------------

  override release(): void {
    if (this.#ranked === undefined) this.disown();
    else this.storage.disposal.discard(this);
  }

  get count(): number {
    return this.length;
  }

  releaseAll(): void {
    this.disown();
    this.#ranked!.clear();
  }

  releaseSome(cursor: number, budget: number): number {
    const next = this.#ranked!.releaseSome(cursor, budget);
    if (next === 0) this.disown();
    return next;
  }

  // --- members --------------------------------------------------------------------------------------------------------------

  /** To be called before about `count` members come, the longest of so many bytes. */
  prepare(count: number, longestBytes: number, limits: SortedSetLimits): void {
    if (this.isPacked && (count > limits.entriesMax || longestBytes > limits.valueBytesMax)) this.#unpack();
  }

  score(member: Probe): number | undefined {
    if (this.#pairs === undefined) return this.#ranked!.score(member.buffer, member.start, member.end);
    const at = this.#pairs.find(member, this.#pairs.first(), 2);
    return at < 0 ? undefined : this.#scoreBehind(at);
  }

  /** The score in the entry behind a member's. */
  #scoreBehind(at: number): number {
    const pairs = this.#pairs!;
    const scoreAt = pairs.next(at);
    const integer = pairs.integerAt(scoreAt);
    if (!Number.isNaN(integer)) return integer;
    const text = pairs.view(scoreAt);
    return parseDouble(text, 0, text.length);
  }

  /** Adds a member, or gives it another score. */
  set(member: Probe, score: number, limits: SortedSetLimits): void {
    const pairs = this.#pairs;
    if (pairs === undefined) return this.#ranked!.set(member.buffer, member.start, member.end, score);
    const at = pairs.find(member, pairs.first(), 2);
    if (at >= 0) {
      pairs.remove(at);
      pairs.remove(at);
    } else if (this.length >= limits.entriesMax || member.end - member.start > limits.valueBytesMax) {
      this.#unpack();
      return this.set(member, score, limits);
    }
    this.#insert(pairs, member, score);
  }

  #insert(pairs: Listpack, member: Probe, score: number): void {
    const bytes = member.buffer.subarray(member.start, member.end);
    let at = pairs.first();
    while (at >= 0) {
      const other = this.#scoreBehind(at);
      if (other > score || (other === score && compareBytes(pairs.view(at), bytes) > 0)) break;
      at = pairs.next(pairs.next(at));
    }
    const place = at < 0 ? pairs.used : at;
    pairs.insert(place, scoreProbe(score));
    pairs.insert(place, member);
  }

  /** False if it is not there. */
  remove(member: Probe): boolean {
    const pairs = this.#pairs;
    if (pairs === undefined) return this.#ranked!.remove(member.buffer, member.start, member.end);
    const at = pairs.find(member, pairs.first(), 2);
    if (at < 0) return false;
    pairs.remove(at);
    pairs.remove(at);
    return true;
  }

  /** Removes `count` members from this place on. */
  removeRange(rank: number, count: number): void {
    if (count <= 0) return;
    if (this.#pairs === undefined) this.#ranked!.removeRange(rank, count);
    else this.#pairs.removePlaces(rank * 2, count * 2);
  }

  /** Its place in the order, from 0 on; undefined if it is not there. */
  rank(member: Probe): number | undefined {
    const pairs = this.#pairs;
    if (pairs === undefined) return this.#ranked!.rank(member.buffer, member.start, member.end);
    let rank = 0;
    for (let at = pairs.first(); at >= 0; at = pairs.next(pairs.next(at)), rank++)
      if (pairs.equals(at, member)) return rank;
    return undefined;
  }

  /** Members whose score is below `bound`, or also at it. */
  countBelowScore(bound: number, withBound: boolean): number {
    const pairs = this.#pairs;
    if (pairs === undefined) return this.#ranked!.countBelowScore(bound, withBound);
    let count = 0;
    for (let at = pairs.first(); at >= 0; at = pairs.next(pairs.next(at)), count++) {
      const score = this.#scoreBehind(at);
      if (withBound ? score > bound : score >= bound) break;
    }
    return count;
  }

  /** Members that stand before `bound` in the order of bytes, or also at it; scores are taken to be equal. */
  countBelowMember(bound: Uint8Array, withBound: boolean): number {
    const pairs = this.#pairs;
    if (pairs === undefined) return this.#ranked!.countBelowMember(bound, withBound);
    let count = 0;
    for (let at = pairs.first(); at >= 0; at = pairs.next(pairs.next(at)), count++) {
      const order = compareBytes(pairs.view(at), bound);
      if (withBound ? order > 0 : order >= 0) break;
    }
    return count;
  }

  /**
   * `count` members from this place on, towards the end or (`backwards`) the beginning, until the visitor answers false. The bytes are
   * good until it returns. The set must not change meanwhile.
   */
  visit(
    rank: number,
    count: number,
    backwards: boolean,
    visitor: (member: Uint8Array, score: number) => boolean,
  ): void {
    if (count <= 0) return;
    const pairs = this.#pairs;
    if (pairs === undefined) return this.#ranked!.visit(rank, count, backwards, visitor);
    let at = pairs.nth(rank * 2);
    for (let left = count; left > 0; left--) {
      if (!visitor(pairs.view(at), this.#scoreBehind(at)) || left === 1) return;
      at = backwards ? pairs.previous(pairs.previous(at)) : pairs.next(pairs.next(at));
    }
  }

  /** As Keyspace.scan; the packed form is visited whole. */
  scan(cursor: number, budget: number, visitor: (member: Uint8Array, score: number) => void): number {
    if (this.#ranked !== undefined) return this.#ranked.scan(cursor, budget, visitor);
    this.forEachScored(visitor);
    return 0;
  }

  /** In ascending order. */
  forEachScored(visitor: (member: Uint8Array, score: number) => void): void {
    this.visit(0, this.length, false, (member, score) => {
      visitor(member, score);
      return true;
    });
  }

  #unpack(): void {
    const ranked = new RankedMembers(this.storage);
    this.forEachScored((member, score) => ranked.set(member, 0, member.length, score));
    this.#pairs = undefined;
    this.#ranked = ranked;
  }

  // --- as SORT sees it ------------------------------------------------------------------------------------------------------

  get elementCount(): number {
    return this.length;
  }

  readonly ordered = true;

  elements(from: number, to: number, backwards: boolean): Uint8Array[] {
    const elements: Uint8Array[] = [];
    this.visit(backwards ? this.length - 1 - from : from, to - from, backwards, (member) => {
      elements.push(Uint8Array.from(member));
      return true;
    });
    return elements;
  }
}

/** A sorted set from its packed form, which becomes its own. */
export function unpackSortedSet(bytes: Uint8Array, storage: KeyspaceFactory): SortedSetValue {
  const set = new SortedSetValue(storage);
  loadPacked(set, bytes, bytes.length);
  return set;
}

/** Fills a sorted set with the packed form in the first `length` bytes, which become its own. */
export function loadPacked(set: SortedSetValue, bytes: Uint8Array, length: number): void {
  const members = bytes[0]! | (bytes[1]! << 8);
  set.load(new Listpack(bytes.subarray(COUNT_BYTES), length - COUNT_BYTES, members * 2));
}
