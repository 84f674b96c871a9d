/** Flag `compact-entries`, baseline: one heap object per entry, all of its fields together. */
import { NO_EXPIRY, type ValueTypeId } from '../keyspace.ts';
import type { EntryStore } from './entryStore.ts';
import { SLOT_BYTES, SlotTable } from './slotTable.ts';
import type { StoredValue } from './storedValue.ts';

/** Three words of V8's and six fields. */
const OBJECT_BYTES = 72;
/** V8 keeps a number that is not a small integer in an object of its own. */
const BOXED_NUMBER_BYTES = 16;

class Entry {
  readonly key: string;
  type: ValueTypeId;
  raw: boolean;
  value: StoredValue;
  expireAtMs: number;
  access = 0;

  constructor(key: string, type: ValueTypeId, raw: boolean, value: StoredValue, expireAtMs: number) {
    this.key = key;
    this.type = type;
    this.raw = raw;
    this.value = value;
    this.expireAtMs = expireAtMs;
  }
}

export class EntryObjects implements EntryStore {
  readonly #entries = new SlotTable<Entry>();

  get numbersUsed(): number {
    return this.#entries.slotsUsed;
  }

  add(key: string, type: ValueTypeId, raw: boolean, value: StoredValue, expireAtMs: number): number {
    const number = this.#entries.take();
    this.#entries.set(number, new Entry(key, type, raw, value, expireAtMs));
    return number;
  }

  remove(entry: number): void {
    this.#entries.release(entry);
  }

  clear(): void {
    this.#entries.clear();
  }

  has(entry: number): boolean {
    return this.#entries.peek(entry) !== undefined;
  }

  key(entry: number): string {
    return this.#entries.get(entry).key;
  }

  type(entry: number): ValueTypeId {
    return this.#entries.get(entry).type;
  }

  isRaw(entry: number): boolean {
    return this.#entries.get(entry).raw;
  }

  value(entry: number): StoredValue {
    return this.#entries.get(entry).value;
  }

  setValue(entry: number, type: ValueTypeId, raw: boolean, value: StoredValue): void {
    const known = this.#entries.get(entry);
    known.type = type;
    known.raw = raw;
    known.value = value;
  }

  expireAtMs(entry: number): number {
    return this.#entries.get(entry).expireAtMs;
  }

  setExpireAt(entry: number, expireAtMs: number): void {
    this.#entries.get(entry).expireAtMs = expireAtMs;
  }

  access(entry: number): number {
    return this.#entries.get(entry).access;
  }

  setAccess(entry: number, word: number): void {
    this.#entries.get(entry).access = word;
  }

  memoryBytes(_value: StoredValue, expireAtMs: number): number {
    return OBJECT_BYTES + SLOT_BYTES + (expireAtMs === NO_EXPIRY ? 0 : BOXED_NUMBER_BYTES);
  }
}
