import { beforeEach, describe, expect, it } from 'vitest';
import { Crc64 } from '../../keyspace/serialization/crc64.ts';
import { ErrorReply } from '../../protocol/respReader.ts';
import { type Argument, CommandHarness, HARNESS_EPOCH_MS } from '../commandHarness.ts';

let h: CommandHarness;
const error = (...args: Argument[]): string => {
  const reply = h.run(...args);
  expect(reply).toBeInstanceOf(ErrorReply);
  return (reply as ErrorReply).message;
};
const dump = (key: string): Uint8Array => Buffer.from(h.run('DUMP', key) as string, 'latin1');

describe('DUMP and RESTORE', () => {
  beforeEach(() => {
    h = new CommandHarness();
  });

  it('restores strings and hashes with their encodings and expiries', () => {
    h.run('SET', 'int', 12);
    h.run('SET', 'text', 'some text');
    h.run('HSET', 'h', 'f', 'v', 'g', 'w');
    h.run('HPEXPIRE', 'h', 5000, 'FIELDS', 1, 'g');
    for (const key of ['int', 'text', 'h']) {
      expect(h.run('RESTORE', `${key}2`, 0, dump(key))).toBe('OK');
      expect(h.run('OBJECT', 'ENCODING', `${key}2`)).toBe(h.run('OBJECT', 'ENCODING', key));
      expect(h.run('TTL', `${key}2`)).toBe(-1);
      expect(dump(`${key}2`)).toEqual(dump(key));
    }
    expect(h.run('HPTTL', 'h2', 'FIELDS', 2, 'f', 'g')).toEqual([-1, 5000]);
    h.run('DEL', 'h');
    h.advance(7000);
    expect(h.run('HLEN', 'h2')).toBe(1);
    expect(h.run('DUMP', 'absent')).toBe(null);
  });

  it('takes a time to live, relative or as an instant', () => {
    h.run('SET', 'k', 'v');
    const payload = dump('k');
    expect(h.run('RESTORE', 'r', 1234, payload)).toBe('OK');
    expect(h.run('PTTL', 'r')).toBe(1234);
    expect(h.run('RESTORE', 'r', HARNESS_EPOCH_MS + 99, payload, 'ABSTTL', 'replace')).toBe('OK');
    expect(h.run('PTTL', 'r')).toBe(99);
    const { dirty } = h.server;
    expect(h.run('RESTORE', 'r', HARNESS_EPOCH_MS, payload, 'ABSTTL', 'REPLACE')).toBe('OK');
    expect(h.run('EXISTS', 'r')).toBe(0);
    expect(h.server.dirty).toBe(dirty + 1);
  });

  it('sets the access word', () => {
    h.run('SET', 'k', 'v');
    const payload = dump('k');
    h.run('RESTORE', 'idle', 0, payload, 'IDLETIME', 1000);
    expect(h.run('OBJECT', 'IDLETIME', 'idle')).toBe(1000);
    h.run('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lfu');
    h.run('RESTORE', 'often', 0, payload, 'FREQ', 100);
    expect(h.run('OBJECT', 'FREQ', 'often')).toBe(100);
  });

  it('refuses, in the order of Redis', () => {
    h.run('SET', 'k', 'v');
    const payload = dump('k');
    expect(error('RESTORE', 'k', 'x', 'y')).toBe('BUSYKEY Target key name already exists.');
    expect(error('RESTORE', 'k', 'x', 'y', 'nope')).toBe('ERR syntax error');
    expect(error('RESTORE', 'n', 'x', 'y')).toBe('ERR value is not an integer or out of range');
    expect(error('RESTORE', 'n', -1, 'y')).toBe('ERR Invalid TTL value, must be >= 0');
    expect(error('RESTORE', 'n', 0, 'y')).toBe('ERR DUMP payload version or checksum are wrong');
    expect(error('RESTORE', 'n', 0, payload, 'IDLETIME', -1)).toBe(
      'ERR Invalid IDLETIME value, must be >= 0',
    );
    expect(error('RESTORE', 'n', 0, payload, 'FREQ', 256)).toBe(
      'ERR Invalid FREQ value, must be >= 0 and <= 255',
    );
    expect(error('RESTORE', 'n', 0, payload, 'FREQ', 1, 'IDLETIME', 1)).toBe('ERR syntax error');
    const emptyHash = Buffer.from('04000c00' + '0000000000000000', 'hex');
    const crc = new Crc64();
    crc.update(emptyHash, 0, 4);
    crc.write(emptyHash, 4);
    expect(error('RESTORE', 'n', 0, emptyHash)).toBe('ERR Bad data format');
    expect(h.run('EXISTS', 'n')).toBe(0);
  });

  it('compresses only if rdbcompression is on', () => {
    h.run('SET', 'k', 'a'.repeat(100));
    expect(dump('k').length).toBeLessThan(40);
    h.run('CONFIG', 'SET', 'rdbcompression', 'no');
    expect(dump('k').length).toBe(1 + 2 + 100 + 10);
    h.run('RESTORE', 'r', 0, dump('k'));
    expect(h.run('GET', 'r')).toBe('a'.repeat(100));
  });
});
