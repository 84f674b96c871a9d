/** redlock, unmodified: locks that several processes contend for. Its scripts go by EVALSHA, and by EVAL where they are unknown. */
import { Redis } from 'ioredis';
import Redlock from 'redlock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually, type RunningServer } from '../../requirements.ts';
import { startServerUnderTest } from './serverUnderTest.ts';

/** Longer than any test: a lock ends before it only where the test says so. */
const LONG_MS = 60_000;

/** Its types know the signatures of older clients only; what it calls ioredis still has. */
const locksOver = (client: Redis, options: Redlock.Options): Redlock =>
  new Redlock([client as unknown as Redlock.CompatibleRedisClient], options);

describe('redlock', () => {
  let server: RunningServer;
  let first: Redis;
  let second: Redis;
  /** Of two processes: each has its connection. */
  let patient: Redlock;
  let impatient: Redlock;
  beforeAll(async () => {
    server = await startServerUnderTest();
    first = new Redis(server.port, { maxRetriesPerRequest: 2 });
    second = new Redis(server.port, { maxRetriesPerRequest: 2 });
    patient = locksOver(first, { retryCount: 500, retryDelay: 5, retryJitter: 5 });
    impatient = locksOver(second, { retryCount: 0 });
  });
  afterAll(async () => {
    first.disconnect();
    second.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await first.flushall();
    await first.script('FLUSH');
  });

  it('locks and releases', async () => {
    const lock = await impatient.lock('locks:account', LONG_MS);
    expect(await first.get('locks:account')).toBe(lock.value);
    expect(await first.pttl('locks:account')).toBeLessThanOrEqual(LONG_MS);
    await lock.unlock();
    expect(await first.exists('locks:account')).toBe(0);
  });

  it('refuses what somebody holds, and gives it after the release', async () => {
    const held = await patient.lock('locks:account', LONG_MS);
    await expect(impatient.lock('locks:account', LONG_MS)).rejects.toThrow(Redlock.LockError);
    expect(await first.get('locks:account')).toBe(held.value);
    await held.unlock();
    const next = await impatient.lock('locks:account', LONG_MS);
    expect(next.value).not.toBe(held.value);
  });

  it('extends a lock, and not one that was lost', async () => {
    const lock = await impatient.lock('locks:account', 5000);
    await lock.extend(LONG_MS);
    expect(await first.pttl('locks:account')).toBeGreaterThan(5000);
    expect(await first.get('locks:account')).toBe(lock.value);
    await first.set('locks:account', 'of another');
    await expect(lock.extend(LONG_MS)).rejects.toThrow(Redlock.LockError);
    await expect(lock.unlock()).rejects.toThrow('Unable to fully release');
    expect(await first.get('locks:account')).toBe('of another');
  });

  it('a lock ends by itself', async () => {
    const lock = await patient.lock('locks:account', 40);
    await eventually('it expires', async () => (await first.exists('locks:account')) === 0);
    await expect(lock.extend(LONG_MS)).rejects.toThrow('already expired');
    await impatient.lock('locks:account', LONG_MS);
  });

  it('locks several resources or none', async () => {
    const one = await impatient.lock('locks:b', LONG_MS);
    await expect(impatient.lock(['locks:a', 'locks:b', 'locks:c'], LONG_MS)).rejects.toThrow(
      Redlock.LockError,
    );
    expect(await first.keys('*')).toEqual(['locks:b']);
    await one.unlock();
    const all = await impatient.lock(['locks:a', 'locks:b', 'locks:c'], LONG_MS);
    expect((await first.keys('*')).sort()).toEqual(['locks:a', 'locks:b', 'locks:c']);
    await all.unlock();
    expect(await first.dbsize()).toBe(0);
  });

  it('lets one in at a time', async () => {
    const others = locksOver(second, { retryCount: 500, retryDelay: 5, retryJitter: 5 });
    let inside = 0;
    let insideMax = 0;
    const visit = async (locks: Redlock): Promise<void> => {
      const lock = await locks.lock('locks:door', LONG_MS);
      insideMax = Math.max(insideMax, ++inside);
      // Read and write apart: without the lock increments would be lost.
      const seen = Number(await first.get('visits'));
      await second.set('visits', seen + 1);
      inside--;
      await lock.unlock();
    };
    await Promise.all(Array.from({ length: 20 }, (_, i) => visit(i % 2 === 0 ? patient : others)));
    expect(insideMax).toBe(1);
    expect(await first.get('visits')).toBe('20');
  });
});
