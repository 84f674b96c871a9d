/** Append-only files, to and from Redis, over kill -9, rewrites and damage. */
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  eventually,
  findTool,
  needing,
  type RunningServer,
  spawnEvenkeel,
  startEvenkeel,
  startRedis,
  toolVersion,
} from '../requirements.ts';
import { testSeed } from '../seed.ts';
import { contents, expectSame, fill } from './dataSets.ts';
import { Wire } from './wire.ts';

const SEED = testSeed();
const found = findTool('redis-server');
/** The base is an RDB file of version 12. */
const redis = found !== undefined && /^(7\.4|8)\./.test(toolVersion(found) ?? '') ? found : undefined;

let folder: string;
const servers: RunningServer[] = [];
const wires: Wire[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-aof-'));
});

afterEach(async () => {
  for (const wire of wires.splice(0)) wire.close();
  for (const server of servers.splice(0)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function connected(server: RunningServer): Promise<Wire> {
  servers.push(server);
  const wire = await Wire.open(server.port);
  wires.push(wire);
  return wire;
}

const ourArguments = (more: string[]): string[] => [
  ...['--dir', folder, '--enable-debug-command', 'yes', '--appendonly', 'yes', ...more],
];
const startOurs = async (
  more: string[] = [],
  options: { flags?: string; threads?: 0 | 1 } = {},
): Promise<Wire> => connected(await startEvenkeel({ ...options, arguments: ourArguments(more) }));
const startTheirs = async (more: string[] = []): Promise<Wire> =>
  connected(await startRedis(redis!, ['--dir', folder, '--appendonly', 'yes', ...more]));

/** A small sorted set that a snapshot brings back is packed and has no -0, here as in Redis: with this none is. */
const UNPACKED = ['--zset-max-listpack-entries', '0'];

async function killLast(): Promise<void> {
  const server = servers.pop()!;
  server.process.kill('SIGKILL');
  await eventually('it is gone', () => server.ended !== undefined);
}

/** Commands whose effect depends on time, chance or who waits: what is told of them is something else. */
async function fillWithTime(wire: Wire, waiter: Wire): Promise<void> {
  await wire.ask('SET', 'px', 'v', 'PX', 60_000_000);
  await wire.ask('SET', 'get', 'v', 'EX', 60_000, 'GET');
  await wire.ask('SETEX', 'setex', 60_000, 'v');
  await wire.ask('SET', 'expire', 'v');
  await wire.ask('EXPIRE', 'expire', 50_000, 'NX');
  await wire.ask('SET', 'getex', 'v', 'EX', 9000);
  await wire.ask('GETEX', 'getex', 'PERSIST');
  await wire.ask('GETEX', 'px', 'EX', 70_000);
  await wire.ask('SET', 'gone', 'v', 'PX', 1);
  await wire.ask('SET', 'float', '10.5', 'EX', 60_000);
  await wire.ask('INCRBYFLOAT', 'float', '0.1');
  await wire.ask('HSET', 'hash', 'a', '1', 'b', '2', 'c', '3', 'd', '4');
  await wire.ask('HPEXPIRE', 'hash', 90_000_000, 'FIELDS', 2, 'a', 'b');
  await wire.ask('HINCRBYFLOAT', 'hash', 'a', '0.3');
  await wire.ask('HPEXPIRE', 'hash', 1, 'FIELDS', 1, 'c');
  await wire.ask('HEXPIREAT', 'hash', 1, 'FIELDS', 1, 'd');
  await eventually('the field is gone', async () => (await wire.ask('HGET', 'hash', 'c')) === '$-1\r\n');
  await wire.ask('HINCRBY', 'hash', 'c', 5);
  await wire.ask('SADD', 'set', ...Array.from({ length: 300 }, (_, i) => `m${i}`));
  await wire.ask('SPOP', 'set');
  await wire.ask('SPOP', 'set', 100);
  await wire.ask('SADD', 'popped', 'a', 'b');
  await wire.ask('SPOP', 'popped', 5);
  await wire.ask('XGROUP', 'CREATE', 'st', 'g', '$', 'MKSTREAM');
  const waits: [(string | number)[], (string | number)[]][] = [
    [
      ['BLPOP', 'q1', 'q2', 0],
      ['RPUSH', 'q2', 'a', 'b'],
    ],
    [
      ['BRPOPLPUSH', 'q3', 'q4', 0],
      ['RPUSH', 'q3', 'a', 'b'],
    ],
    [
      ['BLMOVE', 'q5', 'q6', 'LEFT', 'RIGHT', 0],
      ['RPUSH', 'q5', 'a', 'b'],
    ],
    [
      ['BLMPOP', 0, 2, 'q7', 'q8', 'LEFT', 'COUNT', 2],
      ['RPUSH', 'q8', 'a', 'b', 'c'],
    ],
    [
      ['BZPOPMIN', 'z1', 0],
      ['ZADD', 'z1', 1, 'a', 2, 'b'],
    ],
    [
      ['BZMPOP', 0, 1, 'z2', 'MAX', 'COUNT', 2],
      ['ZADD', 'z2', 1, 'a', 2, 'b', 3, 'c'],
    ],
    [
      ['XREADGROUP', 'GROUP', 'g', 'waiter', 'BLOCK', 0, 'STREAMS', 'st', '>'],
      ['XADD', 'st', '*', 'f', 'v'],
    ],
  ];
  for (const [waiting, waking] of waits) {
    waiter.send(...waiting);
    await eventually('it waits', async () => (await wire.info('blocked_clients')) === '1');
    await wire.ask(...waking);
    await waiter.reply();
  }
  for (let i = 0; i < 50; i++) await wire.ask('XADD', 'log', 'MAXLEN', '~', 10, '*', 'i', i);
  await wire.ask('XGROUP', 'CREATE', 'log', 'g', '0');
  await wire.ask('XREADGROUP', 'GROUP', 'g', 'one', 'COUNT', 5, 'STREAMS', 'log', '>');
  await wire.ask('XREADGROUP', 'GROUP', 'g', 'two', 'COUNT', 3, 'NOACK', 'STREAMS', 'log', '>');
  await wire.ask('XAUTOCLAIM', 'log', 'g', 'three', 0, '0', 'COUNT', 2);
  await wire.ask('XTRIM', 'log', 'MAXLEN', '~', 5);
  await wire.ask('MULTI');
  await wire.ask('SELECT', 2);
  await wire.ask('SET', 'elsewhere', '1');
  await wire.ask('SELECT', 0);
  await wire.ask('INCR', 'counter');
  await wire.ask('SET', 'transient', 'v', 'PX', 1);
  await wire.ask('EXEC');
  await wire.ask('SWAPDB', 1, 2);
  await eventually(
    'the keys are gone',
    async () => (await wire.ask('EXISTS', 'gone', 'transient')) === ':0\r\n',
  );
}

const fillAll = async (wire: Wire, seed: number): Promise<void> => {
  const waiter = await Wire.open(servers.at(-1)!.port);
  wires.push(waiter);
  await fillWithTime(wire, waiter);
  await fill(wire, seed);
};

const groups = async (wire: Wire): Promise<string[]> => [
  await wire.ask('XINFO', 'GROUPS', 'log'),
  await wire
    .ask('XPENDING', 'log', 'g', '-', '+', 100)
    .then((text) => text.replace(/:\d{2,}\r\n/g, ':idle\r\n')),
];

describe.skipIf(redis === undefined)(
  needing('append-only files and Redis', 'redis-server 7.4', redis),
  () => {
    it.each([
      ['all', 'everysec'],
      ['none', 'always'],
    ])(
      'what was acknowledged here is here after kill -9, and in Redis: flags %s, appendfsync %s',
      async (flags, policy) => {
        const ours = await startOurs(['--appendfsync', policy], { flags });
        await fillAll(ours, SEED);
        const digest = await ours.ask('DEBUG', 'DIGEST');
        const expected = await contents(ours);
        const expectedGroups = await groups(ours);
        await killLast();
        const copy = `${folder}-copy`;
        cpSync(folder, copy, { recursive: true });
        try {
          const again = await startOurs();
          expectSame(withoutEncodings(await contents(again)), withoutEncodings(expected));
          expect(await again.ask('DEBUG', 'DIGEST'), `seed ${SEED}`).toBe(digest);
          expect(await groups(again)).toEqual(expectedGroups);
          await killLast();
          const theirs = await connected(await startRedis(redis!, ['--dir', copy, '--appendonly', 'yes']));
          expectSame(withoutEncodings(await contents(theirs)), withoutEncodings(expected));
          expect(await theirs.ask('DEBUG', 'DIGEST'), `seed ${SEED}`).toBe(digest);
          expect(await groups(theirs)).toEqual(expectedGroups);
        } finally {
          for (const server of servers.splice(0)) await server.stop();
          rmSync(copy, { recursive: true, force: true });
        }
      },
    );

    it('what Redis wrote is here, rewritten in the middle', async () => {
      const theirs = await startTheirs(UNPACKED);
      await fillAll(theirs, SEED);
      await theirs.ask('BGREWRITEAOF');
      await theirs.ask('SET', 'after', 'it began');
      await eventually('it is rewritten', async () => (await theirs.info('aof_rewrite_in_progress')) === '0');
      await fill(theirs, SEED + 1);
      const digest = await theirs.ask('DEBUG', 'DIGEST');
      const expected = await contents(theirs);
      await killLast();
      const ours = await startOurs(UNPACKED);
      expectSame(withoutEncodings(await contents(ours)), withoutEncodings(expected));
      expect(await ours.ask('DEBUG', 'DIGEST'), `seed ${SEED}`).toBe(digest);
    });
  },
);

/** What a value has become by its own commands, or by loading it, may be packed differently. */
const withoutEncodings = (all: Map<string, string>): Map<string, string> =>
  new Map([...all].map(([key, text]) => [key, text.replace(/ \$\d+\r\n[a-z]+\r\n/, ' ')]));

describe('an append-only file', () => {
  it('is rewritten while commands go on, and holds all of them', async () => {
    const wire = await startOurs(['--auto-aof-rewrite-percentage', '0', ...UNPACKED]);
    await fill(wire, SEED);
    for (let round = 0; round < 3; round++) {
      expect(await wire.ask('BGREWRITEAOF')).toBe('+Background append only file rewriting started\r\n');
      for (let i = 0; i < 500; i++) await wire.ask('INCR', `counter:${i % 7}`);
      await eventually('it is rewritten', async () => (await wire.info('aof_rewrite_in_progress')) === '0');
    }
    expect(await wire.info('aof_last_bgrewrite_status')).toBe('ok');
    const digest = await wire.ask('DEBUG', 'DIGEST');
    const files = (): string => readdirSync(join(folder, 'appendonlydir')).sort().join(' ');
    const expectedFiles = 'appendonly.aof.4.base.rdb appendonly.aof.4.incr.aof appendonly.aof.manifest';
    await eventually('what is superfluous is gone', () => files() === expectedFiles);
    await killLast();
    const again = await startOurs(UNPACKED);
    expect(await again.ask('DEBUG', 'DIGEST'), `seed ${SEED}`).toBe(digest);
  });

  it('switched on at run time holds what was there before', async () => {
    const wire = await startOurs(['--appendonly', 'no']);
    await wire.ask('SET', 'before', '1');
    expect(await wire.ask('CONFIG', 'SET', 'appendonly', 'yes')).toBe('+OK\r\n');
    await wire.ask('SET', 'after', '2');
    await eventually('there is a base', async () => (await wire.info('aof_rewrites')) === '1');
    await wire.ask('SET', 'later', '3');
    await killLast();
    const again = await startOurs();
    expect(await again.ask('MGET', 'before', 'after', 'later')).toBe(
      '*3\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n',
    );
  });

  it('holds what scripts and functions did, and functions themselves', async () => {
    const wire = await startOurs();
    const library =
      "#!lua name=shop\nredis.register_function('put', function(keys, args) return redis.call('SET', keys[1], args[1]) end)";
    await wire.ask('FUNCTION', 'LOAD', library);
    await wire.ask('FCALL', 'put', 1, 'by function', 'f');
    const script =
      "redis.call('SET', KEYS[1], 'first') redis.call('APPEND', KEYS[1], redis.call('TIME')[1]) return redis.call('GET', KEYS[1])";
    const written = await wire.ask('EVAL', script, 1, 'by script');
    await killLast();
    const again = await startOurs();
    expect(await again.ask('GET', 'by script')).toBe(written);
    expect(await again.ask('GET', 'by function')).toBe('$1\r\nf\r\n');
    expect(await again.ask('FCALL', 'put', 1, 'k', 'v')).toBe('+OK\r\n');
  });

  const increment = (): string => join(folder, 'appendonlydir', 'appendonly.aof.1.incr.aof');

  it('that ends within a command or a transaction is cut off there', async () => {
    const wire = await startOurs();
    await wire.ask('SET', 'key', 'value');
    await killLast();
    const whole = readFileSync(increment()).length;
    appendFileSync(
      increment(),
      '*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nother\r\n*3\r\n$3\r\nSE',
    );
    const again = await startOurs();
    expect(await again.ask('GET', 'key')).toBe('$5\r\nvalue\r\n');
    expect(readFileSync(increment()).length).toBe(whole);
    await killLast();
    appendFileSync(increment(), '*3\r\n$3\r\nSE');
    await expect(startEvenkeel({ arguments: ourArguments(['--aof-load-truncated', 'no']) })).rejects.toThrow(
      new RegExp(`cannot load .*incr\\.aof ends within a command \\(at byte ${whole}\\)`),
    );
  });

  it('can be checked, and saved up to the damage', async () => {
    const wire = await startOurs();
    for (let i = 0; i < 5; i++) await wire.ask('SET', `key${i}`, 'value');
    await wire.ask('SAVE');
    await killLast();
    const check = async (...args: string[]): Promise<[number | null, string]> => {
      const child = spawnEvenkeel(['check', ...args]);
      let output = '';
      child.stdout!.on('data', (bytes: Buffer) => {
        output += bytes.toString();
      });
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
      return [code, output];
    };
    expect(await check('rdb', join(folder, 'dump.rdb'))).toEqual([
      0,
      expect.stringContaining('is whole: 5 keys'),
    ]);
    // The first command is SELECT.
    expect(await check('aof', increment())).toEqual([0, expect.stringContaining('is whole: 6 commands')]);
    const bytes = readFileSync(increment());
    const at = bytes.indexOf('*3', bytes.indexOf('key2'));
    bytes[at] = 0x78;
    writeFileSync(increment(), bytes);
    expect(await check('aof', increment())).toEqual([
      1,
      expect.stringContaining(`no command begins here (at byte ${at}); 4 commands can be read`),
    ]);
    expect((await check('aof', '--fix', increment()))[0]).toBe(0);
    expect(readFileSync(increment()).length).toBe(at);
    const again = await startOurs();
    expect(await again.ask('DBSIZE')).toBe(':3\r\n');
    const snapshot = readFileSync(join(folder, 'dump.rdb'));
    snapshot[20]! ^= 1;
    writeFileSync(join(folder, 'damaged.rdb'), snapshot);
    expect((await check('rdb', join(folder, 'damaged.rdb')))[0]).toBe(1);
  });

  it('that is damaged in the middle stops the start with the place', async () => {
    const wire = await startOurs();
    for (let i = 0; i < 5; i++) await wire.ask('SET', `key${i}`, 'value');
    await killLast();
    const bytes = readFileSync(increment());
    const at = bytes.indexOf('*3', bytes.indexOf('key2'));
    bytes[at] = 0x78;
    writeFileSync(increment(), bytes);
    await expect(startEvenkeel({ arguments: ourArguments([]) })).rejects.toThrow(
      new RegExp(`cannot load .*incr\\.aof is damaged at byte ${at}: `),
    );
  });

  it('appendfsync always: every acknowledged write survives kill -9 at any moment', async () => {
    const wire = await startOurs(['--appendfsync', 'always']);
    const port = servers.at(-1)!.port;
    const writers = await Promise.all(Array.from({ length: 8 }, () => Wire.open(port)));
    wires.push(...writers);
    const acknowledged = new Array<number>(writers.length).fill(0);
    let isOver = false;
    const write = async (index: number): Promise<void> => {
      while (!isOver) {
        const reply = await writers[index]!.ask('INCR', `writer:${index}`).catch(() => '');
        if (reply === '') return;
        acknowledged[index] = Number(reply.slice(1));
      }
    };
    const writing = writers.map((_, index) => write(index));
    await eventually('some are written', () => acknowledged.every((count) => count > 20));
    await killLast();
    isOver = true;
    await Promise.all(writing);
    void wire;
    const again = await startOurs();
    for (const [index, count] of acknowledged.entries()) {
      const stored = Number(/\n(\d+)/.exec(await again.ask('GET', `writer:${index}`))?.[1] ?? 0);
      expect(stored).toBeGreaterThanOrEqual(count);
      expect(stored).toBeLessThanOrEqual(count + 1);
    }
  });
});
