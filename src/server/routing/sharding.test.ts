/** What clients see of several shards, where it is not the same command on one of them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { loadVariants } from '../../main/variants.ts';
import { encodeRequest, type HarnessClient } from '../commands/commandHarness.ts';
import { ErrorReply } from '../protocol/respReader.ts';
import { ShardedHarness } from './shardedHarness.ts';
import { ShardPosition } from './slots.ts';

const SHARDS = 3;
let server: ShardedHarness;
let client: HarnessClient;

const start = (mailboxCapacity = 64): Promise<ShardedHarness> =>
  ShardedHarness.start({
    shards: SHARDS,
    seed: 5,
    mailboxCapacity,
    configuration: { 'enable-debug-command': 'yes' },
    variants: (placement) => loadVariants(new Set(['arena-storage', 'bulk-shards']), placement),
  });
const run = (...words: (string | number)[]): unknown => server.run(client, ...words);

/** A key that lives on `shard`. */
function keyOn(shard: number, prefix = 'key'): string {
  const position = new ShardPosition(shard, SHARDS);
  for (let i = 0; ; i++) {
    const key = Buffer.from(`${prefix}${i}`);
    if (position.owns(key, 0, key.length)) return key.toString();
  }
}

beforeEach(async () => {
  server = await start();
  client = server.connect(0);
});

describe('requests that go to another shard', () => {
  it('are answered in the order of asking, whichever shard is first', () => {
    const asked = [2, 0, 1, 0, 2, 1].flatMap((shard, i) => [
      ['SET', keyOn(shard), `v${i}`],
      ['GET', keyOn(shard)],
    ]);
    const replies = server.send(client, Buffer.concat(asked.map(encodeRequest))).toString();
    expect(replies).toBe([0, 1, 2, 3, 4, 5].map((i) => `+OK\r\n$2\r\nv${i}\r\n`).join(''));
  });

  it('are not waited for by the execution of later ones', () => {
    client.send(
      Buffer.concat(
        [
          ['SET', keyOn(1), 'far'],
          ['SET', keyOn(0), 'near'],
        ].map(encodeRequest),
      ),
    );
    expect(server.shards[0]!.server.databases[0]!.keyspace.count).toBe(1);
    expect(client.takeOutput()).toHaveLength(0);
    server.post.deliverAll();
    expect(client.takeOutput().toString()).toBe('+OK\r\n+OK\r\n');
  });

  it.each([64, 1])(
    'stop the reading of a long pipeline and let it go on, mailboxes of %i',
    async (capacity) => {
      server = await start(capacity);
      client = server.connect(0);
      const key = keyOn(1);
      const count = 3000;
      const pipeline = Buffer.concat(Array.from({ length: count }, () => encodeRequest(['INCR', key])));
      client.send(pipeline);
      expect(client.socket.paused).toBe(true);
      server.post.deliverAll();
      expect(client.socket.paused).toBe(false);
      expect(client.takeOutput().toString()).toBe(
        Array.from({ length: count }, (_, i) => `:${i + 1}\r\n`).join(''),
      );
    },
  );

  it('are answered before the connection ends, and silenced like any other', () => {
    const far = keyOn(2);
    const words = [
      ['CLIENT', 'REPLY', 'SKIP'],
      ['SET', far, 'silent'],
      ['GET', far],
      ['CLIENT', 'REPLY', 'OFF'],
      ['APPEND', far, '!'],
      ['CLIENT', 'REPLY', 'ON'],
      ['GET', far],
      ['QUIT'],
      ['SET', far, 'never'],
    ];
    expect(server.send(client, Buffer.concat(words.map(encodeRequest))).toString()).toBe(
      '$6\r\nsilent\r\n+OK\r\n$7\r\nsilent!\r\n+OK\r\n',
    );
    expect(client.socket.ended).toBe(true);
    client = server.connect(1);
    expect(run('GET', far)).toBe('silent!');
  });

  it('are forgotten when their client leaves', () => {
    client.send(encodeRequest(['SET', keyOn(1), 'v']));
    client.close();
    server.post.deliverAll();
    expect(client.takeOutput()).toHaveLength(0);
    client = server.connect(2);
    expect(run('GET', keyOn(1))).toBe('v');
  });
});

