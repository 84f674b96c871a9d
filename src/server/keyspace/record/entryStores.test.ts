/** Both entry stores against a model. */
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { Prng } from '../../../base/prng.ts';
import { NO_EXPIRY, ValueType, type ValueTypeId } from '../keyspace.ts';
import { UNWATCHED_GROWTH } from '../storageVariants.ts';
import { EntryObjects } from './entryObjects.ts';
import { EntryRows } from './entryRows.ts';
import type { EntryStore } from './entryStore.ts';
import { ReservedAccount } from './reservedAccount.ts';
import type { StoredValue } from './storedValue.ts';

const SEED = testSeed();
/** Up to 2^48, with words that are all zeros and all ones. */
const EXPIRIES = [NO_EXPIRY, 0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 1704067200000, 2 ** 48 - 1];

interface Known {
  key: string;
  type: ValueTypeId;
  raw: boolean;
  value: StoredValue;
  expireAtMs: number;
  access: number;
}

function look(entries: EntryStore, entry: number): Known {
  return {
    key: entries.key(entry),
    type: entries.type(entry),
    raw: entries.isRaw(entry),
    value: entries.value(entry),
    expireAtMs: entries.expireAtMs(entry),
    access: entries.access(entry),
  };
}

describe.each<[string, () => EntryStore]>([
  ['objects', () => new EntryObjects()],
  ['rows', () => new EntryRows(new ReservedAccount(), UNWATCHED_GROWTH)],
])('entries: %s', (_name, create) => {
  it('agree with a model over random operations', () => {
    const prng = new Prng(SEED);
    const entries = create();
    const model = new Map<number, Known>();
    const value = (): StoredValue =>
      prng.below(2) === 0 ? prng.below(2 ** 32) : Uint8Array.of(prng.below(256));
    const expireAtMs = (): number => EXPIRIES[prng.below(EXPIRIES.length)]!;
    const type = (): ValueTypeId => (prng.below(3) === 0 ? ValueType.stream : ValueType.string);
    for (let step = 0; step < 20_000; step++) {
      if (model.size < 100 || prng.below(3) === 0) {
        const known = {
          key: `key:${step}`,
          type: type(),
          raw: prng.below(2) === 0,
          value: value(),
          expireAtMs: expireAtMs(),
          access: 0,
        };
        const entry = entries.add(known.key, known.type, known.raw, known.value, known.expireAtMs);
        expect(model.has(entry)).toBe(false);
        model.set(entry, known);
        expect(look(entries, entry)).toEqual(known);
        continue;
      }
      const entry = [...model.keys()][prng.below(Math.min(model.size, 200))]!;
      const known = model.get(entry)!;
      const operation = prng.below(4);
      if (operation === 0) {
        known.access = prng.below(2 ** 24);
        entries.setAccess(entry, known.access);
      } else if (operation === 1) {
        known.expireAtMs = expireAtMs();
        entries.setExpireAt(entry, known.expireAtMs);
      } else if (operation === 2) {
        Object.assign(known, { type: type(), raw: prng.below(2) === 0, value: value() });
        entries.setValue(entry, known.type, known.raw, known.value);
      } else {
        entries.remove(entry);
        model.delete(entry);
        expect(entries.has(entry)).toBe(false);
        continue;
      }
      expect(look(entries, entry), `seed ${SEED}, step ${step}`).toEqual(known);
    }
    for (let entry = 0; entry < entries.numbersUsed; entry++) {
      expect(entries.has(entry)).toBe(model.has(entry));
      if (model.has(entry)) expect(look(entries, entry), `seed ${SEED}`).toEqual(model.get(entry));
    }
    entries.clear();
    expect(entries.numbersUsed).toBe(0);
  });
});

describe('entry rows', () => {
  it('grow by chunks and give all back', () => {
    const account = new ReservedAccount();
    const entries = new EntryRows(account, UNWATCHED_GROWTH);
    entries.add('first', ValueType.string, false, 0, NO_EXPIRY);
    expect(account.bytes).toBe(64 * 16);
    for (let i = 1; i < 10_000; i++) {
      const before = account.bytes;
      entries.add(`key:${i}`, ValueType.string, false, i, NO_EXPIRY);
      // A step adds a chunk of 4,096 rows at most.
      expect(account.bytes - before).toBeLessThanOrEqual(4096 * 16);
    }
    expect(account.bytes).toBe(3 * 4096 * 16);
    expect(entries.value(9999)).toBe(9999);
    entries.clear();
    expect(account.bytes).toBe(0);
  });
});
