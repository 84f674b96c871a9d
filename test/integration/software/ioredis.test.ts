/** ioredis, unmodified: what applications do with more than one command at a time, and with more than one connection. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer } from '../../requirements.ts';
import { startServerUnderTest } from './serverUnderTest.ts';

type Scripted = Redis & {
  takeAtMost(key: string, most: number): Promise<number>;
  echoBuffer(value: Buffer): Promise<Buffer>;
};

describe.each([2, 3] as const)('ioredis, RESP%i', (protocol) => {
  let server: RunningServer;
  let client: Redis;
  let other: Redis;
  beforeAll(async () => {
    server = await startServerUnderTest();
    client = new Redis(server.port, { protocol, maxRetriesPerRequest: 2 });
    other = new Redis(server.port, { protocol, maxRetriesPerRequest: 2 });
  });
  afterAll(async () => {
    client.disconnect();
    other.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await client.flushall();
  });
  const somebodyWaits = async () => (await client.info('clients')).includes('blocked_clients:1\r');
  /** Runs `use` with a connection of its own. */
  const withClient = async (use: (own: Redis) => Promise<void>, options = {}): Promise<void> => {
    const own = new Redis(server.port, { protocol, ...options });
    try {
      await use(own);
    } finally {
      own.disconnect();
    }
  };

  describe('pipelines', () => {
    it('match replies of every type', async () => {
      const replies = await client
        .pipeline()
        .rpush('list', 'a', 'b')
        .lrange('list', 0, -1)
        .sadd('set', 'x')
        .zadd('zset', 1.5, 'm')
        .zrange('zset', '0', '-1', 'WITHSCORES')
        .get('absent')
        .hset('hash', 'f', 'v')
        .lpush('hash', 'wrong')
        .exec();
      const values = replies!.map(([error, value]) => error?.message ?? value);
      expect(values.slice(0, 4)).toEqual([2, ['a', 'b'], 1, 1]);
      expect((values[4] as unknown[]).flat().map(String)).toEqual(['m', '1.5']);
      expect(values.slice(5, 7)).toEqual([null, 1]);
      expect(values[7]).toMatch(/^WRONGTYPE /);
    });

    it('hold a transaction among other commands', async () => {
      const pipeline = client.pipeline().set('n', 1).call('MULTI').incr('n').incr('n').call('EXEC').get('n');
      const replies = (await pipeline.exec())!;
      expect(replies.map(([, value]) => value)).toEqual(['OK', 'OK', 'QUEUED', 'QUEUED', [2, 3], '3']);
    });
  });

  describe('transactions', () => {
    it('run whole, errors in their places', async () => {
      const replies = (await client.multi().set('text', 'abc').incr('text').append('text', 'd').exec())!;
      expect(replies[0]).toEqual([null, 'OK']);
      expect(replies[1]![0]!.message).toMatch(/not an integer/);
      expect(replies[2]).toEqual([null, 4]);
    });

    it('are discarded, and refused when queueing failed', async () => {
      await client.multi({ pipeline: false });
      await client.set('never', '1');
      expect(await client.discard()).toBe('OK');
      expect(await client.exists('never')).toBe(0);

      await expect(client.multi().set('never', '1').call('SET', 'never').exec()).rejects.toThrow(
        /^EXECABORT /,
      );
      expect(await client.exists('never')).toBe(0);
    });

    it('come to nothing when a watched key has changed', async () => {
      await withClient(async (own) => {
        await own.set('balance', 10);
        await own.watch('balance');
        await other.set('balance', 20);
        expect(await own.multi().set('balance', 11).exec()).toBeNull();
        await own.watch('balance');
        expect(await own.multi().incr('balance').exec()).toEqual([[null, 21]]);
      });
    });
  });

  describe('pub/sub', () => {
    it('delivers by channel and by pattern, bytes as they are', async () => {
      await withClient(async (own) => {
        const heard: string[] = [];
        own.on('message', (channel, message) => heard.push(`${channel}: ${message}`));
        own.on('pmessage', (pattern, channel, message) => heard.push(`${pattern} ${channel}: ${message}`));
        let bytes: Buffer | undefined;
        own.on('messageBuffer', (_, message) => {
          bytes = message;
        });
        expect(await own.subscribe('news', 'binary')).toBe(2);
        expect(await own.psubscribe('n*s')).toBe(3);
        expect(await client.publish('news', 'one')).toBe(2);
        expect(await client.publish('nothings', 'two')).toBe(1);
        expect(await client.publish('elsewhere', 'three')).toBe(0);
        await eventually('three arrived', () => heard.length === 3);
        expect(heard).toEqual(['news: one', 'n*s news: one', 'n*s nothings: two']);
        const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
        await client.publish('binary', every);
        await eventually('the bytes arrived', () => bytes?.equals(every) === true);

        expect(await own.unsubscribe('news')).toBe(2);
        expect(await client.publish('news', 'four')).toBe(1);
        expect(await client.pubsub('CHANNELS')).toEqual(['binary']);
        expect(await client.pubsub('NUMSUB', 'binary', 'news')).toEqual(['binary', 1, 'news', 0]);
      });
      await eventually('it is gone', async () => Number(await client.pubsub('NUMPAT')) === 0);
    });

    it('subscribes again by itself after its connection broke', async () => {
      await withClient(
        async (own) => {
          const heard: string[] = [];
          own.on('message', (_, message) => heard.push(message));
          await own.subscribe('news');
          expect(await client.call('CLIENT', 'KILL', 'TYPE', 'pubsub')).toBe(1);
          await eventually('somebody hears', async () => Number(await client.publish('news', 'back')) === 1);
          await eventually('the message arrived', () => heard.includes('back'));
        },
        { retryStrategy: () => 10 },
      );
    });
  });

  describe('blocking commands', () => {
    it('wait for another connection', async () => {
      await withClient(async (own) => {
        const popped = own.blpop('left', 'right', 0);
        await eventually('it waits', somebodyWaits);
        await other.rpush('right', 'come');
        expect(await popped).toEqual(['right', 'come']);
        expect(await own.brpop('nothing', 0.01)).toBeNull();
      });
    });
  });

  describe('streams', () => {
    it('are added to, read and trimmed', async () => {
      expect(await client.xadd('log', '1-1', 'level', 'info', 'text', 'begun')).toBe('1-1');
      expect(await client.xadd('log', '1-*', 'level', 'warn')).toBe('1-2');
      await expect(client.xadd('log', '1-1', 'a', 'b')).rejects.toThrow('equal or smaller');
      expect(await client.xrange('log', '-', '+')).toEqual([
        ['1-1', ['level', 'info', 'text', 'begun']],
        ['1-2', ['level', 'warn']],
      ]);
      expect(await client.xlen('log')).toBe(2);
      await client.xadd('log', 'MAXLEN', 2, '2-0', 'level', 'error');
      expect((await client.xrange('log', '-', '+')).map(([id]) => id)).toEqual(['1-2', '2-0']);
    });

    it('are read as they grow', async () => {
      await withClient(async (own) => {
        const reading = own.xread('COUNT', 10, 'BLOCK', 0, 'STREAMS', 'log', '$');
        await eventually('it waits', somebodyWaits);
        await other.xadd('log', '5-0', 'n', '1');
        const entry = ['5-0', ['n', '1']];
        const [stream, entries] = streamOf(await reading);
        expect(stream).toBe('log');
        expect(entries).toEqual([entry]);
      });
    });

    it('are shared by a group', async () => {
      expect(await client.xgroup('CREATE', 'log', 'crew', '0', 'MKSTREAM')).toBe('OK');
      for (let i = 1; i <= 4; i++) await client.xadd('log', `${i}-0`, 'n', i);
      const read = async (consumer: string): Promise<unknown[]> =>
        streamOf(await client.xreadgroup('GROUP', 'crew', consumer, 'COUNT', 2, 'STREAMS', 'log', '>'))[1];
      expect(await read('ann')).toEqual([
        ['1-0', ['n', '1']],
        ['2-0', ['n', '2']],
      ]);
      expect(await read('bob')).toHaveLength(2);
      expect(await client.xack('log', 'crew', '1-0', '9-0')).toBe(1);
      expect(await client.xpending('log', 'crew')).toEqual([
        3,
        '2-0',
        '4-0',
        [
          ['ann', '1'],
          ['bob', '2'],
        ],
      ]);
      const claimed = (await client.xautoclaim('log', 'crew', 'bob', 0, '-', 'COUNT', 1)) as unknown[];
      expect(claimed).toEqual(['3-0', [['2-0', ['n', '2']]], []]);
    });
  });

  describe('scripts', () => {
    it('are defined once and go by EVALSHA, and by EVAL when they are not known', async () => {
      client.defineCommand('takeAtMost', {
        numberOfKeys: 1,
        lua: `local have = tonumber(redis.call('GET', KEYS[1]) or '0')
              local take = math.min(have, tonumber(ARGV[1]))
              redis.call('DECRBY', KEYS[1], take)
              return take`,
      });
      client.defineCommand('echo', { numberOfKeys: 0, lua: 'return ARGV[1]' });
      const scripted = client as Scripted;
      await client.set('stock', 5);
      expect(await scripted.takeAtMost('stock', 3)).toBe(3);
      expect(await scripted.takeAtMost('stock', 3)).toBe(2);
      await other.script('FLUSH');
      expect(await scripted.takeAtMost('stock', 3)).toBe(0);
      const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      expect(await scripted.echoBuffer(every)).toEqual(every);
    });

    it('run inside pipelines and transactions', async () => {
      client.defineCommand('takeAtMost', {
        numberOfKeys: 1,
        lua: `return redis.call('DECRBY', KEYS[1], ARGV[1])`,
      });
      await client.set('stock', 5);
      await other.script('FLUSH');
      const pipeline = client.pipeline() as unknown as {
        takeAtMost(key: string, n: number): void;
      } & ReturnType<Redis['pipeline']>;
      for (let i = 0; i < 3; i++) pipeline.takeAtMost('stock', 1);
      expect((await pipeline.exec())!.map(([, left]) => left)).toEqual([4, 3, 2]);
      expect(await client.multi().eval(`return {1, 'two', {3}, false}`, 0).exec()).toEqual([
        [null, [1, 'two', [3], null]],
      ]);
    });

    it('give errors and types back as the client expects them', async () => {
      await expect(client.eval(`return redis.error_reply('OWN text')`, 0)).rejects.toThrow('OWN text');
      await expect(client.eval(`return redis.call('INCR', KEYS[1], 'x')`, 1, 'k')).rejects.toThrow(
        /^ERR Wrong number of args calling Redis command from script/,
      );
      await expect(client.eval('return no.such', 0)).rejects.toThrow(
        /Script attempted to access nonexistent global variable 'no'/,
      );
      expect(await client.eval(`return redis.status_reply('FINE')`, 0)).toBe('FINE');
      expect(await client.eval('return 3.99', 0)).toBe(3);
      expect(await client.eval('return {1, nil, 3}', 0)).toEqual([1]);
      const sha = (await client.script('LOAD', 'return 7')) as string;
      expect(await client.script('EXISTS', sha, 'f'.repeat(40))).toEqual([1, 0]);
      expect(await client.evalsha(sha, 0)).toBe(7);
      await expect(client.evalsha('f'.repeat(40), 0)).rejects.toThrow(/^NOSCRIPT /);
    });
  });

  it('MONITOR shows what others do', async () => {
    const monitor = await client.monitor();
    try {
      const seen: string[][] = [];
      monitor.on('monitor', (_, words: string[]) => seen.push(words));
      await client.set('watched', 'a "quoted" value');
      await eventually('it is shown', () => seen.some(([, key]) => key === 'watched'));
      expect(seen.find(([, key]) => key === 'watched')!.map((word) => word.toLowerCase())).toEqual([
        'set',
        'watched',
        'a "quoted" value',
      ]);
    } finally {
      monitor.disconnect();
    }
  });
});

/** Name and entries of the one stream in a reply of XREAD: pairs in RESP2, a map in RESP3. */
function streamOf(reply: unknown): [string, unknown[]] {
  if (Array.isArray(reply)) return (Array.isArray(reply[0]) ? reply[0] : reply) as [string, unknown[]];
  return Object.entries(reply as Record<string, unknown[]>)[0]!;
}