describe('commands on several keys', () => {
  it('refuse keys of different shards where they cannot be split, and change nothing', () => {
    const [near, far] = [keyOn(0), keyOn(1)];
    for (const words of [
      ['MSETNX', near, '1', far, '2'],
      ['RENAME', near, far],
      ['COPY', near, far],
      ['LCS', near, far],
      ['SORT', near, 'STORE', far],
    ]) {
      expect(run(...words)).toEqual(new ErrorReply("CROSSSLOT Keys in request don't hash to the same slot"));
    }
    expect(run('DBSIZE')).toBe(0);
    expect(run('MSETNX', `{${far}}a`, '1', `{${far}}b`, '2')).toBe(1);
    expect(run('RENAME', `{${far}}a`, `{${far}}c`)).toBe('OK');
  });

  it('refuse SORT by patterns whose keys may live anywhere', () => {
    const far = keyOn(1);
    expect(String(run('SORT', far, 'BY', 'w_*'))).toContain('BY option of SORT denied');
    expect(String(run('SORT', far, 'GET', 'w_*'))).toContain('GET option of SORT denied');
    expect(run('SORT', far, 'BY', `w_*{${far}}`, 'GET', '#')).toEqual([]);
    expect(run('SORT', far, 'BY', 'nosort')).toEqual([]);
  });
});

describe('SCAN', () => {
  it('returns every key that is there throughout, while others come and go', () => {
    const stays = Array.from({ length: 500 }, (_, i) => `stays${i}`);
    for (const key of stays) run('SET', key, 'v');
    const seen = new Set<string>();
    let cursor = '0';
    let calls = 0;
    do {
      const [next, keys] = run('SCAN', cursor, 'COUNT', 7) as [string, string[]];
      for (const key of keys) seen.add(key);
      for (let i = 0; i < 20; i++) run('SET', `comes${calls}:${i}`, 'v');
      for (let i = 0; i < 10; i++) run('DEL', `comes${calls}:${i}`);
      cursor = next;
      calls++;
      expect(calls).toBeLessThan(10_000);
    } while (cursor !== '0');
    expect(stays.filter((key) => !seen.has(key))).toEqual([]);
  });

  it('matches, counts and tells types on every shard, its own and others', () => {
    for (let i = 0; i < 60; i++)
      run(i % 2 === 0 ? 'SET' : 'HSET', `k${i}`, 'f', ...(i % 2 === 0 ? [] : ['v']));
    for (const home of [0, 1, 2]) {
      client = server.connect(home);
      const found: string[] = [];
      let cursor = '0';
      do {
        const [next, keys] = run('SCAN', cursor, 'MATCH', 'k?', 'TYPE', 'hash') as [string, string[]];
        found.push(...keys);
        cursor = next;
      } while (cursor !== '0');
      expect(found.toSorted()).toEqual(['k1', 'k3', 'k5', 'k7', 'k9']);
    }
    expect(String(run('SCAN', 'x'))).toContain('invalid cursor');
  });
});

describe('the server as a whole', () => {
  it('draws RANDOMKEY from all shards', () => {
    expect(run('RANDOMKEY')).toBe(null);
    const keys = [0, 1, 2].map((shard) => keyOn(shard));
    for (const key of keys) run('SET', key, 'v');
    const drawn = new Set(Array.from({ length: 200 }, () => run('RANDOMKEY')));
    expect([...drawn].toSorted()).toEqual(keys.toSorted());
  });

  it('numbers, lists and kills the clients of all shards', () => {
    const others = [1, 2, 1].map((shard) => server.connect(shard));
    const ids = [client, ...others].map((each) => server.run(each, 'CLIENT', 'ID') as number);
    expect(new Set(ids).size).toBe(4);
    const listed = [...(run('CLIENT', 'LIST') as string).matchAll(/^id=(\d+)/gm)].map((match) =>
      Number(match[1]),
    );
    expect(listed).toEqual(expect.arrayContaining(ids));
    expect(listed).toEqual(listed.toSorted((a, b) => a - b));
    expect(run('CLIENT', 'LIST', 'ID', ids[3]!, ids[1]!)).toMatch(
      new RegExp(`^id=${ids[3]} .*\nid=${ids[1]} `),
    );
    expect(run('CLIENT', 'KILL', 'ID', ids[2]!)).toBe(1);
    expect(others[1]!.socket.ended).toBe(true);
    expect(run('CLIENT', 'KILL', '1.2.3.4:5')).toEqual(new ErrorReply('ERR No such client'));
  });

  it('sums INFO, and shows each shard', () => {
    for (let i = 0; i < 90; i++) run('SET', `k${i}`, 'v');
    run('MGET', 'k1', 'k2', 'k3', 'k4', 'k5', 'nokey');
    const info = run('INFO', 'everything') as string;
    expect(info).toMatch(/^db0:keys=90,/m);
    expect(info).toMatch(/^cmdstat_set:calls=90,/m);
    expect(info).toMatch(/^cmdstat_mget:calls=1,/m);
    expect(info).toMatch(/^keyspace_hits:5\r$/m);
    expect(info).toMatch(/^keyspace_misses:1\r$/m);
    const perShard = [...info.matchAll(/^shard\d:keys=(\d+),/gm)].map((match) => Number(match[1]));
    expect(perShard).toHaveLength(SHARDS);
    expect(perShard.reduce((sum, keys) => sum + keys)).toBe(90);
    expect(info.match(/^connected_clients:(\d+)/m)![1]).toBe(String(1 + SHARDS));
  });

  it('changes the configuration of all shards, or of none', () => {
    expect(run('CONFIG', 'SET', 'maxmemory', '3000', 'hash-max-listpack-entries', '4')).toBe('OK');
    expect(String(run('CONFIG', 'SET', 'maxmemory', 'x'))).toContain('CONFIG SET failed');
    for (const { server: shard } of server.shards) {
      expect(shard.configuration.number('maxmemory')).toBe(3000);
      expect(shard.memoryLimitBytes).toBe(1000);
    }
  });

  it('counts the connections of all shards against maxclients', () => {
    run('CONFIG', 'SET', 'maxclients', String(SHARDS + 1 + 1));
    expect(server.run(server.connect(1), 'PING')).toBe('PONG');
    const refused = server.connect(2);
    expect(refused.takeOutput().toString()).toBe('-ERR max number of clients reached\r\n');
  });
});

