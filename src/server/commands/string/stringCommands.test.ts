import { describe, expect, it } from 'vitest';
import { CommandHarness, HARNESS_EPOCH_MS, type HarnessOptions } from '../commandHarness.ts';

const VARIANTS: HarnessOptions[] = [
  { arena: false, fastPath: false, reusedReplies: false },
  { arena: true, fastPath: true, reusedReplies: true },
];

const WRONG_TYPE = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n';
const NOT_AN_INTEGER = '-ERR value is not an integer or out of range\r\n';
const SYNTAX = '-ERR syntax error\r\n';

describe.each(VARIANTS)('string commands, %o', (options) => {
  const harness = (more: HarnessOptions = {}): CommandHarness => new CommandHarness({ ...options, ...more });
  /** Runs commands written as words and returns the bytes of the last reply. */
  const last = (h: CommandHarness, ...lines: string[]): string => {
    let reply = '';
    for (const line of lines) reply = h.raw(...line.split(' ')).toString('latin1');
    return reply;
  };

  describe('SET and its relatives', () => {
    it('sets, replaces values of any type, and drops the expiry', () => {
      const h = harness();
      expect(last(h, 'SET k v')).toBe('+OK\r\n');
      expect(last(h, 'GET k')).toBe('$1\r\nv\r\n');
      expect(last(h, 'HSET hash f v', 'SET hash s', 'TYPE hash')).toBe('+string\r\n');
      expect(last(h, 'SET k v EX 100', 'SET k w', 'TTL k')).toBe(':-1\r\n');
    });

    it('keeps what it was given, whatever is read from the wire afterwards', () => {
      const h = harness();
      for (const bytes of [0, 1, 300, 5000, 70_000]) {
        const value = 'x'.repeat(bytes);
        h.run('SET', `k${bytes}`, value);
        h.run('SETNX', `n${bytes}`, value);
        h.run('APPEND', `a${bytes}`, value);
        h.run('ECHO', 'y'.repeat(1000));
        expect(h.run('MGET', `k${bytes}`, `n${bytes}`, `a${bytes}`)).toEqual([value, value, value]);
      }
    });

    it.each([
      ['EX 10', 10_000],
      ['px 1500', 1500],
      [`EXAT ${HARNESS_EPOCH_MS / 1000 + 7}`, 7000],
      [`PxAt ${HARNESS_EPOCH_MS + 1234}`, 1234],
      ['EX 10 EX 20', 20_000],
    ])('SET %s', (words, ttlMs) => {
      const h = harness();
      expect(last(h, `SET k v ${words}`)).toBe('+OK\r\n');
      expect(h.run('PTTL', 'k')).toBe(ttlMs);
      h.advance(ttlMs + 1);
      expect(h.run('GET', 'k')).toBeNull();
    });

    it('NX, XX, KEEPTTL and GET', () => {
      const h = harness();
      expect(last(h, 'SET k v XX')).toBe('$-1\r\n');
      expect(last(h, 'SET k v NX')).toBe('+OK\r\n');
      expect(last(h, 'SET k w NX')).toBe('$-1\r\n');
      expect(last(h, 'SET k w NX GET')).toBe('$1\r\nv\r\n');
      expect(last(h, 'SET k w XX GET')).toBe('$1\r\nv\r\n');
      expect(last(h, 'SET fresh w GET')).toBe('$-1\r\n');
      expect(last(h, 'SET fresh w NX GET NX')).toBe('$1\r\nw\r\n');
      expect(last(h, 'SET k x EX 50', 'SET k y KEEPTTL', 'TTL k')).toBe(':50\r\n');
      expect(last(h, 'HSET hash f v', 'SET hash v GET')).toBe(WRONG_TYPE);
      expect(last(h, 'HELLO 3', 'SET none v XX')).toBe('_\r\n');
    });

    it.each([
      'NX XX',
      'XX NX',
      'EX',
      'EX 10 PX 10',
      'EX 10 KEEPTTL',
      'KEEPTTL PXAT 5',
      'PERSIST',
      'FOO',
      'GETT',
      'EX 10 FOO',
    ])('SET %s is a syntax error and changes nothing', (words) => {
      const h = harness();
      expect(last(h, `SET k v ${words}`)).toBe(SYNTAX);
      expect(last(h, 'EXISTS k')).toBe(':0\r\n');
    });

    it('judges expire times', () => {
      const h = harness();
      const invalid = (name: string): string => `-ERR invalid expire time in '${name}' command\r\n`;
      for (const words of [
        'EX 0',
        'PX -1',
        'EX 9223372036854776',
        'EX 9223372036854775',
        'PX 9223372036854775807',
        'EXAT 0',
      ]) {
        expect(last(h, `SET k v ${words}`), words).toBe(invalid('set'));
      }
      expect(last(h, 'SET k v EX 1.5')).toBe(NOT_AN_INTEGER);
      expect(last(h, 'SET k v PX 9223372036854775808')).toBe(NOT_AN_INTEGER);
      expect(last(h, 'SETEX k 0 v')).toBe(invalid('setex'));
      expect(last(h, 'PSETEX k -5 v')).toBe(invalid('psetex'));
      expect(last(h, 'EXISTS k')).toBe(':0\r\n');
      // The expire time is judged before the condition.
      expect(last(h, 'SET k v XX EX 0')).toBe(invalid('set'));
      expect(last(h, 'SET k v PXAT 1')).toBe('+OK\r\n');
      expect(last(h, 'GET k')).toBe('$-1\r\n');
    });

    it('SETNX, SETEX, PSETEX, GETSET, GETDEL', () => {
      const h = harness();
      expect(last(h, 'SETNX k 1')).toBe(':1\r\n');
      expect(last(h, 'SETNX k 2')).toBe(':0\r\n');
      expect(last(h, 'SETEX k 10 v', 'TTL k')).toBe(':10\r\n');
      expect(last(h, 'PSETEX k 1500 v', 'PTTL k')).toBe(':1500\r\n');
      expect(last(h, 'GETSET k w')).toBe('$1\r\nv\r\n');
      expect(last(h, 'TTL k')).toBe(':-1\r\n');
      expect(last(h, 'GETSET new w')).toBe('$-1\r\n');
      expect(last(h, 'GETDEL k')).toBe('$1\r\nw\r\n');
      expect(last(h, 'GETDEL k')).toBe('$-1\r\n');
      h.run('HSET', 'hash', 'f', 'v');
      expect(last(h, 'GETDEL hash')).toBe(WRONG_TYPE);
      expect(last(h, 'GETSET hash v')).toBe(WRONG_TYPE);
      expect(last(h, 'SETNX hash v')).toBe(':0\r\n');
    });

    it('counts changes', () => {
      const h = harness();
      const changes = (...lines: string[]): number => {
        const before = h.server.dirty;
        last(h, ...lines);
        return h.server.dirty - before;
      };
      expect(changes('SET k v')).toBe(1);
      expect(
        changes('SET k v NX', 'SET none v XX', 'SETNX k v', 'GETEX k', 'GETEX k PERSIST', 'MSETNX k 1 j 2'),
      ).toBe(0);
      expect(changes('MSET a 1 b 2 c 3')).toBe(3);
      expect(changes('GETEX k EX 5', 'GETEX k PERSIST', 'GETDEL k', 'GETDEL k')).toBe(3);
      expect(changes('SETRANGE s 5 x', 'SETRANGE s 0 y', 'APPEND s z', 'INCR a', 'INCRBYFLOAT a 1')).toBe(5);
      expect(changes('INCR s', 'APPEND s', 'LCS a b', 'MGET a b')).toBe(0);
    });
  });

  it('GETEX sets, removes and passes expiries', () => {
    const h = harness();
    h.run('SET', 'k', 'v');
    expect(last(h, 'GETEX k')).toBe('$1\r\nv\r\n');
    expect(last(h, 'GETEX k EX 10', 'TTL k')).toBe(':10\r\n');
    expect(last(h, 'GETEX k', 'TTL k')).toBe(':10\r\n');
    expect(last(h, 'GETEX k PERSIST', 'TTL k')).toBe(':-1\r\n');
    expect(last(h, 'GETEX k NX')).toBe(SYNTAX);
    expect(last(h, 'GETEX k KEEPTTL')).toBe(SYNTAX);
    expect(last(h, 'GETEX k EX 10 PERSIST')).toBe(SYNTAX);
    expect(last(h, 'GETEX k EX x')).toBe(NOT_AN_INTEGER);
    expect(last(h, 'GETEX k PX 0')).toBe("-ERR invalid expire time in 'getex' command\r\n");
    // An absent key is nil before the expire time is looked at; syntax comes first.
    expect(last(h, 'GETEX none EX x')).toBe('$-1\r\n');
    expect(last(h, 'GETEX none EX')).toBe(SYNTAX);
    expect(last(h, `GETEX k PXAT ${HARNESS_EPOCH_MS}`)).toBe('$1\r\nv\r\n');
    expect(last(h, 'DBSIZE')).toBe(':0\r\n');
    expect(last(h, 'HSET hash f v', 'GETEX hash')).toBe(WRONG_TYPE);
  });

  it('MGET, MSET, MSETNX', () => {
    const h = harness();
    expect(last(h, 'MSET a 1 b 2 a 3')).toBe('+OK\r\n');
    h.run('HSET', 'hash', 'f', 'v');
    expect(last(h, 'MGET a none hash b')).toBe('*4\r\n$1\r\n3\r\n$-1\r\n$-1\r\n$1\r\n2\r\n');
    expect(last(h, 'MSETNX c 1 a 2')).toBe(':0\r\n');
    expect(last(h, 'EXISTS c')).toBe(':0\r\n');
    expect(last(h, 'MSETNX c 1 c 2', 'GET c')).toBe('$1\r\n2\r\n');
    expect(last(h, 'MSET a 1 b')).toBe("-ERR wrong number of arguments for 'mset' command\r\n");
    expect(last(h, 'MSETNX a 1 b')).toBe("-ERR wrong number of arguments for 'msetnx' command\r\n");
    expect(last(h, 'SET a 1 EX 5', 'MSET a 2', 'TTL a')).toBe(':-1\r\n');
  });
});
