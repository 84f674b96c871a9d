/** Snapshot files, to and from Redis, and the life of a server with one: save, end, start again. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawChunk } from '../differential/commandSource.ts';
import { Draw } from '../differential/universe.ts';
import {
  eventually,
  findTool,
  needing,
  type RunningServer,
  startEvenkeel,
  startRedis,
  toolVersion,
} from '../requirements.ts';
import { testSeed } from '../seed.ts';
import { Wire } from './wire.ts';

const SEED = testSeed();
const COMMANDS = 6000;
const found = findTool('redis-server');
/** RDB version 12 came with Redis 7.4: an older server cannot read what we write, and writes what we read anyway. */
const redis = found !== undefined && /^(7\.4|8)\./.test(toolVersion(found) ?? '') ? found : undefined;

let folder: string;
const servers: RunningServer[] = [];
const wires: Wire[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-rdb-'));
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

const here = (more: string[] = []): string[] => ['--dir', folder, '--enable-debug-command', 'yes', ...more];
const startOurs = async (
  more: string[] = [],
  options: { flags?: string; threads?: 0 | 1 } = {},
): Promise<Wire> => connected(await startEvenkeel({ ...options, arguments: here(more) }));
const startTheirs = async (more: string[] = []): Promise<Wire> =>
  connected(await startRedis(redis!, ['--dir', folder, ...more]));

/** Ends the last server that was started, without its saving anything. */
async function endLast(): Promise<void> {
  const server = servers.pop()!;
  server.process.kill('SIGKILL');
  await eventually('it is gone', () => server.ended !== undefined);
}

/** Fills databases, and has the server load what it saves of them: raw strings and lists that have shrunk come back in another encoding. */
async function fill(wire: Wire, seed: number): Promise<void> {
  const draw = new Draw(seed, ['no payload']);
  const commands = drawChunk(draw, COMMANDS, false).commands.filter(
    ([name]) =>
      !/^(subscribe|psubscribe|ssubscribe|client|hello|reset|quit|multi|exec|discard|watch|b.*|xread.*|auth|config|debug|flush.*|swapdb|select|wait.*|info)$/i.test(
        name!,
      ),
  );
  const bytes = (word: string): Buffer => Buffer.from(word, 'latin1');
  for (const command of commands) wire.send(...command.map(bytes));
  await wire.connection.receive(commands.length, 60_000);
  // Every encoding, in a second database as well.
  await wire.ask('SELECT', 1);
  const wide = Array.from({ length: 700 }, (_, i) => `element:${i}`);
  const pairs = wide.flatMap((name, i) => [name, String(i * 1.5)]);
  await wire.ask('RPUSH', 'list:large', ...wide, 'x'.repeat(20_000));
  await wire.ask('SADD', 'set:large', ...wide);
  await wire.ask('SADD', 'set:integers', ...wide.slice(0, 100).map((_, i) => i * 70_000));
  await wire.ask(
    'ZADD',
    'zset:large',
    ...wide.flatMap((name, i) => [i / 3, name]),
    '-inf',
    'low',
    'inf',
    'high',
  );
  await wire.ask('HSET', 'hash:large', ...pairs);
  await wire.ask('HSET', 'hash:expiring', ...pairs);
  await wire.ask('HPEXPIRE', 'hash:expiring', 9_000_000, 'FIELDS', 2, 'element:1', 'element:2');
  await wire.ask('HSET', 'hash:small-expiring', 'a', 1, 'b', 2);
  await wire.ask('HPEXPIRE', 'hash:small-expiring', 9_000_000, 'FIELDS', 1, 'a');
  await wire.ask('SET', 'string:compressible', 'abc'.repeat(10_000));
  await wire.ask('SET', 'string:expiring', 'value', 'PX', 123_456_789);
  for (let i = 1; i < 300; i++)
    await wire.ask('XADD', 'stream', `${i}-1`, 'field', i, 'other', 'x'.repeat(i));
  await wire.ask('XGROUP', 'CREATE', 'stream', 'group', '0');
  await wire.ask('XREADGROUP', 'GROUP', 'group', 'consumer', 'COUNT', 10, 'STREAMS', 'stream', '>');
  await wire.ask('XDEL', 'stream', '5-1', '200-1');
  await wire.ask('SELECT', 0);
  expect(await wire.ask('DEBUG', 'RELOAD')).toBe('+OK\r\n');
}

/** Every key of the databases in use with its type, its encoding, its expiry and what DUMP has of it. */
async function contents(wire: Wire): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const database of [0, 1, 2]) {
    await wire.ask('SELECT', database);
    wire.send('KEYS', '*');
    const [reply] = await wire.connection.receive(1);
    for (const key of bulks(reply!)) {
      const encoding = await wire.ask('OBJECT', 'ENCODING', key);
      const digest = await wire.ask('DEBUG', 'DIGEST-VALUE', key);
      const expiry = await wire.ask('PEXPIRETIME', key);
      all.set(
        `${database}:${key.toString('latin1')}`,
        `${await wire.ask('TYPE', key)} ${encoding} ${digest} ${expiry}`,
      );
    }
  }
  await wire.ask('SELECT', 0);
  return all;
}