describe('transactions on several shards', () => {
  it('run whole on the shard of their keys, wherever the client is', () => {
    for (let shard = 0; shard < SHARDS; shard++) {
      const key = keyOn(shard, `t${shard}-`);
      run('MULTI');
      expect(run('SET', key, '1')).toBe('QUEUED');
      expect(run('INCR', key)).toBe('QUEUED');
      expect(run('PING')).toBe('QUEUED');
      expect(run('EXEC')).toEqual(['OK', 2, 'PONG']);
      expect(run('GET', key)).toBe('2');
      expect(run('EXEC')).toEqual(new ErrorReply('ERR EXEC without MULTI'));
    }
  });

  it('are refused with keys of several shards, and with what concerns all', () => {
    run('MULTI');
    run('SET', keyOn(0), 'a');
    expect(run('SET', keyOn(1), 'b')).toEqual(
      new ErrorReply("CROSSSLOT Keys in request don't hash to the same slot"),
    );
    expect(run('EXEC')).toEqual(
      new ErrorReply('EXECABORT Transaction discarded because of previous errors.'),
    );
    expect(run('EXISTS', keyOn(0))).toBe(0);
    run('MULTI');
    expect(run('DBSIZE')).toBeInstanceOf(ErrorReply);
    expect(run('EXEC')).toBeInstanceOf(ErrorReply);
  });

  it('watch keys of any one shard', () => {
    const other = server.connect();
    for (let shard = 0; shard < SHARDS; shard++) {
      const key = keyOn(shard);
      for (const touched of [true, false]) {
        expect(run('WATCH', key)).toBe('OK');
        if (touched) server.run(other, 'SET', key, 'changed');
        run('MULTI');
        run('GET', key);
        expect(run('EXEC')).toEqual(touched ? null : ['changed']);
      }
      run('WATCH', key);
      run('UNWATCH');
      server.run(other, 'SET', key, 'changed');
      run('MULTI');
      run('GET', key);
      expect(run('EXEC')).toEqual(['changed']);
    }
    run('WATCH', keyOn(0));
    expect(run('WATCH', keyOn(1))).toBeInstanceOf(ErrorReply);
    run('MULTI');
    run('GET', keyOn(1));
    expect(run('EXEC')).toBeInstanceOf(ErrorReply);
    expect(run('PING')).toBe('PONG');
  });

  it('leave nothing watched when a client goes', () => {
    const other = server.connect();
    for (let shard = 0; shard < SHARDS; shard++) {
      server.run(other, 'UNWATCH');
      server.run(other, 'WATCH', keyOn(shard));
    }
    other.close();
    server.post.deliverAll();
    for (const { server: shard } of server.shards) expect(shard.keyEvents.watched.keyCount).toBe(0);
  });
});

