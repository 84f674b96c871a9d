import { describe, expect, it } from 'vitest';
import { testSeed } from '../../../../test/seed.ts';
import { fromLatin1 } from '../../../base/bytes.ts';
import { Prng } from '../../../base/prng.ts';
import { ErrorReply } from '../../protocol/respReader.ts';
import { Arguments } from '../arguments.ts';
import { CommandHarness } from '../commandHarness.ts';
import { parseScanCursor } from './scanOptions.ts';

const SEED = testSeed();

function cursorOf(text: string): number {
  const args = new Arguments();
  args.buffer = fromLatin1(`##${text}##`);
  args.push(2, 2 + text.length);
  return parseScanCursor(args, 0);
}

describe('parseScanCursor', () => {
  it.each<[string, number]>([
    ['0', 0],
    ['123', 123],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 0],
    ['18446744073709551615', 0],
    ['18446744073709551616', Number.NaN],
    ['99999999999999999999999', Number.NaN],
    ['007', 7],
    ['+7', 7],
    [' 7', 7],
    ['7 ', Number.NaN],
    ['-1', Number.NaN],
    ['-01', 0],
    ['-0', 0],
    ['', Number.NaN],
    ['-', Number.NaN],
    ['1.0', Number.NaN],
    ['7\0x', 7],
  ])('%j is %d', (text, expected) => {
    expect(cursorOf(text)).toBe(expected);
  });
});

describe.each([true, false])('SCAN and KEYS, arena %s', (arena) => {
  it('lists what matches', () => {
    const h = new CommandHarness({ arena });
    for (const key of ['one', 'two', 'three', 't[x]']) h.run('SET', key, 1);
    h.run('HSET', 'hash', 'f', 'v');
    expect((h.run('KEYS', 't*') as string[]).sort()).toEqual(['t[x]', 'three', 'two']);
    expect(h.run('KEYS', 't\\[*')).toEqual(['t[x]']);
    expect(h.run('KEYS', '*')).toHaveLength(5);
    expect(h.run('KEYS', 'nothing')).toEqual([]);
    const scan = (...options: string[]): string[] =>
      (h.run('SCAN', '0', 'COUNT', '1000', ...options) as [string, string[]])[1].sort();
    expect(scan()).toHaveLength(5);
    expect(scan('MATCH', 't*')).toEqual(['t[x]', 'three', 'two']);
    expect(scan('TYPE', 'HASH')).toEqual(['hash']);
    expect(scan('TYPE', 'string', 'MATCH', 'o*')).toEqual(['one']);
    expect(scan('TYPE', 'nosuch')).toEqual([]);
  });

  it.each([
    [['SCAN', 'x'], 'ERR invalid cursor'],
    [['SCAN', 'x', 'COUNT', 'y'], 'ERR invalid cursor'],
    [['SCAN', '0', 'COUNT'], 'ERR syntax error'],
    [['SCAN', '0', 'COUNT', '0'], 'ERR syntax error'],
    [['SCAN', '0', 'COUNT', 'y'], 'ERR value is not an integer or out of range'],
    [['SCAN', '0', 'MATCH'], 'ERR syntax error'],
    [['SCAN', '0', 'NOVALUES'], 'ERR NOVALUES option can only be used in HSCAN'],
  ])('%j fails', (args, message) => {
    const reply = new CommandHarness({ arena }).run(...args);
    expect(reply).toBeInstanceOf(ErrorReply);
    expect((reply as ErrorReply).message).toBe(message);
  });

  it('neither lists expired keys; SCAN removes the ones it meets', () => {
    const h = new CommandHarness({ arena });
    for (let i = 0; i < 20; i++) h.run('SET', `k${i}`, 1, ...(i % 2 === 0 ? ['PX', 5] : []));
    h.clock.advanceMs(5);
    expect(h.run('KEYS', '*')).toHaveLength(10);
    expect(h.run('DBSIZE')).toBe(20);
    const [, listed] = h.run('SCAN', 0, 'COUNT', 1000) as [string, string[]];
    expect(listed).toHaveLength(10);
    expect(listed.every((key) => Number(key.slice(1)) % 2 === 1)).toBe(true);
    expect(h.run('DBSIZE')).toBe(10);
    expect(h.server.stats.expiredKeys).toBe(10);
  });

  it('visits every key that stays, whatever comes and goes between the calls', () => {
    const rng = new Prng(SEED);
    const h = new CommandHarness({ arena, seed: SEED });
    const steady = new Set<string>();
    for (let i = 0; i < 300; i++) {
      steady.add(`steady:${i}`);
      h.run('SET', `steady:${i}`, i);
    }
    const seen = new Set<string>();
    let cursor = '0';
    do {
      const [next, keys] = h.run('SCAN', cursor, 'COUNT', 1 + rng.below(20)) as [string, string[]];
      for (const key of keys) seen.add(key);
      cursor = next;
      for (let i = 0; i < 30; i++) h.run(rng.below(2) === 0 ? 'SET' : 'DEL', `passing:${rng.below(2000)}`, 1);
    } while (cursor !== '0');
    for (const key of steady) expect(seen.has(key), `${key}, seed ${SEED}`).toBe(true);
  });
});
