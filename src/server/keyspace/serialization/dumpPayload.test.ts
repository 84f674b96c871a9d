import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { SeededRng } from '../../../ports/sim/seededRng.ts';
import { SizedFromCount } from '../../capacity/sizedFromCount.ts';
import { ByteWiseHash } from '../hashing.ts';
import { NO_EXPIRY } from '../keyspace.ts';
import { createStorage } from '../storageVariants.ts';
import { HashValue } from '../value/hashValue.ts';
import { createPacked } from '../value/smallFieldsFixture.ts';
import { Crc64 } from './crc64.ts';
import { dumpEntry, hasValidFooter, restoreValue } from './dumpPayload.ts';

const SEED = testSeed();
const storage = createStorage('arena, cache-line index', new ByteWiseHash(new SeededRng(1)));
const capacity = new SizedFromCount();
const environment = {
  storage,
  capacity,
  createSmallFields: createPacked,
  hashLimits: { entriesMax: 512, valueBytesMax: 64 },
  listFill: -2,
  setLimits: { integersMax: 512, entriesMax: 128, valueBytesMax: 64 },
  sortedSetLimits: { entriesMax: 128, valueBytesMax: 64 },
};
const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A ziplist of a 1 b hello c 10000 d -123 */
const ZIPLIST = [
  '2700000023000000',
  '0800',
  '000161',
  '03f2',
  '020162',
  '030568656c6c6f',
  '070163',
  '03c01027',
  '040164',
  '03fe85',
  'ff',
].join('');

/** Dumps taken from redis-server 7.4.1. */
const STRING_DUMPS: [string, string][] = [
  ['-5', '00c0fb0c0082b2f2342d0ca121'],
  ['1000', '00c1e8030c0042a7734e40ee292d'],
  ['-2000000000', '00c2006cca880c00fe899a7d8537e42e'],
  ['12345678901', '000b31323334353637383930310c00fb386617dd3dfb59'],
  ['hello', '000568656c6c6f0c00a804ebb69f1ebe43'],
  ['', '00000c0096ed6880f5553c93'],
  ['abc'.repeat(10), '00c30b1e0361626361e00f020162630c0043028aad9dcf0363'],
];

type Fields = [field: string, value: string, expireAtMs: number][];
const LATE_MS = 4102444800000;
const HASH_DUMPS: [encoding: string, fields: Fields, dump: string][] = [
  [
    'listpack',
    [
      ['a', '1', NO_EXPIRY],
      ['b', 'hello', NO_EXPIRY],
      ['c', '-5000', NO_EXPIRY],
      ['d', '1234567890123', NO_EXPIRY],
    ],
    '102a2a000000080081610201018162028568656c6c6f06816302f178ec03816402f4cb04fb711f01000009ff0c00158a9fb500e8d71e',
  ],
  [
    'listpackex',
    [
      ['a', '1', NO_EXPIRY],
      ['b', '2', LATE_MS],
    ],
    '1900d8c32cbb0300001d1d00000006008162020201f400d8c32cbb0300000981610201010001ff0c00258b9c39ee8a1b67',
  ],
  [
    'hashtable',
    [['long', 'x'.repeat(65), NO_EXPIRY]],
    '0401046c6f6e67c3094041017878e034000178780c00c09dbba8dbb21a63',
  ],
  [
    'hashtable',
    [['long', 'x'.repeat(65), LATE_MS]],
    '1800d8c32cbb0300000101046c6f6e67c3094041017878e034000178780c000034986caefe53de',
  ],
];

function buildHash(fields: Fields): HashValue {
  const hash = new HashValue(storage, createPacked);
  for (const [field, value, expireAtMs] of fields) {
    const f = fromLatin1(field);
    const v = fromLatin1(value);
    hash.set(f, 0, f.length, v, 0, v.length, false, environment.hashLimits);
    if (expireAtMs !== NO_EXPIRY) hash.setExpireAt(hash.find(f, 0, f.length), expireAtMs);
  }
  return hash;
}

