/** node-redis, unmodified, in both protocols, against the server as users start it. */
import { createClient, RESP_TYPES } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer, startEvenkeel } from '../requirements.ts';
import { startServerUnderTest } from './software/serverUnderTest.ts';

describe.each([
  ['all', 2],
  ['all', 3],
  ['none', 3],
] as const)('node-redis, flags %s, RESP%i', (flags, RESP) => {
  let server: RunningServer;
  const connect = (options: { database?: number; name?: string } = {}) =>
    createClient({
      RESP,
      ...options,
      socket: { host: '127.0.0.1', port: server.port, reconnectStrategy: 10 },
    })
      .on('error', () => {})
      .connect();
  let client: Awaited<ReturnType<typeof connect>>;
  beforeAll(async () => {
    server = await startServerUnderTest(flags);
    client = await connect();
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  beforeEach(async () => {
    await client.flushAll();
  });

  it('sets, gets, deletes and counts', async () => {
    expect(await client.ping()).toBe('PONG');
    expect(await client.set('greeting', 'hello')).toBe('OK');
    expect(await client.get('greeting')).toBe('hello');
    expect(await client.get('absent')).toBeNull();
    expect(await client.set('greeting', 'again', { condition: 'NX' })).toBeNull();
    expect(await client.set('greeting', 'again', { GET: true })).toBe('hello');
    expect(await client.incrBy('count', 41)).toBe(41);
    expect(await client.incrByFloat('count', 0.5)).toBe('41.5');
    expect(await client.mSet({ a: '1', b: '2' })).toBe('OK');
    expect(await client.mGet(['a', 'absent', 'b'])).toEqual(['1', null, '2']);
    expect(await client.del(['a', 'b', 'absent'])).toBe(2);
    expect(await client.type('greeting')).toBe('string');
    expect(await client.copy('greeting', 'copied')).toBe(1);
    expect(await client.rename('copied', 'renamed')).toBe('OK');
    expect(await client.exists(['greeting', 'renamed', 'copied'])).toBe(2);
  });

  it('speaks the protocol it asked for', async () => {
    const hello = await client.hello();
    expect(hello).toMatchObject({ proto: RESP, server: 'redis', role: 'master', mode: 'standalone' });
    expect(await client.sendCommand(['CLIENT', 'INFO'])).toContain(` resp=${RESP} `);
  });

  it('pipelines 10,000 commands of one turn', async () => {
    const replies = await Promise.all(
      Array.from({ length: 5000 }, (_, i) =>
        Promise.all([client.set(`key:${i}`, `value ${i}`), client.get(`key:${i}`)]),
      ),
    );
    for (let i = 0; i < 5000; i++) expect(replies[i]).toEqual(['OK', `value ${i}`]);
    expect(await client.dbSize()).toBe(5000);
  });

  it('rejects exactly the commands that failed', async () => {
    await client.set('text', 'abc');
    const [incremented, field, text] = await Promise.allSettled([
      client.incr('text'),
      client.hGet('text', 'f'),
      client.get('text'),
    ]);
    expect(incremented).toMatchObject({
      reason: { message: 'ERR value is not an integer or out of range' },
    });
    expect(field).toMatchObject({
      reason: { message: 'WRONGTYPE Operation against a key holding the wrong kind of value' },
    });
    expect(text).toMatchObject({ value: 'abc' });
  });

  it('holds binary values', async () => {
    const bytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    await client.set(every, every);
    expect(await bytes.get(every)).toEqual(every);
    await client.hSet('hash', every, every);
    expect(await bytes.hGet('hash', every)).toEqual(every);
    expect(await bytes.keys('*')).toContainEqual(every);
  });

  it('iterates over keys and over fields', async () => {
    await Promise.all(
      Array.from({ length: 3000 }, (_, i) => client.set(`${i % 3 === 0 ? 'third' : 'other'}:${i}`, `${i}`)),
    );
    const found = new Set<string>();
    for await (const keys of client.scanIterator({ MATCH: 'third:*', COUNT: 100 }))
      for (const key of keys) found.add(key);
    expect(found.size).toBe(1000);

    const fields = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`field:${i}`, `${i}`]));
    await client.hSet('hash', fields);
    const scanned: Record<string, string> = {};
    for await (const entries of client.hScanIterator('hash', { COUNT: 100 }))
      for (const { field, value } of entries) scanned[field] = value;
    expect(scanned).toEqual(fields);
    const hashes: string[] = [];
    for await (const keys of client.scanIterator({ TYPE: 'hash', COUNT: 1000 })) hashes.push(...keys);
    expect(hashes).toEqual(['hash']);
  });

  it('works with hashes', async () => {
    expect(await client.hSet('hash', { a: '1', b: '2' })).toBe(2);
    expect(await client.hGetAll('hash')).toEqual({ a: '1', b: '2' });
    expect(await client.hIncrBy('hash', 'a', 9)).toBe(10);
    expect(await client.hmGet('hash', ['a', 'absent'])).toEqual(['10', null]);
    expect(await client.hRandFieldCountWithValues('hash', 2)).toHaveLength(2);
    expect(await client.hDel('hash', ['a', 'b'])).toBe(2);
    expect(await client.exists('hash')).toBe(0);
  });

  it('expires keys and fields', async () => {
    await client.set('brief', 'x', { expiration: { type: 'PX', value: 30 } });
    await client.hSet('hash', { stays: '1', goes: '2' });
    expect(await client.hpExpire('hash', ['goes', 'absent'], 30)).toEqual([1, -2]);
    expect(await client.hTTL('hash', ['stays'])).toEqual([-1]);
    await eventually('key and field expire', async () => {
      return (await client.exists('brief')) === 0 && (await client.hExists('hash', 'goes')) === 0;
    });
    expect(await client.hGetAll('hash')).toEqual({ stays: '1' });
    await client.set('long', 'x');
    expect(await client.expire('long', 100, 'NX')).toBe(1);
    expect(await client.expire('long', 50, 'GT')).toBe(0);
    expect(await client.ttl('long')).toBeGreaterThan(98);
  });

  it('stores and returns 5 MB', async () => {
    const large = 'abcdefghijklmnopqrstuvwxyz012345'.repeat((5 * 1024 * 1024) / 32);
    await client.set('large', large);
    expect((await client.get('large')) === large).toBe(true);
  });

  it('dumps and restores', async () => {
    const bytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    await client.hSet('hash', { a: '1', b: '2' });
    const payload = (await bytes.dump('hash')) as unknown as Buffer;
    expect(await client.restore('again', 0, payload)).toBe('OK');
    expect(await client.hGetAll('again')).toEqual({ a: '1', b: '2' });
  });

  it('reads and changes the configuration, and lists clients and commands', async () => {
    expect(await client.configGet('maxmemory-policy')).toEqual({ 'maxmemory-policy': 'noeviction' });
    expect(await client.configSet('maxmemory-samples', '7')).toBe('OK');
    expect(await client.configGet('maxmemory-samples')).toEqual({ 'maxmemory-samples': '7' });
    const clients = await client.clientList();
    const ownId = await client.clientId();
    expect(clients.map(({ id }) => id)).toContain(ownId);
    expect((await client.commandInfo(['get', 'hset'])).map((each) => each?.name)).toEqual(['get', 'hset']);
    expect(await client.commandCount()).toBeGreaterThan(100);
  });

  it('comes back by itself after CLIENT KILL, in its database', async () => {
    const victim = await connect({ database: 3, name: 'victim' });
    try {
      await victim.set('mark', 'three');
      const id = await victim.clientId();
      expect(await client.sendCommand(['CLIENT', 'KILL', 'ID', String(id)])).toBe(1);
      await eventually('it has a new connection', async () => {
        return (await victim.clientId().catch(() => id)) !== id;
      });
      expect(await victim.get('mark')).toBe('three');
      expect(await victim.clientGetName()).toBe('victim');
    } finally {
      victim.destroy();
    }
  });

  it('closes after its last replies', async () => {
    const leaving = await connect();
    const pending = Promise.all(Array.from({ length: 100 }, (_, i) => leaving.set(`last:${i}`, 'x')));
    await leaving.close();
    expect(await pending).toHaveLength(100);
    expect(await client.dbSize()).toBe(100);
  });
});

describe.each([2, 3] as const)('node-redis with a password, RESP%i', (RESP) => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startEvenkeel({ flags: 'all', arguments: ['--requirepass', 's3cret'] });
  });
  afterAll(() => server.stop());

  const attempt = async (options: { password?: string; username?: string }): Promise<string> => {
    const client = createClient({
      RESP,
      ...options,
      socket: { host: '127.0.0.1', port: server.port, reconnectStrategy: false },
    }).on('error', () => {});
    try {
      await client.connect();
      return String(await client.set('key', 'value'));
    } catch (error) {
      return (error as Error).message;
    } finally {
      if (client.isOpen) client.destroy();
    }
  };

  it('is let in with the right one only', async () => {
    expect(await attempt({ password: 's3cret' })).toBe('OK');
    expect(await attempt({ username: 'default', password: 's3cret' })).toBe('OK');
    expect(await attempt({})).toMatch(/^NOAUTH /);
    expect(await attempt({ password: 'wrong' })).toMatch(/^WRONGPASS /);
    expect(await attempt({ username: 'nobody', password: 's3cret' })).toMatch(/^WRONGPASS /);
  });
});
