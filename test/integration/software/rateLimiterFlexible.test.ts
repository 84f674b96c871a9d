/** rate-limiter-flexible, unmodified, over ioredis and node-redis, without an insurance limiter: whatever fails is seen. */
import { Redis } from 'ioredis';
import { BurstyRateLimiter, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer } from '../../requirements.ts';
import { startServerUnderTest } from './serverUnderTest.ts';

/** What a limiter has to say to a request: let in, or refused, with what is left. */
async function consume(
  limiter: RateLimiterRedis,
  key: string,
  points = 1,
): Promise<RateLimiterRes & { refused: boolean }> {
  try {
    return Object.assign(await limiter.consume(key, points), { refused: false });
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return Object.assign(refusal, { refused: true });
  }
}

describe.each(['ioredis', 'node-redis'])('rate-limiter-flexible over %s', (kind) => {
  let server: RunningServer;
  let observer: Redis;
  let storeClient: unknown;
  let disconnect: () => void;
  beforeAll(async () => {
    server = await startServerUnderTest();
    observer = new Redis(server.port);
    if (kind === 'ioredis') {
      const client = new Redis(server.port, { enableOfflineQueue: false, lazyConnect: true });
      await client.connect();
      storeClient = client;
      disconnect = () => client.disconnect();
    } else {
      const client = createClient({ socket: { host: '127.0.0.1', port: server.port } });
      await client.connect();
      storeClient = client;
      disconnect = () => client.destroy();
    }
  });
  afterAll(async () => {
    disconnect();
    observer.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await observer.flushall();
  });
  const limiterOf = (options: {
    points: number;
    duration: number;
    blockDuration?: number;
    keyPrefix?: string;
  }) =>
    new RateLimiterRedis({
      storeClient,
      useRedisPackage: kind === 'node-redis',
      keyPrefix: 'limit',
      ...options,
    });

  it('lets in as many as there are points', async () => {
    const limiter = limiterOf({ points: 3, duration: 100 });
    const seen = [];
    for (let i = 0; i < 5; i++) seen.push(await consume(limiter, 'user'));
    expect(seen.map(({ refused }) => refused)).toEqual([false, false, false, true, true]);
    expect(seen.map(({ remainingPoints }) => remainingPoints)).toEqual([2, 1, 0, 0, 0]);
    expect(seen.map(({ consumedPoints }) => consumedPoints)).toEqual([1, 2, 3, 4, 5]);
    expect(seen[0]!.isFirstInDuration).toBe(true);
    expect(seen[1]!.isFirstInDuration).toBe(false);
    expect(seen[4]!.msBeforeNext).toBeGreaterThan(50_000);
    expect(seen[4]!.msBeforeNext).toBeLessThanOrEqual(100_000);
    expect(await observer.get('limit:user')).toBe('5');
    expect((await consume(limiter, 'another')).refused).toBe(false);
  });

  it('counts requests of one instant exactly', async () => {
    const limiter = limiterOf({ points: 10, duration: 100 });
    const seen = await Promise.all(Array.from({ length: 50 }, () => consume(limiter, 'user')));
    expect(seen.filter(({ refused }) => !refused)).toHaveLength(10);
    expect((await limiter.get('user'))!.consumedPoints).toBe(50);
  });

  it('punishes, rewards, reads, sets and forgets', async () => {
    const limiter = limiterOf({ points: 5, duration: 100 });
    expect(await limiter.get('user')).toBeNull();
    expect((await limiter.penalty('user', 4)).consumedPoints).toBe(4);
    expect((await limiter.reward('user', 2)).consumedPoints).toBe(2);
    expect(await limiter.get('user')).toMatchObject({ consumedPoints: 2, remainingPoints: 3 });
    expect((await consume(limiter, 'user', 4)).refused).toBe(true);
    await limiter.set('user', 1, 50);
    expect((await limiter.get('user'))!.consumedPoints).toBe(1);
    expect(await observer.ttl('limit:user')).toBeLessThanOrEqual(50);
    expect(await limiter.delete('user')).toBe(true);
    expect(await limiter.delete('user')).toBe(false);
    expect(await limiter.get('user')).toBeNull();
  });

  it('blocks, by itself and when told', async () => {
    const limiter = limiterOf({ points: 1, duration: 100, blockDuration: 1000 });
    expect((await consume(limiter, 'user')).refused).toBe(false);
    const blocked = await consume(limiter, 'user');
    expect(blocked.refused).toBe(true);
    expect(blocked.msBeforeNext).toBe(1_000_000);
    expect(await observer.ttl('limit:user')).toBeGreaterThan(900);

    await limiter.block('another', 500);
    expect((await consume(limiter, 'another')).refused).toBe(true);
    expect(await observer.ttl('limit:another')).toBeGreaterThan(400);
  });

  it('begins anew when the duration is over, and keeps points without one', async () => {
    const brief = limiterOf({ points: 1, duration: 100 });
    expect((await consume(brief, 'user')).refused).toBe(false);
    expect((await consume(brief, 'user')).refused).toBe(true);
    await observer.pexpire('limit:user', 5);
    await eventually('the duration is over', async () => (await brief.get('user')) === null);
    expect(await consume(brief, 'user')).toMatchObject({ refused: false, isFirstInDuration: true });

    const endless = limiterOf({ points: 2, duration: 0, keyPrefix: 'endless' });
    await consume(endless, 'user');
    expect(await observer.ttl('endless:user')).toBe(-1);
  });

  it('lets bursts borrow from a second limiter', async () => {
    const bursty = new BurstyRateLimiter(
      limiterOf({ points: 1, duration: 100 }),
      limiterOf({ points: 2, duration: 100, keyPrefix: 'burst' }),
    );
    const outcomes = [];
    for (let i = 0; i < 4; i++)
      outcomes.push(
        await bursty.consume('user').then(
          () => 'in',
          () => 'refused',
        ),
      );
    expect(outcomes).toEqual(['in', 'in', 'in', 'refused']);
  });
});
