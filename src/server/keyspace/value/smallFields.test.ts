/** The two small forms of a hash against each other: the same answers in the same order whatever happens to them. */
import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { NO_EXPIRY } from '../keyspace.ts';
import type { FieldRef, SmallFields } from './smallFields.ts';
import { createPacked, createPlain } from './smallFieldsFixture.ts';

const STEPS = 2000;
const FIELDS = 40;

/** Everything that can be asked of each field, in order. */
function described(fields: SmallFields): unknown[] {
  const answers: unknown[] = [];
  const cursor = fields.cursor();
  for (let ref = fields.first(), place = 0; ref !== 0; ref = fields.next(ref), place++) {
    expect(cursor.next()).toBe(true);
    expect(fields.nth(place)).toBe(ref);
    const field = toLatin1(fields.fieldBytes(ref), fields.fieldStart(ref), fields.fieldEnd(ref));
    const value = toLatin1(fields.valueBytes(ref), fields.valueStart(ref), fields.valueEnd(ref));
    expect(toLatin1(cursor.field, cursor.fieldStart, cursor.fieldEnd)).toBe(field);
    expect(toLatin1(cursor.value, cursor.valueStart, cursor.valueEnd)).toBe(value);
    expect(cursor.expireAtMs).toBe(fields.expireAtMs(ref));
    expect([fields.fieldLength(ref), fields.valueLength(ref)]).toEqual([field.length, value.length]);
    answers.push([field, value, fields.expireAtMs(ref), fields.safeInteger(ref)]);
  }
  expect(cursor.next()).toBe(false);
  expect(answers.length).toBe(fields.count);
  return answers;
}

describe('the small forms of a hash', () => {
  it.each([1, 2, 3])('agree on fields, order, bytes and expiries, seed %i', (seed) => {
    const random = new Prng(seed);
    let forms = [createPacked(0), createPlain(0)];
    const both = <T>(ask: (fields: SmallFields) => T): T => {
      const [packed, plain] = forms.map(ask);
      expect(plain).toEqual(packed);
      return packed as T;
    };
    const values = [
      '',
      '0',
      '-17',
      '007',
      'text',
      '9007199254740991',
      '9'.repeat(20),
      'v'.repeat(126),
      'w'.repeat(300),
    ];
    for (let step = 0; step < STEPS; step++) {
      const field = fromLatin1(`${random.below(9) === 0 ? '\xff'.repeat(254) : 'f'}${random.below(FIELDS)}`);
      const value = fromLatin1(values[random.below(values.length)]!);
      const expireAtMs = random.below(2) === 0 ? NO_EXPIRY : 1 + random.below(2 ** 46);
      const action = random.below(100);
      const on = (change: (fields: SmallFields, ref: FieldRef) => void): void => {
        const known = both((fields) => fields.find(field, 0, field.length) !== 0);
        if (known) for (const fields of forms) change(fields, fields.find(field, 0, field.length));
        else
          for (const fields of forms)
            fields.append(field, 0, field.length, value, 0, value.length, expireAtMs);
      };
      if (action < 40) on((fields, ref) => fields.setValue(ref, value, 0, value.length));
      else if (action < 60) on((fields, ref) => fields.setExpireAt(ref, expireAtMs));
      else if (action < 90) on((fields, ref) => fields.remove(ref));
      else if (action < 95) both((fields) => fields.earliestExpiryMs());
      else if (action < 97) forms = forms.map((fields) => fields.duplicate());
      else {
        const [nowMs, countMax] = [random.below(2 ** 46), random.below(20)];
        both((fields) => fields.removeExpired(nowMs, countMax));
      }
      both(({ count, expiringCount, used }) => [count, expiringCount, used]);
      if (step % 40 === 0) both(described);
    }
    expect(forms[0]!.count).toBeGreaterThan(0);
  });

  it('keep no byte array of the caller', () => {
    for (const fields of [createPacked(0), createPlain(0)]) {
      const bytes = Buffer.from('fieldvalue');
      fields.append(bytes, 0, 5, bytes, 5, 10, NO_EXPIRY);
      fields.setValue(fields.first(), bytes, 4, 10);
      bytes.fill(0);
      expect(described(fields)).toEqual([['field', 'dvalue', NO_EXPIRY, Number.NaN]]);
    }
  });
});
