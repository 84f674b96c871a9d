/**
 * A run of a stream's entries, packed as Redis packs them (its dumps are these bytes):
 *
 *   live entries, deleted entries, number of master fields, field..., 0
 *   flags, ms and seq less those of the node's id, (number of fields, field, value...) or value..., elements of this entry before this number
 *
 * An entry whose fields are the master's keeps values only. A deleted one stays, flagged, until its node goes.
 */
import { fromLatin1 } from '../../../../base/bytes.ts';
import { Listpack, Probe } from '../listpack.ts';
import { addParts, type Part, type StreamId, subtractParts } from './streamId.ts';

const DELETED = 1;
const SAME_FIELDS = 2;

const integerProbe = (value: Part): Probe => {
  const text = fromLatin1(String(value));
  return new Probe(text, 0, text.length);
};

/** An entry as it stands in its node. */
export interface NodeEntry {
  readonly id: StreamId;
  readonly isDeleted: boolean;
  /** Where its flags are. */
  readonly at: number;
  readonly fieldCount: number;
  /** Where its fields and values are, or only its values if the fields are the master's. */
  readonly contentAt: number;
  readonly hasMasterFields: boolean;
}

export class StreamNode {
  readonly id: StreamId;
  readonly entries: Listpack;

  constructor(id: StreamId, entries: Listpack) {
    this.id = id;
    this.entries = entries;
  }

  /** An empty node whose master fields are those of its first entry. */
  static begin(id: StreamId, elements: readonly Probe[]): StreamNode {
    const entries = new Listpack();
    entries.append(integerProbe(0));
    entries.append(integerProbe(0));
    entries.append(integerProbe(elements.length / 2));
    for (let i = 0; i < elements.length; i += 2) entries.append(elements[i]!);
    entries.append(integerProbe(0));
    return new StreamNode(id, entries);
  }

  get live(): number {
    return this.entries.integerAt(0);
  }

  get deleted(): number {
    return this.entries.integerAt(this.entries.next(0));
  }

  #masterFields(): { count: number; at: number } {
    const { entries } = this;
    const countAt = entries.next(entries.next(0));
    return { count: entries.integerAt(countAt), at: entries.next(countAt) };
  }

  /** @param elements fields and values by turns. */
  append(id: StreamId, elements: readonly Probe[]): void {
    const { entries } = this;
    entries.replace(0, integerProbe(this.live + 1));
    const hasMasterFields = this.#hasMasterFields(elements);
    const fieldCount = elements.length / 2;
    entries.append(integerProbe(hasMasterFields ? SAME_FIELDS : 0));
    entries.append(integerProbe(subtractParts(id.ms, this.id.ms)));
    entries.append(integerProbe(subtractParts(id.seq, this.id.seq)));
    if (!hasMasterFields) entries.append(integerProbe(fieldCount));
    for (let i = 0; i < elements.length; i++)
      if (!hasMasterFields || i % 2 === 1) entries.append(elements[i]!);
    entries.append(integerProbe(3 + (hasMasterFields ? fieldCount : 2 * fieldCount + 1)));
  }

  #hasMasterFields(elements: readonly Probe[]): boolean {
    const { at: first, count } = this.#masterFields();
    if (count * 2 !== elements.length) return false;
    let at = first;
    for (let i = 0; i < elements.length; i += 2) {
      if (!this.entries.equals(at, elements[i]!)) return false;
      at = this.entries.next(at);
    }
    return true;
  }

  #entryAt(at: number, masterCount: number): NodeEntry {
    const { entries, id } = this;
    const flags = entries.integerAt(at);
    const msAt = entries.next(at);
    const seqAt = entries.next(msAt);
    const behind = entries.next(seqAt);
    const hasMasterFields = (flags & SAME_FIELDS) !== 0;
    return {
      id: {
        ms: addParts(id.ms, entries.int64At(msAt)),
        seq: addParts(id.seq, entries.int64At(seqAt)),
      },
      isDeleted: (flags & DELETED) !== 0,
      at,
      fieldCount: hasMasterFields ? masterCount : entries.integerAt(behind),
      contentAt: hasMasterFields ? behind : entries.next(behind),
      hasMasterFields,
    };
  }

  /** The entries in order, deleted ones included. Nothing may change meanwhile. */
  *forwards(): IterableIterator<NodeEntry> {
    const { entries } = this;
    const { at: first, count } = this.#masterFields();
    let at = first;
    // Behind the fields stands a zero.
    for (let i = 0; i <= count; i++) at = entries.next(at);
    while (at >= 0) {
      const entry = this.#entryAt(at, count);
      yield entry;
      at = entry.contentAt;
      const elements = entry.hasMasterFields ? count : entry.fieldCount * 2;
      for (let i = 0; i < elements; i++) at = entries.next(at);
      at = entries.next(at);
    }
  }

  /** As forwards, from the last entry on. */
  *backwards(): IterableIterator<NodeEntry> {
    const { entries } = this;
    const { at: firstField, count } = this.#masterFields();
    let masterEnd = firstField;
    for (let i = 0; i < count; i++) masterEnd = entries.next(masterEnd);
    for (let at = entries.last(); at !== masterEnd; at = entries.previous(at)) {
      for (let i = entries.integerAt(at); i > 0; i--) at = entries.previous(at);
      yield this.#entryAt(at, count);
    }
  }

  /** The id of the last entry, deleted or not. */
  lastId(): StreamId {
    for (const { id } of this.backwards()) return id;
    return this.id;
  }

  /** Marks an entry deleted. */
  markDeleted({ at }: NodeEntry): void {
    const { entries } = this;
    entries.replace(at, integerProbe(entries.integerAt(at) | DELETED));
    const { deleted, live } = this;
    entries.replace(entries.next(0), integerProbe(deleted + 1));
    entries.replace(0, integerProbe(live - 1));
  }

  /** Fields and values of an entry by turns, each as a place in `entries`. */
  *elements({ contentAt, fieldCount, hasMasterFields }: NodeEntry): IterableIterator<number> {
    const { entries } = this;
    let fieldAt = hasMasterFields ? this.#masterFields().at : -1;
    let at = contentAt;
    for (let i = 0; i < fieldCount; i++) {
      if (hasMasterFields) {
        yield fieldAt;
        fieldAt = entries.next(fieldAt);
      } else {
        yield at;
        at = entries.next(at);
      }
      yield at;
      at = entries.next(at);
    }
  }
}