function bulks(reply: Buffer): Buffer[] {
  const items: Buffer[] = [];
  let at = reply.indexOf('\r\n') + 2;
  while (at < reply.length) {
    const end = reply.indexOf('\r\n', at);
    const length = Number(reply.toString('latin1', at + 1, end));
    items.push(reply.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
  return items;
}

function expectSame(found: Map<string, string>, expected: Map<string, string>): void {
  const wrong = [...new Set([...found.keys(), ...expected.keys()])].filter(
    (key) => found.get(key) !== expected.get(key),
  );
  expect(wrong.map((key) => [key, found.get(key), expected.get(key)])).toEqual([]);
}

describe.skipIf(redis === undefined)(needing('snapshots and Redis', 'redis-server 7.4', redis), () => {
  it.each(['all', 'none'])('what Redis saved is here, flags %s', async (flags) => {
    const theirs = await startTheirs();
    await fill(theirs, SEED);
    const digest = await theirs.ask('DEBUG', 'DIGEST');
    const expected = await contents(theirs);
    expect(await theirs.ask('SAVE')).toBe('+OK\r\n');
    await endLast();
    const ours = await startOurs([], { flags });
    expectSame(await contents(ours), expected);
    expect(await ours.ask('DEBUG', 'DIGEST'), `seed ${SEED}`).toBe(digest);
  });

  it.each([
    ['SAVE', 'all', 'yes'],
    ['BGSAVE', 'all', 'no'],
    ['BGSAVE', 'none', 'yes'],
  ])('what %s saved here Redis has, flags %s, rdbcompression %s', async (command, flags, compression) => {
    const ours = await startOurs(['--rdbcompression', compression], { flags });
    await fill(ours, SEED);
    const digest = await ours.ask('DEBUG', 'DIGEST');
    const expected = await contents(ours);
    await ours.ask(command);
    await eventually('it is saved', async () => (await ours.info('rdb_bgsave_in_progress')) === '0');
    expect(await ours.info('rdb_last_bgsave_status')).toBe('ok');
    await endLast();
    const theirs = await startTheirs();
    expectSame(await contents(theirs), expected);
    expect(await theirs.ask('DEBUG', 'DIGEST'), `seed ${SEED}`).toBe(digest);
  });

  it.each(['encodings', 'hash-zipmap', 'hash-ziplist', 'list-quicklist', 'zset-ziplist'])(
    'the old file %s.rdb of its own tests',
    async (name) => {
      const asset = join(redis!, `../../tests/assets/${name}.rdb`);
      if (!existsSync(asset)) return;
      copyFileSync(asset, join(folder, 'dump.rdb'));
      copyFileSync(asset, join(folder, 'theirs.rdb'));
      const theirs = await startTheirs(['--dbfilename', 'theirs.rdb']);
      // A list keeps the encoding of an old file until it is loaded again.
      await theirs.ask('DEBUG', 'RELOAD');
      const expected = await contents(theirs);
      const digest = await theirs.ask('DEBUG', 'DIGEST');
      const ours = await startOurs();
      expect(expected.size).toBeGreaterThan(0);
      expectSame(await contents(ours), expected);
      expect(await ours.ask('DEBUG', 'DIGEST')).toBe(digest);
    },
  );

  it('idle times and frequencies go both ways', async () => {
    const theirs = await startTheirs(['--maxmemory-policy', 'allkeys-lfu']);
    await theirs.ask('SET', 'key', 'value');
    for (let i = 0; i < 200; i++) await theirs.ask('GET', 'key');
    const frequency = await theirs.ask('OBJECT', 'FREQ', 'key');
    await theirs.ask('SAVE');
    await endLast();
    const ours = await startOurs(['--maxmemory-policy', 'allkeys-lfu']);
    expect(await ours.ask('OBJECT', 'FREQ', 'key')).toBe(frequency);
    await ours.ask('SAVE');
    await endLast();
    expect(
      await (await startTheirs(['--maxmemory-policy', 'allkeys-lfu'])).ask('OBJECT', 'FREQ', 'key'),
    ).toBe(frequency);
  });

  it('libraries of functions are kept for the next Redis', async () => {
    const theirs = await startTheirs();
    const source = "#!lua name=lib\nredis.register_function('f', function() return 7 end)";
    expect(await theirs.ask('FUNCTION', 'LOAD', source)).toBe('$3\r\nlib\r\n');
    await theirs.ask('SAVE');
    await endLast();
    const ours = await startOurs();
    await ours.ask('SAVE');
    await endLast();
    expect(await (await startTheirs()).ask('FCALL', 'f', 0)).toBe(':7\r\n');
  });
});

describe('a server with a snapshot file', () => {
  it('saves at its end if there are save points, and starts with what it had', async () => {
    const first = await startOurs(['--save', '3600 1']);
    await first.ask('SET', 'key', 'value');
    servers.at(-1)!.process.kill('SIGTERM');
    await eventually('it ends', () => servers.at(-1)!.ended !== undefined);
    servers.pop();
    const second = await startOurs();
    expect(await second.ask('GET', 'key')).toBe('$5\r\nvalue\r\n');
    expect(await second.info('rdb_last_load_keys_loaded')).toBe('1');
    expect(readdirSync(folder)).toEqual(['dump.rdb']);
  });

  it.each([
    [['SHUTDOWN'], false],
    [['SHUTDOWN', 'SAVE'], true],
    [['SHUTDOWN', 'NOSAVE'], false],
  ])('%s without save points', async (command, isSaved) => {
    const wire = await startOurs();
    await wire.ask('SET', 'key', 'value');
    wire.send(...command);
    const server = servers.pop()!;
    await eventually('it ends', () => server.ended !== undefined);
    expect(server.ended).toEqual({ code: 0, signal: null });
    expect(readdirSync(folder)).toEqual(isSaved ? ['dump.rdb'] : []);
  });

  it('refuses a damaged file in one line and does not start', async () => {
    const wire = await startOurs();
    await wire.ask('SET', 'key', 'x'.repeat(100));
    await wire.ask('SAVE');
    await endLast();
    const path = join(folder, 'dump.rdb');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    await expect(startEvenkeel({ arguments: here() })).rejects.toThrow(
      /cannot load .*dump\.rdb: the checksum does not fit.* \(at byte \d+\)\n/,
    );
  });

  it('DEBUG RELOAD keeps everything', async () => {
    const wire = await startOurs();
    await fill(wire, SEED);
    const digest = await wire.ask('DEBUG', 'DIGEST');
    expect(await wire.ask('DEBUG', 'RELOAD')).toBe('+OK\r\n');
    expect(await wire.ask('DEBUG', 'DIGEST'), `seed ${SEED}`).toBe(digest);
  });
});
