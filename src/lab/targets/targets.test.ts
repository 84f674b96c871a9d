/** Targets are parsed from what users type, started fresh, described by their own INFO, and certain to end. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { OwnedProcess } from './childProcess.ts';
import { parseInfo, parseReply } from './controlClient.ts';
import { parseTarget, withInstruments } from './parseTarget.ts';
import { TargetError } from './runningServer.ts';
import { RedisTarget } from './serverTargets.ts';
import type { RunningTarget } from './target.ts';
import { parseRedisUrl } from './urlTarget.ts';

const noRedis = await new RedisTarget().unavailable();

/** Whether the process is there and not a zombie. */
function runs(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

async function until(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('parseTarget', () => {
  it.each([
    ['ours', 'evenkeel', 'ours'],
    ['ours:all', 'evenkeel', 'all'],
    ['ours:none', 'evenkeel', 'none'],
    ['ours:+fast-path,-arena-storage', 'evenkeel', '+fast-path,-arena-storage'],
    ['ours:all?shards=2', 'evenkeel', 'all?shards=2'],
    ['ours:none?shards=2&nodes=3', 'evenkeel', 'none?shards=2&nodes=3'],
    ['redis', 'redis', 'redis'],
    ['redis:/opt/redis-server', 'redis', 'redis:/opt/redis-server'],
    ['docker', 'redis', 'docker'],
    ['null', 'null', 'null'],
    ['redis://somewhere:7000/3', 'url', 'somewhere:7000'],
  ])('%s', (spec, kind, id) => {
    expect(parseTarget(spec)).toMatchObject({ spec, kind, id });
  });

  it.each([
    ['evenkeel', 'ours'],
    ['evenkeel:none', 'ours:none'],
    ['evenkeel:flags=none', 'ours:none'],
    ['ours:flags=all,-fast-path?shards=2', 'ours:all,-fast-path?shards=2'],
  ])('%s is another spelling of %s', (given, spec) => {
    expect(parseTarget(given).spec).toBe(spec);
  });

  it.each([
    '',
    'our',
    'evenkeels',
    'evenkeel:',
    'evenkeel:flags=',
    'evenkeel:flags=flags=all',
    'ours:',
    'ours:+',
    'ours:a;rm',
    'ours:all?nodes=0',
    'ours:all?a=b;c',
    'redis:',
    'http://x',
    'redis://',
    'rediss://x',
  ])('refuses %j and says what there is', (spec) => {
    expect(() => parseTarget(spec)).toThrow(TargetError);
  });

  it.each([
    ['ours', 'ours:default?instruments=1'],
    ['ours:none', 'ours:none?instruments=1'],
    ['ours:all?shards=2', 'ours:all?shards=2&instruments=1'],
    ['ours:all?nodes=2', undefined],
    ['redis', undefined],
    ['redis://somewhere', undefined],
  ])('%s with instruments is %s', (spec, instrumented) => {
    expect(withInstruments(parseTarget(spec))?.spec).toBe(instrumented);
  });

  it('reads all parts of a URL and keeps the password out of the id', () => {
    expect(parseRedisUrl('redis://me:p%40ss@[::1]:7000/2')).toEqual({
      ...{ host: '::1', port: 7000, username: 'me', password: 'p@ss', db: 2 },
    });
    expect(parseRedisUrl('redis://h')).toEqual({ host: 'h', port: 6379 });
    expect(parseTarget('redis://me:secret@h').id).toBe('h:6379');
  });

  it('says how to get a Redis where there is none', async () => {
    const reason = await parseTarget('redis:/nowhere/redis-server').unavailable();
    expect(reason).toContain('REDIS_SERVER');
  });
});

describe('control replies', () => {
  it.each([
    ['+OK\r\n', 'OK'],
    [':-7\r\n', -7],
    ['$2\r\n\u00e9\r\n', '\u00e9'],
    ['$-1\r\n', null],
    ['*2\r\n$1\r\na\r\n*1\r\n:1\r\n', ['a', [1]]],
  ])('%j', (text, value) => {
    const bytes = Buffer.from(text);
    expect(parseReply(bytes, 0)).toEqual({ value, next: bytes.length });
    for (let cut = 1; cut < bytes.length; cut++)
      expect(parseReply(bytes.subarray(0, cut), 0)).toBeUndefined();
  });

  it('reads INFO', () => {
    const info = parseInfo('# Server\r\nredis_version:7.4.1\r\n\r\ndb0:keys=1,expires=0\r\n');
    expect([...info]).toEqual([
      ['redis_version', '7.4.1'],
      ['db0', 'keys=1,expires=0'],
    ]);
  });
});

describe('processes', () => {
  it('end when asked, and only once', async () => {
    const owned = await OwnedProcess.start(['sleep', '100']);
    expect(runs(owned.pid)).toBe(true);
    await owned.stop();
    await owned.stop();
    expect(owned.exitText).toBe('was ended by SIGTERM');
    expect(runs(owned.pid)).toBe(false);
  });

  it('that cannot be started say so', async () => {
    await expect(OwnedProcess.start(['/nowhere/program'])).rejects.toThrow(
      'could not start /nowhere/program',
    );
  });

  it('die with a parent that is killed without warning', async () => {
    const module = fileURLToPath(new URL('./childProcess.ts', import.meta.url));
    const script = `const { OwnedProcess } = await import(${JSON.stringify(module)});
      const owned = await OwnedProcess.start(['sleep', '100']);
      console.log(owned.pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
    });
    expect(runs(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !runs(pid));
  });
});

describe('started targets', () => {
  let running: RunningTarget | undefined;
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });

  it('null responder: answers, and is described', async () => {
    running = await parseTarget('null').start();
    expect(running.description).toMatchObject({ id: 'null', kind: 'null', label: 'Null responder' });
    expect(await running.command('GET', 'x')).toBe('v'.repeat(64));
    expect(await running.command('MGET', 'x', 'y')).toHaveLength(2);
    expect(await running.command('SET', 'x', 'y'.repeat(300_000))).toBe('OK');
    expect(await running.command('HGETALL', 'x')).toHaveLength(20);
    const pid = running.pids[0]!;
    await running.stop();
    expect(runs(pid)).toBe(false);
  });

  it.skipIf(noRedis)('redis: fresh, named by its INFO, reachable again as a URL', async () => {
    running = await parseTarget('redis').start({ cpus: [0] });
    const version = (await running.info('server')).get('redis_version');
    expect(version).toMatch(/^\d+\.\d+/);
    expect(running.description).toMatchObject({ label: `Redis ${version}`, redisVersion: version });
    expect(await running.command('DBSIZE')).toBe(0);
    await expect(running.command('NOSUCH')).rejects.toThrow('unknown command');
    const again = await parseTarget(running.url).start();
    expect(again.description).toMatchObject({ kind: 'url', redisVersion: version, command: [] });
    await again.stop();
    expect(await running.command('PING')).toBe('PONG');
  });

  it.skipIf(noRedis)('a server that cannot start is quoted', async () => {
    const start = parseTarget('redis').start({ extraArguments: ['--no-such-option', 'x'] });
    await expect(start).rejects.toThrow(/exited with code 1.*no-such-option/s);
  });

  it('a URL where nobody listens is told within the time given', async () => {
    await expect(parseTarget('redis://127.0.0.1:1').start({ readyTimeoutMs: 200 })).rejects.toThrow(
      '127.0.0.1:1 did not answer PING',
    );
  });
});
