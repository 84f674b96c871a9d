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
import { contents, expectSame, fill as fillWith } from './dataSets.ts';
import { Wire } from './wire.ts';

const SEED = testSeed();
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

/** Has the server load what it saves: raw strings and lists that have shrunk come back in another encoding. */
async function fill(wire: Wire, seed: number): Promise<void> {
  await fillWith(wire, seed);
  expect(await wire.ask('DEBUG', 'RELOAD')).toBe('+OK\r\n');
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
