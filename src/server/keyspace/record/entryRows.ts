/**
 * Flag `compact-entries`, candidate: what a command looks at in packed rows, what it does not apart.
 *
 *     row    word 0  bits 0-2 type, 3 raw, 4 value is apart, 8-31 access word
 *            word 1  number of the value: a cell of the string store, or a slot of the values apart
 *            word 2  expiry in ms, low 32 bits
 *            word 3  expiry in ms, high 32 bits, signed: NO_EXPIRY (-1) is all ones
 *
 * A row is 16 bytes, four to a cache line, none of them an object: a lookup that finds an entry alive, touches it and reaches its
 * value reads one line, and the garbage collector has nothing to mark. Apart are the keys (needed by SCAN and removal; the Map
 * holds the same strings) and values that are heap objects: collections and strings that are byte arrays.
 *
 * Rejected: a typed array per field (a GET would touch three lines instead of one); objects of small integers only (V8 gives each
 * three words of header).
 *
 * Invariant: bit 4 is set exactly if the value is a heap object, and then word 1 is its slot.
 */
import type { GrowthTimer } from '../growthTimer.ts';
import type { ValueTypeId } from '../keyspace.ts';
import { ChunkedRows, ROW_CHUNK_BITS, ROW_CHUNK_MASK } from './chunkedRows.ts';
import type { EntryStore } from './entryStore.ts';
import type { ReservedAccount } from './reservedAccount.ts';
import { SLOT_BYTES, SlotTable } from './slotTable.ts';
import type { StoredValue } from './storedValue.ts';

const ROW_BYTES = 16;
const ROW_WORD_SHIFT = 2;
const VALUE_WORD = 1;
const EXPIRY_LOW_WORD = 2;
const EXPIRY_HIGH_WORD = 3;

const TYPE_MASK = 7;
const RAW = 8;
const VALUE_APART = 16;
const FLAGS_MASK = 0xff;
const ACCESS_SHIFT = 8;
const HIGH_WORD = 0x1_0000_0000;

export class EntryRows implements EntryStore {
  readonly #rows: ChunkedRows;
  readonly #words: Uint32Array[];
  readonly #keys = new SlotTable<string>();
  readonly #valuesApart = new SlotTable<Exclude<StoredValue, number>>();

  constructor(account: ReservedAccount, growth: GrowthTimer) {
    this.#rows = new ChunkedRows(ROW_BYTES, account, growth);
    this.#words = this.#rows.words;
  }

  get numbersUsed(): number {
    return this.#keys.slotsUsed;
  }

  add(key: string, type: ValueTypeId, raw: boolean, value: StoredValue, expireAtMs: number): number {
    const entry = this.#keys.take();
    this.#keys.set(entry, key);
    this.#rows.ensure(entry);
    // What an entry that went left behind must not be taken for a value apart.
    this.#words[entry >>> ROW_CHUNK_BITS]![(entry & ROW_CHUNK_MASK) << ROW_WORD_SHIFT] = 0;
    this.setValue(entry, type, raw, value);
    this.setExpireAt(entry, expireAtMs);
    return entry;
  }

  remove(entry: number): void {
    const at = (entry & ROW_CHUNK_MASK) << ROW_WORD_SHIFT;
    const words = this.#words[entry >>> ROW_CHUNK_BITS]!;
    if ((words[at]! & VALUE_APART) !== 0) this.#valuesApart.release(words[at + VALUE_WORD]!);
    this.#keys.release(entry);
  }

  clear(): void {
    this.#rows.clear();
    this.#keys.clear();
    this.#valuesApart.clear();
  }

  has(entry: number): boolean {
    return this.#keys.peek(entry) !== undefined;
  }

  key(entry: number): string {
    return this.#keys.get(entry);
  }

  #flags(entry: number): number {
    return this.#words[entry >>> ROW_CHUNK_BITS]![(entry & ROW_CHUNK_MASK) << ROW_WORD_SHIFT]!;
  }

  type(entry: number): ValueTypeId {
    return (this.#flags(entry) & TYPE_MASK) as ValueTypeId;
  }

  isRaw(entry: number): boolean {
    return (this.#flags(entry) & RAW) !== 0;
  }

  value(entry: number): StoredValue {
    const at = (entry & ROW_CHUNK_MASK) << ROW_WORD_SHIFT;
    const words = this.#words[entry >>> ROW_CHUNK_BITS]!;
    const number = words[at + VALUE_WORD]!;
    return (words[at]! & VALUE_APART) !== 0 ? this.#valuesApart.get(number) : number;
  }

  setValue(entry: number, type: ValueTypeId, raw: boolean, value: StoredValue): void {
    const at = (entry & ROW_CHUNK_MASK) << ROW_WORD_SHIFT;
    const words = this.#words[entry >>> ROW_CHUNK_BITS]!;
    const wasApart = (words[at]! & VALUE_APART) !== 0;
    let flags = type | (raw ? RAW : 0);
    let number: number;
    if (typeof value === 'number') {
      number = value;
      if (wasApart) this.#valuesApart.release(words[at + VALUE_WORD]!);
    } else {
      flags |= VALUE_APART;
      number = wasApart ? words[at + VALUE_WORD]! : this.#valuesApart.take();
      this.#valuesApart.set(number, value);
    }
    words[at] = (words[at]! & ~FLAGS_MASK) | flags;
    words[at + VALUE_WORD] = number;
  }

  expireAtMs(entry: number): number {
    const at = (entry & ROW_CHUNK_MASK) << ROW_WORD_SHIFT;
    const words = this.#words[entry >>> ROW_CHUNK_BITS]!;
    return (words[at + EXPIRY_HIGH_WORD]! | 0) * HIGH_WORD + words[at + EXPIRY_LOW_WORD]!;
  }

  setExpireAt(entry: number, expireAtMs: number): void {
    const at = (entry & ROW_CHUNK_MASK) << ROW_WORD_SHIFT;
    const words = this.#words[entry >>> ROW_CHUNK_BITS]!;
    words[at + EXPIRY_LOW_WORD] = expireAtMs;
    words[at + EXPIRY_HIGH_WORD] = Math.floor(expireAtMs / HIGH_WORD);
  }

  access(entry: number): number {
    return this.#flags(entry) >>> ACCESS_SHIFT;
  }

  setAccess(entry: number, word: number): void {
    const at = (entry & ROW_CHUNK_MASK) << ROW_WORD_SHIFT;
    const words = this.#words[entry >>> ROW_CHUNK_BITS]!;
    words[at] = (words[at]! & FLAGS_MASK) | (word << ACCESS_SHIFT);
  }

  memoryBytes(value: StoredValue): number {
    return ROW_BYTES + SLOT_BYTES + (typeof value === 'number' ? 0 : SLOT_BYTES);
  }
}
