import { beforeEach, describe, expect, it } from 'vitest';
import type { HashValue } from '../../keyspace/value/hashValue.ts';
import { ErrorReply } from '../../protocol/respReader.ts';
import { type Argument, CommandHarness } from '../commandHarness.ts';

let h: CommandHarness;
const error = (...args: Argument[]): string => {
  const reply = h.run(...args);
  expect(reply).toBeInstanceOf(ErrorReply);
  return (reply as ErrorReply).message;
};

describe.each([true, false])('key commands, arena %s', (arena) => {
  beforeEach(() => {
    h = new CommandHarness({ arena });
    h.run('SET', 's', 'text', 'EX', 100);
    h.run('HSET', 'h', 'f', 'v', 'g', 'w');
  });

  it('DEL and UNLINK count what was there; EXISTS counts repeats', () => {
    expect(h.run('EXISTS', 's', 's', 'h', 'absent')).toBe(3);
    expect(h.run('DEL', 's', 's', 'absent')).toBe(1);
    expect(h.run('UNLINK', 'h', 'absent')).toBe(1);
    expect(h.run('DBSIZE')).toBe(0);
    h.run('SET', 'e', 1, 'PX', 10);
    h.clock.advanceMs(10);
    expect(h.run('DEL', 'e')).toBe(0);
  });

  it('TYPE', () => {
    expect(['s', 'h', 'absent'].map((key) => h.run('TYPE', key))).toEqual(['string', 'hash', 'none']);
  });

  it('RENAME carries value and expiry, and replaces', () => {
    h.run('SET', 'raw', 'x');
    expect(h.run('RENAME', 's', 'raw')).toBe('OK');
    expect(h.run('GET', 'raw')).toBe('text');
    expect(h.run('TTL', 'raw')).toBe(100);
    expect(h.run('RENAME', 'h', 'raw')).toBe('OK');
    expect(h.run('HGET', 'raw', 'g')).toBe('w');
    expect(h.run('TTL', 'raw')).toBe(-1);
    expect(h.run('DBSIZE')).toBe(1);
    expect(h.run('RENAME', 'raw', 'raw')).toBe('OK');
    expect(error('RENAME', 'absent', 'absent')).toBe('ERR no such key');
    expect(error('RENAMENX', 'absent', 'x')).toBe('ERR no such key');
  });

  it('RENAMENX keeps what is there, but not what has expired', () => {
    expect(h.run('RENAMENX', 's', 'h')).toBe(0);
    expect(h.run('RENAMENX', 's', 's')).toBe(0);
    h.run('SET', 'gone', 1, 'PX', 1);
    h.clock.advanceMs(1);
    expect(h.run('RENAMENX', 'h', 'gone')).toBe(1);
    expect(h.run('HLEN', 'gone')).toBe(2);
  });

  it('keeps the raw encoding', () => {
    h.run('SET', 'raw', 'abc');
    h.run('APPEND', 'raw', 'def');
    h.run('COPY', 'raw', 'raw2');
    h.run('RENAME', 'raw2', 'raw3');
    h.run('MOVE', 'raw3', 1);
    h.run('SELECT', 1);
    expect(h.run('OBJECT', 'ENCODING', 'raw3')).toBe('raw');
  });

  it('COPY makes an independent copy, in any database', () => {
    expect(h.run('COPY', 'h', 'h2')).toBe(1);
    h.run('HSET', 'h2', 'f', 'changed');
    expect(h.run('HGET', 'h', 'f')).toBe('v');
    expect(h.run('COPY', 's', 'h2')).toBe(0);
    expect(h.run('COPY', 's', 'h2', 'replace')).toBe(1);
    expect(h.run('TTL', 'h2')).toBe(100);
    expect(h.run('COPY', 's', 's', 'DB', 3)).toBe(1);
    expect(h.run('COPY', 'absent', 'x')).toBe(0);
    expect(error('COPY', 's', 's')).toBe('ERR source and destination objects are the same');
    expect(error('COPY', 's', 'x', 'DB')).toBe('ERR syntax error');
    expect(error('COPY', 's', 'x', 'DB', 'y')).toBe('ERR value is not an integer or out of range');
    expect(error('COPY', 's', 'x', 'DB', 16)).toBe('ERR DB index is out of range');
    expect(error('COPY', 's', 'x', 'DB', 4294967296)).toBe(
      'ERR value is out of range, value must between -2147483648 and 2147483647',
    );
  });

  it('MOVE', () => {
    expect(h.run('MOVE', 's', 1)).toBe(1);
    expect(h.run('EXISTS', 's')).toBe(0);
    h.run('SET', 's', 'other');
    expect(h.run('MOVE', 's', 1)).toBe(0);
    expect(error('MOVE', 's', 0)).toBe('ERR source and destination objects are the same');
    expect(error('MOVE', 's', -1)).toBe('ERR DB index is out of range');
    expect(h.run('MOVE', 'absent', 1)).toBe(0);
    h.run('SELECT', 1);
    expect(h.run('GET', 's')).toBe('text');
    expect(h.run('TTL', 's')).toBe(100);
  });

  it('field expiries are swept wherever the hash went', () => {
    for (const [index, arrive] of [
      ['MOVE', 'h', '1'],
      ['COPY', 'h', 'h', 'DB', '1'],
    ].entries()) {
      h.run('FLUSHALL');
      h.run('HSET', 'h', 'f', 'v', 'g', 'w');
      h.run('HPEXPIRE', 'h', 500, 'FIELDS', 1, 'f');
      expect(h.run(...arrive), `case ${index}`).toBe(1);
      h.advance(2000);
      const { keyspace } = h.server.databases[1]!;
      const ref = keyspace.find(new Uint8Array([104]), 0, 1);
      expect((keyspace.collection(ref) as HashValue).length).toBe(1);
    }
  });

  it('SWAPDB exchanges contents for every client at once', () => {
    const other = h.connect();
    other.run('SELECT', 1);
    expect(h.run('SWAPDB', 0, 1)).toBe('OK');
    expect(h.run('DBSIZE')).toBe(0);
    expect(other.run('GET', 's')).toBe('text');
    expect(h.run('SWAPDB', 1, 1)).toBe('OK');
    expect(error('SWAPDB', 'x', 1)).toBe('ERR invalid first DB index');
    expect(error('SWAPDB', 0, 2 ** 31)).toBe('ERR invalid second DB index');
    expect(error('SWAPDB', 0, 99)).toBe('ERR DB index is out of range');
  });

  it('FLUSHDB and FLUSHALL', () => {
    h.run('COPY', 's', 's', 'DB', 1);
    expect(error('FLUSHDB', 'now')).toBe('ERR syntax error');
    expect(error('FLUSHALL', 'ASYNC', 'SYNC')).toBe('ERR syntax error');
    const { dirty } = h.server;
    expect(h.run('FLUSHDB', 'async')).toBe('OK');
    expect(h.server.dirty).toBe(dirty + 2);
    expect(h.run('DBSIZE')).toBe(0);
    h.run('SELECT', 1);
    expect(h.run('DBSIZE')).toBe(1);
    expect(h.run('FLUSHALL', 'SYNC')).toBe('OK');
    expect(h.run('DBSIZE')).toBe(0);
  });

  it('RANDOMKEY passes over expired keys, however many', () => {
    expect(['s', 'h']).toContain(h.run('RANDOMKEY'));
    h.run('FLUSHALL');
    expect(h.run('RANDOMKEY')).toBe(null);
    h.run('DEBUG', 'SET-ACTIVE-EXPIRE', 0);
    for (let i = 0; i < 3000; i++) h.run('SET', `k${i}`, 1, 'PX', 1);
    h.run('SET', 'alive', 1);
    h.clock.advanceMs(1);
    expect(h.run('RANDOMKEY')).toBe('alive');
    h.run('DEL', 'alive');
    expect(h.run('RANDOMKEY')).toBe(null);
  });

  it('OBJECT', () => {
    h.run('SET', 'int', 9999);
    h.run('SET', 'wide', 10000);
    h.run('SET', 'long', 'x'.repeat(45));
    h.run('SET', 'short', 'x'.repeat(44));
    const encodings = ['int', 'wide', 'long', 'short', 'h'].map((key) => h.run('OBJECT', 'ENCODING', key));
    expect(encodings).toEqual(['int', 'int', 'raw', 'embstr', 'listpack']);
    expect(h.run('OBJECT', 'ENCODING', 'absent')).toBe(null);
    expect(h.run('OBJECT', 'REFCOUNT', 'int')).toBe(2147483647);
    expect(h.run('OBJECT', 'REFCOUNT', 'wide')).toBe(1);
    h.advance(3000);
    expect(h.run('OBJECT', 'IDLETIME', 'wide')).toBe(3);
    h.run('CLIENT', 'NO-TOUCH', 'ON');
    h.run('GET', 'wide');
    expect(h.run('OBJECT', 'IDLETIME', 'wide')).toBe(3);
    expect(h.run('TOUCH', 'wide')).toBe(1);
    expect(h.run('OBJECT', 'IDLETIME', 'wide')).toBe(0);
    h.run('CLIENT', 'NO-TOUCH', 'OFF');
    expect(error('OBJECT', 'FREQ', 'wide')).toMatch(/^ERR An LFU maxmemory policy is not selected, /);
    h.run('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu');
    h.run('SET', 'fresh', 1);
    expect(h.run('OBJECT', 'FREQ', 'fresh')).toBe(5);
    expect(error('OBJECT', 'IDLETIME', 'fresh')).toMatch(/^ERR An LFU maxmemory policy is selected, /);
    expect(h.run('OBJECT', 'HELP')).toHaveLength(15);
    expect(error('OBJECT', 'nope', 'x')).toBe("ERR unknown subcommand 'nope'. Try OBJECT HELP.");
  });

  it('WAIT and WAITAOF check their arguments and do not wait for replicas that cannot come', () => {
    expect(h.run('WAIT', 0, 0)).toBe(0);
    expect(h.run('WAIT', 3, 100)).toBe(0);
    expect(error('WAIT', 'x', 0)).toBe('ERR value is not an integer or out of range');
    expect(error('WAIT', 0, -1)).toBe('ERR timeout is negative');
    expect(error('WAIT', 0, 'x')).toBe('ERR timeout is not an integer or out of range');
    expect(error('WAIT', 0, '9223372036854775807')).toBe('ERR timeout is out of range');
    expect(h.run('WAITAOF', 0, 0, 0)).toEqual([0, 0]);
    expect(error('WAITAOF', 2, 0, 0)).toBe('ERR value is out of range, value must between 0 and 1');
    expect(error('WAITAOF', 0, -1, 0)).toBe('ERR value is out of range, must be positive');
    expect(error('WAITAOF', 1, 0, 0)).toBe(
      'ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.',
    );
  });
});
