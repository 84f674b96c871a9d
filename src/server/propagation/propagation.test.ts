/** What is told of commands: their forms, one by one, and that all of them together give the same data again. */
import { describe, expect, it } from 'vitest';
import { drawChunk } from '../../../test/differential/commandSource.ts';
import { Draw } from '../../../test/differential/universe.ts';
import { testSeed } from '../../../test/seed.ts';
import type { Argument, CommandHarness } from '../commands/commandHarness.ts';
import { create, told } from '../persistence/appendOnly/appendOnlyFixture.ts';

const SEED = testSeed();
const NOW = 1704067200000;

describe('what is told of a command', () => {
  it.each<[Argument[][], string[]]>([
    [[['SET', 'k', 'v', 'EX', 10]], [`SET k v PXAT ${NOW + 10_000}`]],
    [[['SET', 'k', 'v', 'NX', 'GET']], ['SET k v']],
    [[['SET', 'k', 'v', 'XX']], []],
    [[['GET', 'k']], []],
    [[['DEL', 'k']], []],
    [
      [
        ['PSETEX', 'k', 5, 'v'],
        ['GETDEL', 'k'],
      ],
      [`SET k v PXAT ${NOW + 5}`, 'DEL k'],
    ],
    [
      [
        ['SET', 'k', 'v'],
        ['EXPIRE', 'k', 10, 'NX'],
      ],
      ['SET k v', `PEXPIREAT k ${NOW + 10_000}`],
    ],
    [
      [
        ['SET', 'k', 'v'],
        ['EXPIRE', 'k', -1],
      ],
      ['SET k v', 'DEL k'],
    ],
    [
      [
        ['SET', 'k', '1.5'],
        ['INCRBYFLOAT', 'k', '1'],
      ],
      ['SET k 1.5', 'SET k 2.5 KEEPTTL'],
    ],
    [
      [
        ['SADD', 's', 'a'],
        ['SPOP', 's'],
      ],
      ['SADD s a', 'DEL s'],
    ],
    [
      [
        ['SADD', 's', 'a', 'a'],
        ['SPOP', 's', 0],
      ],
      ['SADD s a a'],
    ],
    [
      [
        ['RPUSH', 'l', 'a'],
        ['BLPOP', 'none', 'l', 0],
      ],
      ['RPUSH l a', 'LPOP l'],
    ],
    [
      [
        ['RPUSH', 'l', 'a'],
        ['LMPOP', 1, 'l', 'RIGHT', 'COUNT', 3],
      ],
      ['RPUSH l a', 'RPOP l 3'],
    ],
    [
      [
        ['ZADD', 'z', 1, 'a'],
        ['ZMPOP', 1, 'z', 'MAX', 'COUNT', '9223372036854775807'],
      ],
      ['ZADD z 1 a', 'ZPOPMAX z 9223372036854775807'],
    ],
    [[['XADD', 'x', '*', 'f', 'v']], [`XADD x ${NOW}-0 f v`]],
    [[['XADD', 'x', 'MAXLEN', '~', 10, 'LIMIT', 5, '1-*', 'f', 'v']], ['XADD x MAXLEN = 1 1-0 f v']],
    [
      [
        ['SELECT', 3],
        ['INCR', 'n'],
      ],
      ['SELECT 3', 'INCR n'],
    ],
    [[['MULTI'], ['INCR', 'a'], ['EXEC']], ['INCR a']],
    [
      [['MULTI'], ['INCR', 'a'], ['GET', 'a'], ['INCR', 'b'], ['EXEC']],
      ['MULTI', 'INCR a', 'INCR b', 'EXEC'],
    ],
    [[['FLUSHALL']], ['FLUSHALL']],
    [
      [
        ['RPUSH', 'l', '2', '1'],
        ['SORT', 'l', 'STORE', 'd'],
      ],
      ['RPUSH l 2 1', 'MULTI', 'DEL d', 'RPUSH d 1 2', 'EXEC'],
    ],
  ])('%j', (commands, expected) => {
    const h = create();
    for (const command of commands) h.run(...command);
    expect(told(h)).toEqual(expected);
  });

  it('a key that expires: by a look, or by itself', () => {
    const h = create();
    h.run('SET', 'a', 'v', 'PX', 10);
    h.run('SET', 'b', 'v', 'PX', 10);
    h.clock.advanceMs(11);
    h.run('GET', 'a');
    h.run('INCR', 'b');
    h.run('SET', 'c', 'v', 'PX', 10);
    h.advance(200);
    expect(told(h, 2)).toEqual([
      'DEL a',
      'MULTI',
      'DEL b',
      'INCR b',
      'EXEC',
      expect.stringMatching(/^SET c/),
      'DEL c',
    ]);
  });

  it.each(['HGET', 'HINCRBY', 'HRANDFIELD', 'the sweep'])('a field that expires: %s', (how) => {
    const h = create();
    h.run('HSET', 'h', 'a', '1', 'b', '2');
    h.run('HPEXPIRE', 'h', 10, 'FIELDS', 1, 'a');
    h.clock.advanceMs(12);
    if (how === 'the sweep') h.shard.workSlice();
    else h.run(how, 'h', ...(how === 'HGET' ? ['a'] : how === 'HINCRBY' ? ['b', 1] : []));
    expect(told(h, 2)).toContain('HDEL h a');
  });

  it('a client that waited', () => {
    const h = create();
    const waiter = h.connect();
    waiter.raw('BLMOVE', 'l', 'other', 'LEFT', 'RIGHT', 0);
    h.run('RPUSH', 'l', 'a');
    expect(told(h)).toEqual(['RPUSH l a', 'LMOVE l other LEFT RIGHT']);
  });
});

