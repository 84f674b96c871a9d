import { beforeEach, describe, expect, it } from 'vitest';
import { ErrorReply } from '../../protocol/respReader.ts';
import { type Argument, CommandHarness, HARNESS_EPOCH_MS } from '../commandHarness.ts';

let h: CommandHarness;
const error = (...args: Argument[]): string => {
  const reply = h.run(...args);
  expect(reply).toBeInstanceOf(ErrorReply);
  return (reply as ErrorReply).message;
};

describe.each([true, false])('expiry commands, arena %s', (arena) => {
  beforeEach(() => {
    h = new CommandHarness({ arena });
    h.run('SET', 'k', 'v');
  });

  it('sets, reads and drops an expiry in each unit', () => {
    expect(h.run('TTL', 'k')).toBe(-1);
    expect(h.run('PEXPIRETIME', 'k')).toBe(-1);
    expect(h.run('EXPIRE', 'k', 100)).toBe(1);
    expect(h.run('TTL', 'k')).toBe(100);
    expect(h.run('PTTL', 'k')).toBe(100_000);
    expect(h.run('PEXPIRETIME', 'k')).toBe(HARNESS_EPOCH_MS + 100_000);
    expect(h.run('PEXPIRE', 'k', 1499)).toBe(1);
    expect(h.run('TTL', 'k')).toBe(1);
    expect(h.run('PEXPIRE', 'k', 1500)).toBe(1);
    expect(h.run('TTL', 'k')).toBe(2);
    expect(h.run('EXPIREAT', 'k', HARNESS_EPOCH_MS / 1000 + 5)).toBe(1);
    expect(h.run('EXPIRETIME', 'k')).toBe(HARNESS_EPOCH_MS / 1000 + 5);
    expect(h.run('PEXPIREAT', 'k', HARNESS_EPOCH_MS + 7)).toBe(1);
    expect(h.run('PTTL', 'k')).toBe(7);
    expect(h.run('PERSIST', 'k')).toBe(1);
    expect(h.run('PERSIST', 'k')).toBe(0);
    expect(h.run('TTL', 'k')).toBe(-1);
  });

  it('answers -2 for an absent key, and the key is gone at its instant', () => {
    for (const name of ['TTL', 'PTTL', 'EXPIRETIME', 'PEXPIRETIME']) expect(h.run(name, 'absent')).toBe(-2);
    expect(h.run('EXPIRE', 'absent', 10)).toBe(0);
    expect(h.run('PERSIST', 'absent')).toBe(0);
    h.run('PEXPIRE', 'k', 50);
    h.clock.advanceMs(49);
    expect(h.run('EXISTS', 'k')).toBe(1);
    h.clock.advanceMs(1);
    expect(h.run('EXISTS', 'k')).toBe(0);
    expect(h.run('PTTL', 'k')).toBe(-2);
  });

  it.each([
    ['EXPIRE', 0],
    ['EXPIRE', -1],
    ['PEXPIREAT', HARNESS_EPOCH_MS],
    ['EXPIREAT', 1],
    ['PEXPIRE', '-9223372036854775808'],
  ])('%s %s deletes', (name, amount) => {
    const dirty = h.server.dirty;
    expect(h.run(name, 'k', amount)).toBe(1);
    expect(h.run('EXISTS', 'k')).toBe(0);
    expect(h.server.dirty).toBe(dirty + 1);
  });

  it('obeys NX, XX, GT and LT, no expiry counting as infinite', () => {
    expect(h.run('EXPIRE', 'k', 100, 'XX')).toBe(0);
    expect(h.run('EXPIRE', 'k', 100, 'GT')).toBe(0);
    expect(h.run('EXPIRE', 'k', 100, 'lt')).toBe(1);
    expect(h.run('EXPIRE', 'k', 200, 'NX')).toBe(0);
    expect(h.run('EXPIRE', 'k', 100, 'GT')).toBe(0);
    expect(h.run('EXPIRE', 'k', 200, 'GT', 'XX')).toBe(1);
    expect(h.run('EXPIRE', 'k', 200, 'LT')).toBe(0);
    expect(h.run('EXPIRE', 'k', 50, 'LT')).toBe(1);
    expect(h.run('TTL', 'k')).toBe(50);
    h.run('PERSIST', 'k');
    expect(h.run('EXPIRE', 'k', 10, 'NX')).toBe(1);
    expect(h.run('EXPIRE', 'k', 20, 'XX')).toBe(1);
  });

  it('words its errors as Redis does', () => {
    const mixed = 'ERR NX and XX, GT or LT options at the same time are not compatible';
    expect(error('EXPIRE', 'k', 1, 'NX', 'XX')).toBe(mixed);
    expect(error('EXPIRE', 'k', 1, 'NX', 'LT')).toBe(mixed);
    expect(error('EXPIRE', 'k', 1, 'GT', 'LT')).toBe(
      'ERR GT and LT options at the same time are not compatible',
    );
    expect(error('EXPIRE', 'k', 'x', 'ab')).toBe('ERR Unsupported option ab');
    expect(error('EXPIRE', 'k', '1.5')).toBe('ERR value is not an integer or out of range');
    expect(error('EXPIRE', 'absent', '9223372036854776')).toBe("ERR invalid expire time in 'expire' command");
    expect(error('EXPIRE', 'k', '-9223372036854776')).toBe("ERR invalid expire time in 'expire' command");
    expect(error('PEXPIRE', 'k', '9223372036854775807')).toBe("ERR invalid expire time in 'pexpire' command");
    expect(error('EXPIREAT', 'k', '9223372036854775807')).toBe(
      "ERR invalid expire time in 'expireat' command",
    );
    expect(h.run('PEXPIREAT', 'k', '9223372036854775807')).toBe(1);
    expect(h.run('GET', 'k')).toBe('v');
  });

  it('counts hits and misses without touching', () => {
    const { stats } = h.server;
    h.run('CONFIG', 'RESETSTAT');
    h.advance(5000);
    h.run('TTL', 'k');
    h.run('EXISTS', 'k', 'k', 'absent');
    h.run('TYPE', 'absent');
    expect([stats.keyspaceHits, stats.keyspaceMisses]).toEqual([3, 2]);
    expect(h.run('OBJECT', 'IDLETIME', 'k')).toBe(5);
    expect(h.run('TOUCH', 'k', 'absent')).toBe(1);
    expect(h.run('OBJECT', 'IDLETIME', 'k')).toBe(0);
  });
});
