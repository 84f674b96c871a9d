/** `evenkeel server` as a process: what it prints when it is ready, and one clear line for everything that prevents that. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answersPing,
  eventually,
  freePort,
  RunningServer,
  spawnEvenkeel,
  startEvenkeel,
} from '../requirements.ts';
import { withWire } from './wire.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-start-'));
afterAll(() => rmSync(folder, { recursive: true }));

function configuration(name: string, lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

async function refusal(args: string[]): Promise<RunningServer> {
  const server = new RunningServer(0, spawnEvenkeel(['server', ...args]));
  try {
    await eventually(`${args.join(' ')} is refused`, () => server.ended !== undefined, 20_000);
  } finally {
    await server.stop();
  }
  return server;
}

describe('a start that is refused', () => {
  const text = (path: string, message: string): [string[], string] => [['--config', path], message];

  it.each<[string[], string]>([
    [['--flags', 'bogus'], "no flag 'bogus'; available: fast-path"],
    [['--flags', '+bogus'], "no flag 'bogus'"],
    [['--threads', '2'], '--threads 2: use 0 (main thread) or 1'],
    [['--threads', 'x'], '--threads x: use 0 (main thread) or 1'],
    [['--shards', '0'], '--shards 0: use a number from 1 to 64'],
    [['--shards', 'x'], '--shards x: use a number from 1 to 64'],
    [['--shards', '65'], '--shards 65: use a number from 1 to 64'],
    [['--shards', '2', '--threads', '0'], '--threads 0 has room for one shard'],
    [['--http-port', 'x'], '--http-port x: use a port from 1 to 65535, or 0 for none'],
    [['--http-port', '65536'], '--http-port 65536: use a port'],
    [['--port', 'abc'], "'port': argument couldn't be parsed into an integer"],
    [['--port', '70000'], "'port': argument must be between 0 and 65535 inclusive"],
    [['--port', '-5'], "'port': argument must be between 0 and 65535 inclusive"],
    [['--port'], 'argument missing'],
    [['--maxmemroy', '1mb'], "unknown directive 'maxmemroy'; did you mean 'maxmemory'?"],
    [['--maxmemory', 'lots'], "'maxmemory': argument must be a memory value"],
    [['--requirepass'], "'requirepass' takes one value"],
    [['--maxclients', '-1'], "'maxclients': argument must be between 1 and 4294967295 inclusive"],
    [['--host', '203.0.113.7', '--port', '21500'], '203.0.113.7 is not an address of this machine'],
    [['--config', join(folder, 'missing.conf')], 'missing.conf: no such file'],
    text(
      configuration('unknown.conf', ['port 21500', '', 'bogus yes']),
      "unknown.conf:3: unknown directive 'bogus'",
    ),
    text(configuration('quotes.conf', ['# x', 'requirepass "abc']), 'quotes.conf:2: unbalanced quotes'),
    text(
      configuration('value.conf', ['databases 0']),
      "value.conf:1: 'databases': argument must be between 1",
    ),
    text(
      configuration('module.conf', ['loadmodule /x.so']),
      "module.conf:1: 'loadmodule' is a directive of Redis",
    ),
  ])('%j', async (args, message) => {
    const { ended, stdout, stderr } = await refusal(args);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(ended).toEqual({ code: 1, signal: null });
  });

  it.each(['0', '1'])('a port in use, --threads %s', async (threads) => {
    const occupant = net.createServer().listen(await freePort(), '127.0.0.1');
    await eventually('the occupant listens', () => occupant.listening);
    const { port } = occupant.address() as net.AddressInfo;
    try {
      const { ended, stdout, stderr } = await refusal([
        '--port',
        String(port),
        '--host',
        '127.0.0.1',
        '--threads',
        threads,
      ]);
      expect(stderr).toBe(
        `evenkeel: port ${port} on 127.0.0.1 is already in use; choose another with --port, or stop what listens there\n`,
      );
      expect(stdout).toBe('');
      expect(ended).toEqual({ code: 1, signal: null });
    } finally {
      occupant.close();
    }
  });

  const root = process.getuid?.() === 0;
  it.skipIf(root)(`a privileged port${root ? ' [needs a user other than root]' : ''}`, async () => {
    const { ended, stderr } = await refusal(['--port', '80', '--host', '127.0.0.1']);
    expect(stderr).toMatch(
      /^evenkeel: (no permission to listen on 127\.0\.0\.1:80|port 80 on .* in use).*\n$/,
    );
    expect(ended?.code).toBe(1);
  });
});

describe.each([0, 1] as const)('a start that succeeds, --threads %i', (threads) => {
  it('prints one line once it accepts', async () => {
    const port = await freePort();
    const server = new RunningServer(
      port,
      spawnEvenkeel([
        'server',
        '--port',
        String(port),
        '--host',
        '127.0.0.1',
        '--http-port',
        '0',
        '--threads',
        String(threads),
      ]),
    );
    try {
      await eventually('the line is there', () => server.stdout.includes('\n'), 20_000);
      expect(await answersPing(port)).toBe(true);
      expect(server.stdout).toMatch(
        new RegExp(
          `^Ready to accept connections on 127\\.0\\.0\\.1:${port} \\(flags: .*; pid ${server.pid}; \\d+ ms\\)\n$`,
        ),
      );
      expect(server.stderr).toBe('');
    } finally {
      await server.stop();
    }
  });
});

describe('options and configuration file', () => {
  let server: RunningServer;
  beforeAll(async () => {
    const path = configuration('whole.conf', [
      '# A comment, and an empty line follows',
      '',
      '   maxmemory   100mb   ',
      'requirepass "with \\"quotes\\", a \\x41 and a # sign"',
      'client-output-buffer-limit normal 64mb 0 0',
      "maxmemory-policy 'allkeys-lru'",
      'save 3600 1 300 100',
      'TIMEOUT 77',
      'maxclients 50',
      'maxclients 60',
    ]);
    server = await startEvenkeel({
      arguments: ['--config', path, '--dir', folder, '--timeout', '88', '--databases', '3'],
    });
  });
  afterAll(() => server.stop());

  it('are read as Redis reads them; the command line wins over the file, the last line over earlier ones', async () => {
    await withWire(server.port, async (wire) => {
      expect(await wire.ask('PING')).toMatch(/^-NOAUTH/);
      expect(await wire.ask('AUTH', 'with "quotes", a A and a # sign')).toBe('+OK\r\n');
      const value = async (name: string): Promise<string> =>
        (await wire.ask('CONFIG', 'GET', name)).split('\r\n')[4]!;
      expect(await value('maxmemory')).toBe(String(100 * 1024 * 1024));
      expect(await value('maxmemory-policy')).toBe('allkeys-lru');
      expect(await value('timeout')).toBe('88');
      expect(await value('maxclients')).toBe('60');
      expect(await value('save')).toBe('3600 1 300 100');
      expect(await value('client-output-buffer-limit')).toMatch(/^normal 67108864 0 0 /);
      expect(await wire.ask('SELECT', 2)).toBe('+OK\r\n');
      expect(await wire.ask('SELECT', 3)).toBe('-ERR DB index is out of range\r\n');
    });
  });
});