describe('whatever commands do', () => {
  /** Of a stream's groups: how far they are, their consumers and what those hold. Times and counts of deliveries are not told, as in Redis. */
  const groupsOf = (h: CommandHarness, key: string): string => {
    if (h.run('TYPE', key) !== 'stream') return '';
    return (h.run('XINFO', 'GROUPS', key) as string[][])
      .map((group) => {
        const name = group[1]!;
        const pending = h.run('XPENDING', key, name, '-', '+', 1000) as string[][];
        const consumers = (h.run('XINFO', 'CONSUMERS', key, name) as string[][]).map((fields) => fields[1]);
        return JSON.stringify([group, pending.map(([id, consumer]) => [id, consumer]), consumers]);
      })
      .join('\n');
  };
  const stateOf = (h: CommandHarness): Map<string, unknown> => {
    const state = new Map<string, unknown>();
    const client = h.connect();
    for (let db = 0; db < 16; db++) {
      client.run('SELECT', db);
      h.client.run('SELECT', db);
      for (const key of client.run('KEYS', '*') as string[])
        state.set(`${db}:${key}`, [
          client.run('DEBUG', 'DIGEST-VALUE', key),
          client.run('PEXPIRETIME', key),
          groupsOf(h, key),
        ]);
    }
    return state;
  };

  it.each(Array.from({ length: 12 }, (_, i) => i))('what is told gives the same data (round %i)', (round) => {
    const seed = SEED + round * 1000;
    const draw = new Draw(seed, ['no payload']);
    const h = create();
    for (let session = 0; session < 60; session++) {
      const client = h.connect();
      for (const command of drawChunk(draw, 50, false).commands)
        if (!/^(config|debug)$/i.test(command[0]!)) client.run(...command);
      client.close();
    }
    h.server.persistence.appendOnly.flush();
    const expected = stateOf(h);
    const found = stateOf(create({}, h));
    const wrong = [...new Set([...expected.keys(), ...found.keys()])].filter(
      (key) => JSON.stringify(expected.get(key)) !== JSON.stringify(found.get(key)),
    );
    expect(
      wrong.map((key) => [key, expected.get(key), found.get(key)]),
      `seed ${seed}`,
    ).toEqual([]);
  });
});