function fieldsOf(hash: HashValue): Fields {
  const fields: Fields = [];
  hash.forEach((field, value, expireAtMs) => {
    fields.push([toLatin1(field), toLatin1(value), expireAtMs]);
  });
  return fields.sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

function dumpHash(hash: HashValue): Uint8Array {
  const keyspace = storage.create();
  return dumpEntry(keyspace, keyspace.putCollection(fromLatin1('k'), 0, 1, hash, NO_EXPIRY), true);
}

/** A payload around a body of our own making, with version and checksum right. */
function sealed(body: Uint8Array, version = 12): Uint8Array {
  const payload = new Uint8Array(body.length + 10);
  payload.set(body);
  payload[body.length] = version;
  const crc = new Crc64();
  crc.update(payload, 0, body.length + 2);
  crc.write(payload, body.length + 2);
  return payload;
}

describe('dumps', () => {
  it.each(STRING_DUMPS)('string %j has the bytes of Redis', (text, dump) => {
    const keyspace = storage.create();
    const ref = keyspace.putString(fromLatin1('k'), 0, 1, fromLatin1(text), 0, text.length, NO_EXPIRY, false);
    expect(toHex(dumpEntry(keyspace, ref, true))).toBe(dump);
    const payload = fromHex(dump);
    expect(hasValidFooter(payload, 0, payload.length)).toBe(true);
    const value = restoreValue(payload, 0, payload.length, environment);
    expect(value?.collection === undefined && value !== undefined ? toLatin1(value.bytes) : 'nothing').toBe(
      text,
    );
  });

  it.each(HASH_DUMPS)('hash as %s has the bytes of Redis', (encoding, fields, dump) => {
    expect(toHex(dumpHash(buildHash(fields)))).toBe(dump);
    const payload = fromHex(dump);
    const hash = restoreValue(payload, 0, payload.length, environment)?.collection as HashValue;
    expect(hash.encoding()).toBe(encoding);
    expect(fieldsOf(hash)).toEqual(fields);
  });

  it('keeps every field of a large hash, with and without expiries', () => {
    for (const expiring of [false, true]) {
      const fields: Fields = [];
      for (let i = 0; i < 1000; i++) {
        fields.push([
          `field:${i}`,
          `value ${i} `.repeat(5),
          expiring && i % 3 === 0 ? LATE_MS + i : NO_EXPIRY,
        ]);
      }
      const payload = dumpHash(buildHash(fields));
      const hash = restoreValue(payload, 0, payload.length, environment)?.collection as HashValue;
      expect(hash.encoding()).toBe('hashtable');
      expect(fieldsOf(hash)).toEqual(fieldsOf(buildHash(fields)));
    }
  });

  it('reads the forms of older versions', () => {
    const forms: [string, Fields][] = [
      [
        `0d27${ZIPLIST}`,
        [
          ['a', '1', NO_EXPIRY],
          ['b', 'hello', NO_EXPIRY],
          ['c', '10000', NO_EXPIRY],
          ['d', '-123', NO_EXPIRY],
        ],
      ],
      [`090b${toHex(fromLatin1('\x01\x03foo\x03\x00bar\xff'))}`, [['foo', 'bar', NO_EXPIRY]]],
      // Release candidates of 7.4: an absolute expiry and no earliest one.
      ['1601' + '81000003bb2cc3d800' + '0161' + '0162', [['a', 'b', LATE_MS]]],
    ];
    for (const [hex, fields] of forms) {
      const payload = sealed(fromHex(hex), 9);
      expect(hasValidFooter(payload, 0, payload.length)).toBe(true);
      const hash = restoreValue(payload, 0, payload.length, environment)?.collection as HashValue;
      expect(fieldsOf(hash), hex).toEqual(fields);
    }
  });

  it('refuses a newer version, a wrong checksum and what is too short', () => {
    const good = sealed(fromLatin1('\x00\x01a'));
    expect(hasValidFooter(good, 0, good.length)).toBe(true);
    expect(hasValidFooter(sealed(fromLatin1('\x00\x01a'), 13), 0, good.length)).toBe(false);
    for (let at = 0; at < good.length; at++) {
      const bad = good.slice();
      bad[at]! ^= 0x40;
      expect(hasValidFooter(bad, 0, bad.length), `byte ${at}`).toBe(false);
      expect(hasValidFooter(good, 0, at)).toBe(false);
    }
  });

  it.each([
    ['an empty hash', '0400'],
    ['an empty listpack', '1007' + '070000000000ff'],
    ['a field twice', '04020161016201610163'],
    ['an odd number of entries', '100a' + '0a0000000100' + '816102' + 'ff'],
    ['more fields than there are', '04820161'],
    ['a count of 2^64 - 1', '0481ffffffffffffffff0161'],
    ['a string longer than the payload', '008000ffffff61'],
    ['a field expiry beyond 48 bits', '18' + 'ffffffffffff0000' + '01' + '02' + '0161' + '0162'],
    ['a type that is not known', 'fe0161'],
    ['nothing', ''],
  ])('refuses %s', (_what, hex) => {
    const payload = sealed(fromHex(hex));
    expect(restoreValue(payload, 0, payload.length - 10, environment)).toBeUndefined();
  });

  it('never throws on damaged payloads', () => {
    const rng = new Prng(SEED);
    const bodies = [...STRING_DUMPS.map(([, dump]) => dump), ...HASH_DUMPS.map(([, , dump]) => dump)].map(
      fromHex,
    );
    let refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const body = bodies[rng.below(bodies.length)]!;
      const bad = body.slice(0, rng.below(3) === 0 ? rng.below(body.length) + 1 : body.length);
      for (let n = rng.below(4); n >= 0; n--) bad[rng.below(bad.length)] = rng.below(256);
      try {
        const value = restoreValue(bad, 0, bad.length, environment);
        if (value === undefined) refused++;
        value?.collection?.release();
      } catch (error) {
        throw new Error(`seed ${SEED}, payload ${toHex(bad)}`, { cause: error });
      }
    }
    expect(refused, `seed ${SEED}`).toBeGreaterThan(1000);
  });
});
