import { describe, expect, it } from 'vitest';
import { CommandHarness } from '../commands/commandHarness.ts';
import { ErrorReply } from '../protocol/respReader.ts';
import { ByteWiseHash } from './hashing.ts';
import { createStorage, STORAGE_NAMES } from './storageVariants.ts';

/** A shard over its limit by the bytes of a collection that stands among small strings. */
function start(arena: boolean, policy: string): CommandHarness {
  return new CommandHarness({ arena, configuration: { 'maxmemory-policy': policy } });
}

const bigHash = (h: CommandHarness, key: string): void => {
  for (let i = 0; i < 1000; i++) h.run('HSET', key, `f${i}`, 'x'.repeat(100));
};

describe.each([true, false])('eviction, arena %s', (arena) => {
  it('sees the bytes of a hash, and evicts it', () => {
    const h = start(arena, 'allkeys-lru');
    bigHash(h, 'h');
    const hashBytes = h.server.storage.collectionsBytes();
    expect(hashBytes).toBeGreaterThan(100_000);
    h.advance(60_000);
    for (let i = 0; i < 10; i++) h.run('SET', `s${i}`, 'v');
    h.run('CONFIG', 'SET', 'maxmemory', String(h.server.usedMemoryBytes() - 1));
    // Ten strings and the hash, five samples: the hash is the oldest, so it goes when it is drawn.
    while (h.run('EXISTS', 'h') === 1) {
      h.run('SET', 'one more', 'x'.repeat(1000));
      expect(h.server.stats.evictedKeys).toBeGreaterThan(0);
      for (let i = 0; i < 10; i++) h.run('SET', `s${i}`, 'v');
    }
    // A large collection is released in slices: its bytes go with its fields.
    h.advance(1000);
    expect(h.server.storage.collectionsBytes()).toBe(0);
  });

  it('refuses writes that need memory under noeviction, and takes them again when the hash has gone', () => {
    const h = start(arena, 'noeviction');
    bigHash(h, 'h');
    h.run('CONFIG', 'SET', 'maxmemory', '100000');
    expect((h.run('HSET', 'h', 'f', 'v') as ErrorReply).message).toMatch(/^OOM /);
    expect(h.run('HDEL', 'h', 'f0')).toBe(1);
    expect(h.run('DEL', 'h')).toBe(1);
    expect(h.run('HSET', 'h', 'f', 'v')).toBe(1);
  });

  it('lets a command run after so many evictions, and comes down over the next ones', () => {
    const h = start(arena, 'allkeys-random');
    for (let i = 0; i < 500; i++) h.run('SET', `k${i}`, 'x'.repeat(1000));
    h.run('CONFIG', 'SET', 'maxmemory', '200000');
    h.run('SET', 'k', 'v');
    expect(h.server.stats.evictedKeys).toBe(64);
    for (let i = 0; i < 10; i++) expect(h.run('SET', 'k', 'v')).not.toBeInstanceOf(ErrorReply);
    expect(h.server.usedMemoryBytes()).toBeLessThan(210_000);
    expect(h.run('DBSIZE')).toBeGreaterThan(50);
  });

  it('refuses when there is nothing left that may be evicted', () => {
    const h = start(arena, 'volatile-ttl');
    bigHash(h, 'h');
    h.run('CONFIG', 'SET', 'maxmemory', '100000');
    expect((h.run('SET', 'k', 'v') as ErrorReply).message).toMatch(/^OOM /);
    h.run('EXPIRE', 'h', 1000);
    expect(h.run('SET', 'k', 'v')).toBe('OK');
    expect(h.run('EXISTS', 'h')).toBe(0);
  });
});

describe.each(STORAGE_NAMES)('a limit that is lowered, %s', (name) => {
  it('is reached by evicting what must go and not all', () => {
    const h = new CommandHarness({
      configuration: { 'maxmemory-policy': 'allkeys-random' },
      variants: { createStorage: (rng) => createStorage(name, new ByteWiseHash(rng)) },
    });
    for (let i = 0; i < 5000; i++) h.run('SET', `key:${i}`, 'x'.repeat(i % 50));
    const limit = h.server.usedMemoryBytes() / 2;
    h.run('CONFIG', 'SET', 'maxmemory', String(Math.floor(limit)));
    for (let ticks = 0; h.server.usedMemoryBytes() > limit && ticks < 10_000; ticks++) h.advance(100);
    expect(h.server.usedMemoryBytes()).toBeLessThanOrEqual(limit);
    expect(h.run('DBSIZE')).toBeGreaterThan(1000);
  });
});
