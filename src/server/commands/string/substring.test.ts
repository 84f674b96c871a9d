import { describe, expect, it } from 'vitest';
import { CommandHarness, type HarnessOptions } from '../commandHarness.ts';

const VARIANTS: HarnessOptions[] = [
  { arena: false, fastPath: false, reusedReplies: false },
  { arena: true, fastPath: true, reusedReplies: true },
];

const WRONG_TYPE = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n';
const NOT_AN_INTEGER = '-ERR value is not an integer or out of range\r\n';

describe.each(VARIANTS)('parts of strings, %o', (options) => {
  const harness = (more: HarnessOptions = {}): CommandHarness => new CommandHarness({ ...options, ...more });
  /** Runs commands written as words and returns the bytes of the last reply. */
  const last = (h: CommandHarness, ...lines: string[]): string => {
    let reply = '';
    for (const line of lines) reply = h.raw(...line.split(' ')).toString('latin1');
    return reply;
  };

  it.each([
    ['0 -1', 'abcdef'],
    ['1 2', 'bc'],
    ['-2 -1', 'ef'],
    ['-100 1', 'ab'],
    ['4 100', 'ef'],
    ['3 1', ''],
    ['6 6', ''],
    ['-1 -2', ''],
    ['-10 -8', 'a'],
    ['-8 -10', ''],
    ['-9223372036854775808 9223372036854775807', 'abcdef'],
    ['-9223372036854775807 -9223372036854775808', ''],
    ['-9223372036854775808 -9223372036854775807', 'a'],
    ['-9007199254740992 -9007199254740993', ''],
  ])('GETRANGE %s', (bounds, part) => {
    const h = harness();
    h.run('SET', 'k', 'abcdef');
    expect(last(h, `GETRANGE k ${bounds}`)).toBe(`$${part.length}\r\n${part}\r\n`);
    expect(last(h, `SUBSTR k ${bounds}`)).toBe(`$${part.length}\r\n${part}\r\n`);
  });

  it('GETRANGE of nothing, of another type, with bad bounds', () => {
    const h = harness();
    expect(last(h, 'GETRANGE none 0 -1')).toBe('$0\r\n\r\n');
    expect(last(h, 'SET k 12345', 'GETRANGE k 0 x')).toBe(NOT_AN_INTEGER);
    expect(last(h, 'GETRANGE k 9223372036854775808 0')).toBe(NOT_AN_INTEGER);
    expect(last(h, 'HSET hash f v', 'GETRANGE hash 0 1')).toBe(WRONG_TYPE);
    expect(h.run('SET', 'empty', '')).toBe('OK');
    expect(last(h, 'GETRANGE empty 0 -1')).toBe('$0\r\n\r\n');
  });

  it('SETRANGE overwrites, lengthens with zeros, creates', () => {
    const h = harness();
    expect(last(h, 'SET k Hello', 'SETRANGE k 1 ipp')).toBe(':5\r\n');
    expect(last(h, 'GET k')).toBe('$5\r\nHippo\r\n');
    expect(last(h, 'SETRANGE k 7 x', 'GET k')).toBe('$8\r\nHippo\0\0x\r\n');
    expect(last(h, 'SETRANGE new 3 y', 'GET new')).toBe('$4\r\n\0\0\0y\r\n');
    expect(last(h, 'SET t abc EX 9', 'SETRANGE t 0 z', 'TTL t')).toBe(':9\r\n');
    expect(h.run('SETRANGE', 'none', '10', '')).toBe(0);
    expect(h.run('SETRANGE', 'k', '100', '')).toBe(8);
    expect(last(h, 'EXISTS none')).toBe(':0\r\n');
  });

  it('SETRANGE judges type, offset and length in this order', () => {
    const h = harness();
    const tooLong = '-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n';
    h.run('HSET', 'hash', 'f', 'v');
    expect(last(h, 'SETRANGE hash x v')).toBe(NOT_AN_INTEGER);
    expect(last(h, 'SETRANGE hash -1 v')).toBe('-ERR offset is out of range\r\n');
    expect(last(h, 'SETRANGE hash 1 v')).toBe(WRONG_TYPE);
    expect(last(h, 'SETRANGE k 536870912 v')).toBe(tooLong);
    expect(last(h, 'SETRANGE k 9223372036854775807 v')).toBe(tooLong);
    expect(h.run('SETRANGE', 'k', '9223372036854775807', '')).toBe(0);
    expect(last(h, 'SETRANGE k 9223372036854775808 v')).toBe(NOT_AN_INTEGER);
  });

  it('APPEND and STRLEN', () => {
    const h = harness();
    expect(last(h, 'APPEND k Hello')).toBe(':5\r\n');
    expect(h.run('APPEND', 'k', ' World')).toBe(11);
    expect(h.run('GET', 'k')).toBe('Hello World');
    expect(last(h, 'STRLEN k')).toBe(':11\r\n');
    expect(last(h, 'STRLEN none')).toBe(':0\r\n');
    h.run('HSET', 'hash', 'f', 'v');
    expect(last(h, 'APPEND hash x')).toBe(WRONG_TYPE);
    expect(last(h, 'STRLEN hash')).toBe(WRONG_TYPE);
  });

  it('holds lengths to proto-max-bulk-len', () => {
    const h = harness({ configuration: { 'proto-max-bulk-len': '1mb' } });
    const mebibyte = 1024 * 1024;
    h.run('SET', 'k', 'x'.repeat(mebibyte - 1));
    expect(h.run('APPEND', 'k', 'y')).toBe(mebibyte);
    expect(last(h, 'APPEND k z')).toBe('-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n');
    expect(h.run('STRLEN', 'k')).toBe(mebibyte);
    expect(h.run('GETRANGE', 'k', -2, -1)).toBe('xy');
  });

  it('strings that were built are raw, all others go by their content', () => {
    const h = harness();
    const encoding = (key: string): unknown => h.run('OBJECT', 'ENCODING', key);
    h.run('APPEND', 'fresh', '12');
    expect(encoding('fresh')).toBe('int');
    h.run('APPEND', 'fresh', '');
    expect(encoding('fresh')).toBe('raw');
    h.run('INCR', 'fresh');
    expect(encoding('fresh')).toBe('int');
    h.run('SETRANGE', 'ranged', 0, 'a');
    expect(encoding('ranged')).toBe('raw');
    h.run('SET', 'ranged', 'a');
    expect(encoding('ranged')).toBe('embstr');
    h.run('SETRANGE', 'ranged', 0, 'b');
    expect(encoding('ranged')).toBe('raw');
  });
});
