/** node-redis, unmodified, in both protocols: transactions, pub/sub, streams, blocking commands, scripts. */
import { createClient, defineScript, RESP_TYPES } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer } from '../../requirements.ts';
import { startServerUnderTest } from './serverUnderTest.ts';

const takeAtMost = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `local take = math.min(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1]))
           redis.call('DECRBY', KEYS[1], take)
           return take`,
  parseCommand(parser, key: string, most: number) {
    parser.pushKey(key);
    parser.push(String(most));
  },
  transformReply: undefined as unknown as () => number,
});

describe.each([2, 3] as const)('node-redis, RESP%i', (RESP) => {
  let server: RunningServer;
  const connect = () =>
    createClient({
      RESP,
      scripts: { takeAtMost },
      socket: { host: '127.0.0.1', port: server.port, reconnectStrategy: 10 },
    })
      .on('error', () => {})
      .connect();
  type Client = Awaited<ReturnType<typeof connect>>;
  let client: Client;
  let other: Client;
  beforeAll(async () => {
    server = await startServerUnderTest();
    client = await connect();
    other = await connect();
  });
  afterAll(async () => {
    client.destroy();
    other.destroy();
    await server.stop();
  });
  beforeEach(async () => {
    await client.flushAll();
  });
  const withClient = async (use: (own: Client) => Promise<void>): Promise<void> => {
    const own = await connect();
    try {
      await use(own);
    } finally {
      own.destroy();
    }
  };
  const somebodyWaits = async () => (await client.info('clients')).includes('blocked_clients:1\r');

  it('runs transactions whole, in their types', async () => {
    const replies = await client
      .multi()
      .set('text', 'abc')
      .hSet('hash', { a: '1', b: '2' })
      .hGetAll('hash')
      .zAdd('zset', [
        { score: 1.5, value: 'x' },
        { score: 2, value: 'y' },
      ])
      .zRangeWithScores('zset', 0, -1)
      .sAdd('set', ['m'])
      .sMembers('set')
      .exec();
    expect(replies).toEqual([
      'OK',
      2,
      { a: '1', b: '2' },
      2,
      [
        { value: 'x', score: 1.5 },
        { value: 'y', score: 2 },
      ],
      1,
      ['m'],
    ]);
    expect(await client.multi().incr('n').incr('n').execAsPipeline()).toEqual([1, 2]);
  });

  it('refuses transactions that cannot be queued, and tells which command failed', async () => {
    await client.set('text', 'abc');
    await expect(client.multi().incr('text').set('other', '1').exec()).rejects.toThrow();
    expect(await client.get('other')).toBe('1');
    await expect(client.multi().set('never', '1').addCommand(['SET', 'never']).exec()).rejects.toThrow(
      /EXECABORT|wrong number of arguments/,
    );
    expect(await client.exists('never')).toBe(0);
  });

  it('watches keys', async () => {
    await withClient(async (own) => {
      await own.set('balance', '10');
      await own.watch('balance');
      await other.set('balance', '20');
      await expect(own.multi().set('balance', '11').exec()).rejects.toThrow(
        'One (or more) of the watched keys',
      );
      await own.watch('balance');
      expect(await own.multi().incr('balance').exec()).toEqual([21]);
    });
  });

  it('subscribes to channels, patterns and sharded channels, and unsubscribes', async () => {
    await withClient(async (own) => {
      const heard: string[] = [];
      const listener = (message: string, channel: string) => heard.push(`${channel}: ${message}`);
      await own.subscribe('news', listener);
      await own.pSubscribe('n*s', listener);
      await own.sSubscribe('shard', listener);
      expect(await client.publish('news', 'one')).toBe(2);
      expect(await client.publish('nothings', 'two')).toBe(1);
      expect(await client.sPublish('shard', 'three')).toBe(1);
      await eventually('four arrived', () => heard.length === 4);
      expect(heard).toEqual(['news: one', 'news: one', 'nothings: two', 'shard: three']);
      expect(await client.pubSubChannels()).toEqual(['news']);
      expect(await client.pubSubNumSub(['news', 'absent'])).toEqual({ news: 1, absent: 0 });
      expect(await client.pubSubShardChannels()).toEqual(['shard']);
      await own.unsubscribe('news');
      await own.pUnsubscribe();
      await own.sUnsubscribe('shard');
      expect(await client.publish('news', 'five')).toBe(0);
      expect(await client.sPublish('shard', 'six')).toBe(0);
      expect(await own.get('absent')).toBeNull();
    });
  });

  it('hears bytes', async () => {
    await withClient(async (own) => {
      const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      let got: Buffer | undefined;
      await own.subscribe(
        'binary',
        (message) => {
          got = message;
        },
        true,
      );
      await client.publish('binary', every);
      await eventually('they arrive', () => got !== undefined);
      expect(got).toEqual(every);
    });
  });

  it('uses one connection for commands and messages with RESP3, and is told of it with RESP2', async () => {
    await withClient(async (own) => {
      const heard: string[] = [];
      await own.subscribe('own', (message) => heard.push(message));
      if (RESP === 2) {
        await expect(own.set('key', 'value')).rejects.toThrow(
          /^ERR Can't execute 'set': only .* are allowed/,
        );
        return;
      }
      await own.set('key', 'value');
      expect(await own.publish('own', 'to myself')).toBe(1);
      expect(await own.get('key')).toBe('value');
      await eventually('it arrives', () => heard.length === 1);
    });
  });

  it('hears of keys that change and expire', async () => {
    await client.configSet('notify-keyspace-events', 'KEA');
    await withClient(async (own) => {
      const heard: string[] = [];
      await own.pSubscribe('__key*__:*', (message, channel) => heard.push(`${channel} ${message}`));
      await client.set('k', 'v', { expiration: { type: 'PX', value: 20 } });
      await eventually('it expires', () => heard.includes('__keyevent@0__:expired k'));
      expect(heard).toEqual([
        '__keyspace@0__:k set',
        '__keyevent@0__:set k',
        '__keyspace@0__:k expire',
        '__keyevent@0__:expire k',
        '__keyspace@0__:k expired',
        '__keyevent@0__:expired k',
      ]);
    });
    await client.configSet('notify-keyspace-events', '');
  });

  it('waits for elements', async () => {
    await withClient(async (own) => {
      const popped = own.blPop(['left', 'right'], 0);
      await eventually('it waits', somebodyWaits);
      await other.rPush('right', 'come');
      expect(await popped).toEqual({ key: 'right', element: 'come' });
      const least = own.bzPopMin('zset', 0);
      await eventually('it waits', somebodyWaits);
      await other.zAdd('zset', { score: 2.5, value: 'm' });
      expect(await least).toEqual({ key: 'zset', value: 'm', score: 2.5 });
      expect(await own.blMove('a', 'b', 'LEFT', 'RIGHT', 0.01)).toBeNull();
    });
  });

  it('adds to streams and reads them as they grow', async () => {
    expect(await client.xAdd('log', '1-1', { level: 'info', text: 'begun' })).toBe('1-1');
    expect(await client.xRange('log', '-', '+')).toMatchObject([
      { id: '1-1', message: { level: 'info', text: 'begun' } },
    ]);
    await withClient(async (own) => {
      const reading = own.xRead({ key: 'log', id: '$' }, { BLOCK: 0 });
      await eventually('it waits', somebodyWaits);
      await other.xAdd('log', '2-0', { n: '1' });
      expect(await reading).toMatchObject([{ name: 'log', messages: [{ id: '2-0', message: { n: '1' } }] }]);
    });
    expect(await client.xTrim('log', 'MAXLEN', 1)).toBe(1);
    expect(await client.xInfoStream('log')).toMatchObject({ length: 1, 'last-generated-id': '2-0' });
  });

  it('shares streams in a group', async () => {
    expect(await client.xGroupCreate('log', 'crew', '0', { MKSTREAM: true })).toBe('OK');
    for (let i = 1; i <= 4; i++) await client.xAdd('log', `${i}-0`, { n: `${i}` });
    const read = (consumer: string) =>
      client.xReadGroup('crew', consumer, { key: 'log', id: '>' }, { COUNT: 2 });
    expect(await read('ann')).toMatchObject([{ name: 'log', messages: [{ id: '1-0' }, { id: '2-0' }] }]);
    expect(await read('bob')).toMatchObject([{ name: 'log', messages: [{ id: '3-0' }, { id: '4-0' }] }]);
    expect(await read('cyd')).toBeNull();
    expect(await client.xAck('log', 'crew', ['1-0', '9-0'])).toBe(1);
    expect(await client.xPending('log', 'crew')).toMatchObject({
      pending: 3,
      firstId: '2-0',
      lastId: '4-0',
      consumers: [
        { name: 'ann', deliveriesCounter: 1 },
        { name: 'bob', deliveriesCounter: 2 },
      ],
    });
    expect(await client.xAutoClaim('log', 'crew', 'bob', 0, '-', { COUNT: 1 })).toMatchObject({
      nextId: '3-0',
      messages: [{ id: '2-0', message: { n: '2' } }],
      deletedMessages: [],
    });
    const groups = await client.xInfoGroups('log');
    expect(groups).toMatchObject([{ name: 'crew', consumers: 3, pending: 3, 'entries-read': 4, lag: 0 }]);
  });

  it('defines scripts, which go by EVALSHA and by EVAL when they are not known', async () => {
    await client.set('stock', '5');
    expect(await client.takeAtMost('stock', 3)).toBe(3);
    expect(await other.takeAtMost('stock', 3)).toBe(2);
    await other.scriptFlush();
    expect(await client.takeAtMost('stock', 3)).toBe(0);
    await client.set('stock', '9');
    expect(await client.multi().takeAtMost('stock', 4).get('stock').exec()).toEqual([4, '5']);
  });

  it('evaluates scripts and gets their types', async () => {
    expect(
      await client.eval(`return {KEYS[1], ARGV[1], 3, false}`, { keys: ['k'], arguments: ['a'] }),
    ).toEqual(['k', 'a', 3, null]);
    await expect(client.eval(`return redis.error_reply('OWN text')`)).rejects.toThrow('OWN text');
    await client.hSet('hash', { a: '1' });
    // The script itself asks for RESP3; a client of RESP2 gets the pairs.
    const hash = await client.eval(`redis.setresp(3) return redis.call('HGETALL', KEYS[1])`, {
      keys: ['hash'],
    });
    expect(RESP === 3 ? { ...(hash as object) } : hash).toEqual(RESP === 3 ? { a: '1' } : ['a', '1']);
    const sha = await client.scriptLoad('return ARGV[1]');
    expect(await client.scriptExists([sha, 'f'.repeat(40)])).toEqual([1, 0]);
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const bytes = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
    expect(await bytes.evalSha(sha, { arguments: [every] as unknown as string[] })).toEqual(every);
    await expect(client.evalSha('f'.repeat(40))).rejects.toThrow(/^NOSCRIPT /);
    expect(await client.evalRo('return 1')).toBe(1);
    await expect(client.evalRo(`return redis.call('SET', KEYS[1], '1')`, { keys: ['k'] })).rejects.toThrow(
      'Write commands are not allowed from read-only scripts',
    );
  });
});
