/**
 * Where the Map keyspace keeps what it knows of an entry (flag `compact-entries`): `entryObjects.ts` in one heap object per entry,
 * `entryRows.ts` in packed rows with the rarely needed parts apart. A store belongs to one keyspace.
 *
 * An entry has a number that never changes while it lives, so SCAN can walk the numbers: what is present throughout is visited
 * however much comes and goes. Numbers of entries that went are given to new ones.
 */
import type { ValueTypeId } from '../keyspace.ts';
import type { StoredValue } from './storedValue.ts';

export interface EntryStore {
  /** All entries have numbers below this. */
  readonly numbersUsed: number;

  /** A new entry, access word 0. */
  add(key: string, type: ValueTypeId, raw: boolean, value: StoredValue, expireAtMs: number): number;
  remove(entry: number): void;
  clear(): void;
  /** Whether an entry has this number, which must be below numbersUsed. */
  has(entry: number): boolean;

  key(entry: number): string;
  type(entry: number): ValueTypeId;
  isRaw(entry: number): boolean;
  value(entry: number): StoredValue;
  setValue(entry: number, type: ValueTypeId, raw: boolean, value: StoredValue): void;
  /** Absolute ms, or NO_EXPIRY. */
  expireAtMs(entry: number): number;
  setExpireAt(entry: number, expireAtMs: number): void;
  access(entry: number): number;
  setAccess(entry: number, word: number): void;

  /** Bytes charged for an entry with this value and expiry, beside what the key and the value themselves take. */
  memoryBytes(value: StoredValue, expireAtMs: number): number;
}
