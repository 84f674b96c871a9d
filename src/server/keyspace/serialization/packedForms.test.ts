import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../../base/bytes.ts';
import { ListpackWriter, readListpack } from './listpack.ts';
import { readZiplist, readZipmap } from './ziplist.ts';

/** a 1 b hello c 10000 d -123 */
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

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe('listpack', () => {
  it('reads back every kind of entry', () => {
    const texts = [
      '0',
      '127',
      '128',
      '-1',
      '4095',
      '-4096',
      '4096',
      '-32768',
      '32768',
      '8388607',
      '-8388609',
      '2147483648',
    ];
    texts.push(
      '-9223372036854775808',
      '9223372036854775807',
      '9223372036854775808',
      '',
      'a',
      'b'.repeat(63),
      'c'.repeat(64),
    );
    texts.push('d'.repeat(126), 'e'.repeat(4095), 'f'.repeat(4096), 'g'.repeat(17000), 'h'.repeat(2_100_000));
    const writer = new ListpackWriter();
    for (const text of texts) writer.append(fromLatin1(text), 0, text.length);
    const entries = readListpack(writer.finish());
    expect(entries?.map((entry) => toLatin1(entry))).toEqual(texts);
  });

  it('refuses wrong sizes, counts, ends and backward lengths', () => {
    const writer = new ListpackWriter();
    writer.append(fromLatin1('ab'), 0, 2);
    const good = writer.finish().slice();
    expect(readListpack(good)).toHaveLength(1);
    for (const [at, byte] of [
      [0, 9],
      [4, 2],
      [9, 4],
      [good.length - 1, 0],
      [6, 0xff],
      [6, 0xbf],
      [6, 0xf0],
      [6, 0xf9],
    ] as const) {
      const bad = good.slice();
      bad[at] = byte;
      expect(readListpack(bad), `byte ${at}`).toBeUndefined();
    }
    expect(readListpack(good.subarray(0, 6))).toBeUndefined();
  });
});

describe('ziplist and zipmap', () => {
  const ziplist = fromHex(ZIPLIST);

  it('reads entries of every size', () => {
    expect(readZiplist(ziplist)?.map((entry) => toLatin1(entry))).toEqual([
      'a',
      '1',
      'b',
      'hello',
      'c',
      '10000',
      'd',
      '-123',
    ]);
  });

  it('refuses a wrong count, tail, or length of the entry before', () => {
    for (const at of [0, 4, 8, 13, 15, ziplist.length - 1]) {
      const bad = ziplist.slice();
      bad[at]! ^= 1;
      expect(readZiplist(bad), `byte ${at}`).toBeUndefined();
    }
  });

  it('reads a zipmap with unused bytes', () => {
    const zipmap = fromLatin1('\x02\x03foo\x03\x00bar\x05hello\x05\x02world..\xff');
    expect(readZipmap(zipmap)?.map((entry) => toLatin1(entry))).toEqual(['foo', 'bar', 'hello', 'world']);
    for (let cut = 0; cut < zipmap.length; cut++) expect(readZipmap(zipmap.subarray(0, cut))).toBeUndefined();
  });
});
