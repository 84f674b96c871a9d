/** ioredis, unmodified, against the server as users start it. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer, startEvenkeel } from '../requirements.ts';
import { startServerUnderTest } from './software/serverUnderTest.ts';

describe.each([
  ['all', 2],
  ['all', 3],
  ['none', 3],
] as const)('ioredis, flags %s, RESP%i', (flags, protocol) => {
  let server: RunningServer;
  let client: Redis;
  beforeAll(async () => {
    server = await startServerUnderTest(flags);
    client = new Redis(server.port, { protocol, maxRetriesPerRequest: 2 });
  });
  afterAll(async () => {
    client.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await client.flushall();
  });

  it('becomes ready, and sets, gets and deletes', async () => {
    expect(await client.ping()).toBe('PONG');
    expect(client.status).toBe('ready');
    expect(await client.set('greeting', 'hello')).toBe('OK');
    expect(await client.get('greeting')).toBe('hello');
    expect(await client.del('greeting', 'nothing')).toBe(1);
    expect(await client.get('greeting')).toBeNull();
  });

  it('sends a pipeline of 10,000 commands and matches every reply', async () => {
    const pipeline = client.pipeline();
    for (let i = 0; i < 5000; i++) pipeline.set(`key:${i}`, `value ${i}`).get(`key:${i}`);
    const replies = (await pipeline.exec())!;
    expect(replies).toHaveLength(10_000);
    for (let i = 0; i < 5000; i++) {
      expect(replies[2 * i]).toEqual([null, 'OK']);
      expect(replies[2 * i + 1]).toEqual([null, `value ${i}`]);
    }
    expect(await client.dbsize()).toBe(5000);
  });

  it('keeps errors at their place in a pipeline', async () => {
    const replies = (await client
      .pipeline()
      .set('text', 'abc')
      .incr('text')
      .hget('text', 'f')
      .get('text')
      .exec())!;
    expect(replies[0]).toEqual([null, 'OK']);
    expect(replies[1]![0]!.message).toBe('ERR value is not an integer or out of range');
    expect(replies[2]![0]!.message).toMatch(
      /^WRONGTYPE Operation against a key holding the wrong kind of value$/,
    );
    expect(replies[3]).toEqual([null, 'abc']);
  });

  it('auto-pipelines concurrent commands', async () => {
    const automatic = new Redis(server.port, { enableAutoPipelining: true });
    try {
      const numbers = await Promise.all(Array.from({ length: 1000 }, () => automatic.incr('counter')));
      expect(numbers).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    } finally {
      automatic.disconnect();
    }
  });

  it('holds binary keys and values', async () => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await client.set(every, every);
    expect(await client.getBuffer(every)).toEqual(every);
    await client.hset('hash', every, every);
    expect(await client.hgetallBuffer('hash')).toEqual({ [every.toString()]: every });
    expect(await client.keysBuffer('*')).toContainEqual(every);
    const unicode = 'ключ 鍵 🔑';
    await client.set(unicode, unicode);
    expect(await client.get(unicode)).toBe(unicode);
    expect(await client.strlen(unicode)).toBe(Buffer.byteLength(unicode));
  });

  it('scans every key, and a pattern, by stream', async () => {
    const pipeline = client.pipeline();
    for (let i = 0; i < 3000; i++) pipeline.set(`${i % 3 === 0 ? 'third' : 'other'}:${i}`, i);
    await pipeline.exec();
    const collect = async (match: string): Promise<Set<string>> => {
      const found = new Set<string>();
      for await (const keys of client.scanStream({ match, count: 100 }))
        for (const key of keys) found.add(key);
      return found;
    };
    expect((await collect('*')).size).toBe(3000);
    expect((await collect('third:*')).size).toBe(1000);
  });

  it('scans a large hash by stream', async () => {
    const fields = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`field:${i}`, `${i}`]));
    expect(await client.hset('hash', fields)).toBe(2000);
    const found: Record<string, string> = {};
    for await (const pairs of client.hscanStream('hash', { count: 50 }))
      for (let i = 0; i < pairs.length; i += 2) found[pairs[i]] = pairs[i + 1];
    expect(found).toEqual(fields);
    expect(await client.hgetall('hash')).toEqual(fields);
  });

  it('stores and returns 5 MB', async () => {
    const large = Buffer.alloc(5 * 1024 * 1024);
    for (let i = 0; i < large.length; i++) large[i] = (i * 31 + (i >> 8)) & 255;
    await client.set('large', large);
    expect(await client.strlen('large')).toBe(large.length);
    expect((await client.getBuffer('large'))!.equals(large)).toBe(true);
    expect(
      (await client.getrangeBuffer('large', 1_000_000, 1_000_099)).equals(
        large.subarray(1_000_000, 1_000_100),
      ),
    ).toBe(true);
  });

  it('expires keys', async () => {
    await client.set('brief', 'x', 'PX', 30);
    await client.set('long', 'x', 'EX', 100);
    expect(await client.ttl('long')).toBeGreaterThan(98);
    expect(await client.pttl('brief')).toBeLessThanOrEqual(30);
    await eventually('the key expires', async () => (await client.get('brief')) === null);
    expect(await client.persist('long')).toBe(1);
    expect(await client.ttl('long')).toBe(-1);
    expect(await client.ttl('brief')).toBe(-2);
  });

  it('expires fields of a hash', async () => {
    await client.hset('hash', { stays: '1', goes: '2' });
    expect(await client.call('HPEXPIRE', 'hash', 30, 'FIELDS', 2, 'goes', 'absent')).toEqual([1, -2]);
    await eventually('the field expires', async () => (await client.hget('hash', 'goes')) === null);
    expect(await client.hgetall('hash')).toEqual({ stays: '1' });
    expect(await client.call('HTTL', 'hash', 'FIELDS', 1, 'stays')).toEqual([-1]);
  });

  it('selects databases', async () => {
    const other = new Redis(server.port, { db: 5 });
    try {
      await other.set('where', 'five');
      expect(await client.get('where')).toBeNull();
      await client.select(5);
      expect(await client.get('where')).toBe('five');
      await client.select(0);
      await expect(client.select(16)).rejects.toThrow('ERR DB index is out of range');
    } finally {
      await client.select(0);
      other.disconnect();
    }
  });

  it('comes back by itself after CLIENT KILL, in its database and under its name', async () => {
    const victim = new Redis(server.port, { db: 3, connectionName: 'victim', retryStrategy: () => 10 });
    try {
      await victim.set('mark', 'three');
      const id = await victim.client('ID');
      expect(await client.client('KILL', 'ID', id)).toBe(1);
      await eventually('it has a new connection', async () => (await victim.client('ID')) !== id);
      expect(await victim.get('mark')).toBe('three');
      expect(await victim.client('GETNAME')).toBe('victim');
    } finally {
      victim.disconnect();
    }
  });
});

describe('ioredis with a password', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startEvenkeel({ flags: 'all', arguments: ['--requirepass', 'a "quoted" secret'] });
  });
  afterAll(() => server.stop());

  const attempt = async (options: { password?: string; username?: string }): Promise<string> => {
    const client = new Redis(server.port, { ...options, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    client.on('error', () => {});
    try {
      return String(await client.set('key', 'value'));
    } catch (error) {
      return (error as Error).message;
    } finally {
      client.disconnect();
    }
  };

  it('is let in with the right one only', async () => {
    expect(await attempt({ password: 'a "quoted" secret' })).toBe('OK');
    expect(await attempt({ username: 'default', password: 'a "quoted" secret' })).toBe('OK');
    expect(await attempt({})).toMatch(/^NOAUTH /);
    expect(await attempt({ password: 'wrong' })).toMatch(/^WRONGPASS /);
    expect(await attempt({ username: 'nobody', password: 'a "quoted" secret' })).toMatch(
      /^NOAUTH|^WRONGPASS/,
    );
  });
});
