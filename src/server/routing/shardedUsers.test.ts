/** Users of a server with several shards: all shards know them, and a right lost is lost wherever a request has got to. */
import { beforeEach, describe, expect, it } from 'vitest';
import { loadVariants } from '../../main/variants.ts';
import { encodeRequest, type HarnessClient } from '../commands/commandHarness.ts';
import { ShardedHarness } from './shardedHarness.ts';
import { ShardPosition } from './slots.ts';

const SHARDS = 3;
let server: ShardedHarness;
let admin: HarnessClient;
let client: HarnessClient;

const ask = (who: HarnessClient, ...words: (string | number)[]): string =>
  server.raw(who, ...words).toString('latin1');

function keyOn(shard: number): string {
  const position = new ShardPosition(shard, SHARDS);
  for (let i = 0; ; i++) {
    const key = Buffer.from(`key${i}`);
    if (position.owns(key, 0, key.length)) return key.toString();
  }
}

/** A session on shard 0 of the user `u`, of whose keys some are on each shard. */
beforeEach(async () => {
  server = await ShardedHarness.start({
    shards: SHARDS,
    seed: 7,
    configuration: { 'enable-debug-command': 'yes' },
    variants: (placement) => loadVariants(new Set(['arena-storage', 'bulk-shards']), placement),
  });
  admin = server.connect(1);
  client = server.connect(0);
  expect(ask(admin, 'ACL', 'SETUSER', 'u', 'on', 'nopass', '+@all', '%RW~key*', '&*')).toBe('+OK\r\n');
  expect(ask(client, 'AUTH', 'u', 'x')).toBe('+OK\r\n');
});

describe('users', () => {
  it('are known to all shards, and refused nowhere if it is wrong', () => {
    for (let shard = 0; shard < SHARDS; shard++)
      expect(server.shards[shard]!.server.access.users.all().map(({ name }) => name)).toEqual([
        'default',
        'u',
      ]);
    expect(ask(admin, 'ACL', 'SETUSER', 'v', '+bogus')).toContain('Unknown command');
    expect(ask(admin, 'ACL', 'DELUSER', 'u', 'v')).toBe(':1\r\n');
    expect(client.socket.ended).toBe(true);
    for (let shard = 0; shard < SHARDS; shard++)
      expect(server.shards[shard]!.server.access.users.get('u')).toBeUndefined();
  });

  it('are checked where they are connected', () => {
    for (let shard = 0; shard < SHARDS; shard++) {
      expect(ask(client, 'SET', keyOn(shard), 'x')).toBe('+OK\r\n');
      expect(ask(client, 'GET', `other${shard}`)).toBe('-NOPERM No permissions to access a key\r\n');
    }
    expect(ask(client, 'MGET', keyOn(0), keyOn(1), 'other')).toContain('-NOPERM');
    expect(ask(client, 'MGET', keyOn(0), keyOn(1))).toBe('*2\r\n$1\r\nx\r\n$1\r\nx\r\n');
  });

  it('need no right to the words in which shards speak to each other', () => {
    ask(admin, 'ACL', 'SETUSER', 'u', '-debug', '-unwatch');
    expect(ask(client, 'PUBSUB', 'NUMPAT')).toBe(':0\r\n');
    expect(ask(client, 'WATCH', keyOn(1))).toBe('+OK\r\n');
    expect(ask(client, 'RESET')).toBe('+RESET\r\n');
    expect(server.shards[1]!.server.keyEvents.watched.keyCount).toBe(0);
  });

  it('lose rights before EXEC on another shard', () => {
    const [kept, lost] = [keyOn(1), `{${keyOn(1)}}lost`];
    ask(admin, 'ACL', 'SETUSER', 'u', `~{${keyOn(1)}}*`);
    const queued = server.send(
      client,
      Buffer.concat([['MULTI'], ['SET', kept, 1], ['SET', lost, 1]].map(encodeRequest)),
    );
    expect(queued.toString()).toBe('+OK\r\n+QUEUED\r\n+QUEUED\r\n');
    ask(admin, 'ACL', 'SETUSER', 'u', 'resetkeys', '~key*');
    expect(ask(client, 'EXEC')).toMatch(
      /^\*2\r\n\+OK\r\n-NOPERM ACLs rules changed .* touch the specified keys\r\n$/,
    );
    expect(ask(admin, 'EXISTS', lost)).toBe(':0\r\n');
  });

  it.each(['~key*', '~*'])('lose rights to %s while they wait for a key of another shard', (keys) => {
    ask(admin, 'ACL', 'SETUSER', 'u', keys);
    expect(ask(client, 'BLPOP', keyOn(2), '0')).toBe('');
    ask(admin, 'ACL', 'SETUSER', 'u', 'resetkeys');
    expect(ask(admin, 'RPUSH', keyOn(2), 'x')).toBe(':1\r\n');
    expect(client.takeOutput().toString()).toBe('-NOPERM No permissions to access a key\r\n');
    expect(ask(admin, 'LLEN', keyOn(2))).toBe(':1\r\n');
  });

  it('may not read by SORT on another shard what they may not name', () => {
    const key = keyOn(2);
    ask(admin, 'RPUSH', key, 'b', 'a');
    expect(ask(client, 'SORT', key, 'ALPHA')).toBe('*2\r\n$1\r\na\r\n$1\r\nb\r\n');
    expect(ask(client, 'SORT', key, 'GET', '#')).toContain('GET option of SORT denied');
  });

  it('are logged together', () => {
    const far = server.connect(2);
    expect(ask(far, 'AUTH', 'u', 'x')).toBe('+OK\r\n');
    ask(client, 'GET', 'first');
    server.advance(100);
    ask(far, 'GET', 'second');
    server.advance(100);
    ask(client, 'GET', 'third');
    const objects = (...count: string[]): string[] =>
      [...ask(admin, 'ACL', 'LOG', ...count).matchAll(/object\r\n\$\d+\r\n(\w+)/g)].map((match) => match[1]!);
    expect(objects()).toEqual(['third', 'second', 'first']);
    expect(objects('2')).toEqual(['third', 'second']);
    const ids = [...ask(admin, 'ACL', 'LOG').matchAll(/entry-id\r\n:(\d+)/g)].map((match) => match[1]!);
    expect(new Set(ids).size).toBe(3);
    expect(ask(admin, 'INFO', 'stats')).toContain('acl_access_denied_key:3\r\n');
    expect(ask(admin, 'ACL', 'LOG', 'RESET')).toBe('+OK\r\n');
    expect(objects()).toEqual([]);
    expect(ask(admin, 'ACL', 'LOG', 'x')).toBe('-ERR value is not an integer or out of range\r\n');
  });
});
