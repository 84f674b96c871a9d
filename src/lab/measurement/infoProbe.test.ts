import { describe, expect, it } from 'vitest';
import { parseInfo, serverFacts, serverLabel } from './infoProbe.ts';

const redis = `# Server\r\nredis_version:7.4.1\r\nprocess_id:20235\r\ntcp_port:21001\r\nexecutable:/opt/redis-server\r\n
# Memory\r\nused_memory:986992\r\nused_memory_human:963.86K\r\nused_memory_rss:6918144\r\nmem_allocator:jemalloc-5.3.0\r\n
# Stats\r\ntotal_commands_processed:7\r\nkeyspace_hits:3\r\nkeyspace_misses:1\r\n
# Keyspace\r\ndb0:keys=12,expires=3,avg_ttl=0,subexpiry=0\r\ndb5:keys=30,expires=0,avg_ttl=0,subexpiry=0\r\n`;

describe('INFO', () => {
  it('is read into a flat map, values as they stand', () => {
    const info = parseInfo(redis);
    expect(info.get('redis_version')).toBe('7.4.1');
    expect(info.get('used_memory_human')).toBe('963.86K');
    expect(parseInfo('listener0:name=tcp,bind=127.0.0.1:7000\n').get('listener0')).toBe(
      'name=tcp,bind=127.0.0.1:7000',
    );
  });

  it('gives the facts of a Redis', () => {
    expect(serverFacts(parseInfo(redis))).toEqual({
      redisVersion: '7.4.1',
      pid: 20235,
      tcpPort: 21001,
      usedMemoryBytes: 986992,
      usedMemoryRssBytes: 6918144,
      allocator: 'jemalloc-5.3.0',
      keys: 42,
      keyspaceHits: 3,
      keyspaceMisses: 1,
      commandsProcessed: 7,
    });
  });

  it('does not believe nonsense', () => {
    const facts = serverFacts(
      parseInfo('redis_version:\nused_memory:-5\nprocess_id:12x\ndb0:keys=many\nkeyspace_hits:0'),
    );
    expect(facts).toEqual({ keys: 0, keyspaceHits: 0 });
    expect(serverFacts(parseInfo(''))).toEqual({});
  });
});

describe('server label', () => {
  it('says what INFO said, never more', () => {
    expect(serverLabel({ redisVersion: '7.0.15' })).toBe('Redis 7.0.15');
    expect(serverLabel({})).toBe('unknown server');
    expect(serverLabel({ redisVersion: '7.4.1', evenkeelVersion: '0.1.0' })).toBe('Evenkeel 0.1.0');
  });

  it('names the flags in the shortest true way', () => {
    const known = ['arena', 'batch', 'cache', 'delta', 'expiry'];
    const label = (text: string) =>
      serverLabel(serverFacts(parseInfo(`evenkeel_version:0.1.0\nevenkeel_flags:${text}\n`)), known);
    expect(label('')).toBe('Evenkeel 0.1.0 (no flags)');
    expect(label('arena,batch')).toBe('Evenkeel 0.1.0 (arena, batch)');
    expect(label('arena,batch,cache,delta')).toBe('Evenkeel 0.1.0 (all flags but expiry)');
    expect(label('arena,batch,cache,delta,expiry')).toBe('Evenkeel 0.1.0 (all flags)');
    expect(serverLabel({ evenkeelVersion: '1.0.0', flags: ['a', 'b', 'c', 'd'] })).toBe(
      'Evenkeel 1.0.0 (4 flags)',
    );
  });
});
