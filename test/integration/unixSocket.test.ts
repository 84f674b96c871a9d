/** The unix socket: who may use it, what becomes of its file, and how its clients are listed. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RespConnection } from '../differential/respConnection.ts';
import { isAtLeast } from '../differential/versionGates.ts';
import {
  eventually,
  findTool,
  freePort,
  needing,
  RunningServer,
  spawnEvenkeel,
  startEvenkeel,
  startRedis,
  startUntilReady,
} from '../requirements.ts';
import { Wire } from './wire.ts';

let folder: string;
let path: string;
const servers: RunningServer[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unix-'));
  path = join(folder, 'server.sock');
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true });
});

const kept = async (server: Promise<RunningServer>): Promise<RunningServer> => {
  servers.push(await server);
  return server;
};
const open = (): Promise<Wire> =>
  new Promise((resolve, reject) => {
    const socket = net.connect(path);
    socket.once('error', reject);
    socket.once('connect', () => resolve(new Wire(RespConnection.of(socket))));
  });

/** The line of its error, once a server has refused to start. */
async function refusal(...args: string[]): Promise<string> {
  const server = new RunningServer(0, spawnEvenkeel(['server', '--http-port', '0', ...args]));
  servers.push(server);
  await eventually('it has ended', () => server.ended !== undefined);
  expect(server.ended!.code).toBe(1);
  return server.stderr;
}

describe.each([
  ['all', 1],
  ['none', 1],
  ['all', 0],
  ['default', 1],
] as const)('a unix socket, flags %s, --threads %i', (flags, threads) => {
  it('serves beside the port, has its permissions, and goes with the server', async () => {
    const server = await kept(
      startEvenkeel({ flags, threads, arguments: ['--unixsocket', path, '--unixsocketperm', '640'] }),
    );
    expect(statSync(path).mode & 0o777).toBe(0o640);
    const local = await open();
    const remote = await Wire.open(server.port);
    expect(await local.ask('SET', 'k', Buffer.alloc(3_000_000))).toBe('+OK\r\n');
    expect(await remote.ask('STRLEN', 'k')).toBe(':3000000\r\n');
    expect((await local.ask('GET', 'k')).length).toBe(3_000_000 + '$3000000\r\n\r\n'.length);
    const line = await local.ask('CLIENT', 'INFO');
    expect(line).toContain(` addr=${path}:0 laddr=${path}:0 `);
    expect(line).toContain(' flags=U ');
    expect(await remote.ask('CLIENT', 'KILL', `${path}:0`)).toBe('+OK\r\n');
    await eventually('it is closed', () => local.closed);
    expect(server.stdout).toContain(`, ${path} (`);
    remote.close();
    await server.stop();
    expect(existsSync(path)).toBe(false);
  });
});

describe('a unix socket', () => {
  it('alone, without a port; protected mode lets its clients in', async () => {
    const server = await kept(startUntilReady(['--port', '0', '--unixsocket', path]));
    const wire = await open();
    expect(await wire.ask('PING')).toBe('+PONG\r\n');
    expect(await wire.ask('INFO', 'server')).toContain(`listener1:name=unix,bind=${path}\r\n`);
    expect(server.stdout).not.toContain('127.0.0.1');
    wire.close();
  });

  it('of several shards belongs to the first, which sends requests on', async () => {
    await kept(startUntilReady(['--port', '0', '--unixsocket', path, '--shards', '3']));
    const wire = await open();
    for (let i = 0; i < 50; i++) expect(await wire.ask('SET', `k${i}`, i)).toBe('+OK\r\n');
    expect(await wire.ask('DBSIZE')).toBe(':50\r\n');
    wire.close();
  });

  it('replaces the file of a server that was killed, and nobody else’s', async () => {
    const first = await kept(startUntilReady(['--port', '0', '--unixsocket', path]));
    expect(await refusal('--port', '0', '--unixsocket', path)).toBe(
      `evenkeel: unixsocket ${path}: another server listens there, or it is no socket\n`,
    );
    const wire = await open();
    expect(await wire.ask('PING')).toBe('+PONG\r\n');
    wire.close();
    first.process.kill('SIGKILL');
    await eventually('it is dead', () => first.ended !== undefined);
    expect(existsSync(path)).toBe(true);
    await kept(startUntilReady(['--port', '0', '--unixsocket', path]));
    const again = await open();
    expect(await again.ask('PING')).toBe('+PONG\r\n');
    again.close();
  });

  it('is refused in one line where it cannot be', async () => {
    writeFileSync(path, 'precious');
    expect(await refusal('--port', '0', '--unixsocket', path)).toContain('it is no socket\n');
    expect(statSync(path).size).toBe(8);
    expect(await refusal('--port', '0', '--unixsocket', join(folder, 'no', 'x'))).toContain(
      ': no such folder, or no permission to write to it\n',
    );
    expect(await refusal('--port', '0')).toBe(
      'evenkeel: nothing to listen on: give a --port, a --tls-port or a --unixsocket\n',
    );
    expect(await refusal('--port', String(await freePort()), '--unixsocketperm', '999')).toContain(
      'unixsocketperm',
    );
  });
});

const redis = findTool('redis-server');
describe.skipIf(redis === undefined)(needing('a unix socket of Redis', 'redis-server', redis), () => {
  it('is listed as ours is', async () => {
    await kept(startRedis(redis!, ['--unixsocket', path, '--unixsocketperm', '700']));
    const wire = await open();
    const line = await wire.ask('CLIENT', 'INFO');
    expect(line).toContain(` addr=${path}:0 laddr=${path}:0 `);
    expect(line).toContain(' flags=U ');
    // INFO names listeners from 7.2 on.
    if (isAtLeast(redis, '7.2.0'))
      expect(await wire.ask('INFO', 'server')).toMatch(/listener0:name=tcp,.*listener1:name=unix,bind=/s);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    wire.close();
  });
});