describe('waiting on several shards', () => {
  it.each([0, 1, 2])('is served by the shard of the key: %i', (shard) => {
    const key = keyOn(shard);
    const waiter = server.connect(0);
    expect(server.raw(waiter, 'BLPOP', key, '0').toString()).toBe('');
    expect(server.raw(waiter, 'PING').toString()).toBe('');
    expect(run('RPUSH', key, 'a', 'b')).toBe(2);
    server.advance(100);
    expect(waiter.takeOutput().toString()).toBe(`*2\r\n$${key.length}\r\n${key}\r\n$1\r\na\r\n+PONG\r\n`);
    expect(run('LLEN', key)).toBe(1);
  });

  it.each([0, 1, 2])('ends with its time, with CLIENT UNBLOCK and with its client: %i', (shard) => {
    const key = keyOn(shard);
    const waiter = server.connect(0);
    server.raw(waiter, 'BLPOP', key, '0.2');
    server.advance(500);
    expect(waiter.takeOutput().toString()).toBe('*-1\r\n');
    const id = server.run(waiter, 'CLIENT', 'ID') as number;
    server.raw(waiter, 'BLPOP', key, '0');
    expect(run('CLIENT', 'UNBLOCK', id, 'ERROR')).toBe(1);
    server.advance(100);
    expect(waiter.takeOutput().toString()).toBe('-UNBLOCKED client unblocked via CLIENT UNBLOCK\r\n');
    server.raw(waiter, 'BLPOP', key, '0');
    waiter.close();
    server.post.deliverAll();
    run('RPUSH', key, 'kept');
    expect(run('LLEN', key)).toBe(1);
    for (const each of server.shards) expect(each.server.blocked.count).toBe(0);
  });
});

describe('publish and subscribe on several shards', () => {
  it('reach subscribers wherever they are connected, and count them', () => {
    const subscribers = [0, 1, 2].map((shard) => server.connect(shard));
    for (const subscriber of subscribers) server.raw(subscriber, 'SUBSCRIBE', 'news');
    server.raw(subscribers[0]!, 'PSUBSCRIBE', 'n*');
    server.raw(subscribers[1]!, 'PSUBSCRIBE', 'n*');
    expect(run('PUBLISH', 'news', 'hello')).toBe(5);
    for (const subscriber of subscribers)
      expect(subscriber.takeOutput().toString()).toContain('message\r\n$4\r\nnews\r\n$5\r\nhello');
    expect(run('PUBSUB', 'CHANNELS')).toEqual(['news']);
    expect(run('PUBSUB', 'NUMSUB', 'news', 'none')).toEqual(['news', 3, 'none', 0]);
    expect(run('PUBSUB', 'NUMPAT')).toBe(1);
  });

  it('tell of keys of all shards', () => {
    run('CONFIG', 'SET', 'notify-keyspace-events', 'E$');
    const subscriber = server.connect(1);
    server.raw(subscriber, 'SUBSCRIBE', '__keyevent@0__:set');
    for (let shard = 0; shard < SHARDS; shard++) run('SET', keyOn(shard), 'v');
    const heard = subscriber.takeOutput().toString();
    for (let shard = 0; shard < SHARDS; shard++) expect(heard).toContain(`\r\n${keyOn(shard)}\r\n`);
  });
});

describe('scripts', () => {
  it('run where their keys are, and reach no others', () => {
    for (let shard = 0; shard < SHARDS; shard++) {
      const [here, there] = [keyOn(shard), keyOn((shard + 1) % SHARDS)];
      expect(run('EVAL', "return redis.call('SET', KEYS[1], 'v')", 1, here)).toBe('OK');
      expect(run('GET', here)).toBe('v');
      expect(String(run('EVAL', "return redis.call('GET', ARGV[1])", 1, here, there))).toContain(
        'non local key',
      );
      expect(String(run('EVAL', 'return 1', 2, here, there))).toContain('CROSSSLOT');
      expect(String(run('EVAL', "return redis.call('DBSIZE')", 1, here))).toContain('concerns all shards');
    }
  });

  it('and libraries are known to all shards, or to none', () => {
    const sha = run('SCRIPT', 'LOAD', "return redis.call('GET', KEYS[1])") as string;
    const code =
      "#!lua name=lib\nredis.register_function('f', function(keys) return redis.call('SET', keys[1], 'f') end)";
    expect(run('FUNCTION', 'LOAD', code)).toBe('lib');
    for (let shard = 0; shard < SHARDS; shard++) {
      expect(run('FCALL', 'f', 1, keyOn(shard))).toBe('OK');
      expect(run('EVALSHA', sha, 1, keyOn(shard))).toBe('f');
    }
    expect(run('SCRIPT', 'EXISTS', sha, 'other')).toEqual([1, 0]);
    expect(run('SCRIPT', 'FLUSH')).toBe('OK');
    expect(run('SCRIPT', 'EXISTS', sha)).toEqual([0]);
    expect(run('FUNCTION', 'DELETE', 'lib')).toBe('OK');
    expect(String(run('FCALL', 'f', 1, keyOn(2)))).toContain('Function not found');
  });
});
