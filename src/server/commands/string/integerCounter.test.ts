import { describe, expect, it } from 'vitest';
import { CommandHarness, type HarnessOptions } from '../commandHarness.ts';

const VARIANTS: HarnessOptions[] = [
  { arena: false, fastPath: false, reusedReplies: false },
  { arena: true, fastPath: true, reusedReplies: true },
];

const WRONG_TYPE = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n';
const NOT_AN_INTEGER = '-ERR value is not an integer or out of range\r\n';

describe.each(VARIANTS)('counters, %o', (options) => {
  const harness = (more: HarnessOptions = {}): CommandHarness => new CommandHarness({ ...options, ...more });
  /** Runs commands written as words and returns the bytes of the last reply. */
  const last = (h: CommandHarness, ...lines: string[]): string => {
    let reply = '';
    for (const line of lines) reply = h.raw(...line.split(' ')).toString('latin1');
    return reply;
  };

  it('count in 64 bits', () => {
    const h = harness();
    const overflow = '-ERR increment or decrement would overflow\r\n';
    expect(last(h, 'INCR k')).toBe(':1\r\n');
    expect(last(h, 'DECR k', 'DECR k')).toBe(':-1\r\n');
    expect(last(h, 'INCRBY k 9007199254740991')).toBe(':9007199254740990\r\n');
    expect(last(h, 'INCRBY k 5')).toBe(':9007199254740995\r\n');
    expect(last(h, 'DECRBY k 10')).toBe(':9007199254740985\r\n');
    expect(last(h, 'SET k 9223372036854775806', 'INCR k')).toBe(':9223372036854775807\r\n');
    expect(last(h, 'INCR k')).toBe(overflow);
    expect(last(h, 'DECRBY k 9223372036854775807')).toBe(':0\r\n');
    expect(last(h, 'INCRBY k -9223372036854775808')).toBe(':-9223372036854775808\r\n');
    expect(last(h, 'DECR k')).toBe(overflow);
    expect(last(h, 'GET k')).toBe('$20\r\n-9223372036854775808\r\n');
    expect(last(h, 'DECRBY k -9223372036854775808')).toBe('-ERR decrement would overflow\r\n');
    expect(last(h, 'DECRBY k 0')).toBe(':-9223372036854775808\r\n');
  });

  it('take canonical integers only', () => {
    const h = harness();
    for (const value of [
      '',
      ' 1',
      '1 ',
      '01',
      '+1',
      '-0',
      '1.0',
      '9223372036854775808',
      '1'.repeat(21),
      'x',
    ]) {
      h.run('SET', 'k', value);
      expect(h.raw('INCR', 'k').toString(), value).toBe(NOT_AN_INTEGER);
      expect(h.raw('INCRBY', 'none', value).toString(), value).toBe(NOT_AN_INTEGER);
      expect(h.run('GET', 'k')).toBe(value);
    }
    expect(last(h, 'HSET hash f v', 'INCR hash')).toBe(WRONG_TYPE);
    expect(last(h, 'INCRBY hash x')).toBe(NOT_AN_INTEGER);
    expect(last(h, 'EXISTS none')).toBe(':0\r\n');
  });

  it('keep the expiry', () => {
    const h = harness();
    expect(last(h, 'SET k 5 EX 10', 'INCR k', 'INCRBYFLOAT k 0.5', 'TTL k')).toBe(':10\r\n');
  });

  it('INCRBYFLOAT adds in extended precision', () => {
    const h = harness();
    expect(last(h, 'SET k 10.50', 'INCRBYFLOAT k 0.1')).toBe('$4\r\n10.6\r\n');
    expect(last(h, 'INCRBYFLOAT k -5')).toBe('$3\r\n5.6\r\n');
    expect(last(h, 'SET k 5.0e3', 'INCRBYFLOAT k 2.0e2')).toBe('$4\r\n5200\r\n');
    expect(last(h, 'INCRBYFLOAT new 1', 'GET new')).toBe('$1\r\n1\r\n');
    expect(last(h, 'INCRBYFLOAT new x')).toBe('-ERR value is not a valid float\r\n');
    expect(last(h, 'INCRBYFLOAT new inf')).toBe('-ERR increment would produce NaN or Infinity\r\n');
    expect(last(h, 'SET text abc', 'INCRBYFLOAT text 1')).toBe('-ERR value is not a valid float\r\n');
    expect(last(h, 'HSET hash f v', 'INCRBYFLOAT hash x')).toBe(WRONG_TYPE);
    h.run('SET', 'long', `1${'0'.repeat(4931)}`);
    const sum = h.run('INCRBYFLOAT', 'long', '1') as string;
    expect(sum.length).toBe(4932);
    expect(h.run('GET', 'long')).toBe(sum);
  });
});
